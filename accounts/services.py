"""Tokens: issued, revoked, used."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import ApiToken, Membership, Role
from accounts.permissions import PERMISSIONS, Action, demand, may
from accounts.tokens import PREFIX_LENGTH, new_secret, secret_hash
from core.errors import FieldError, InvalidInput, NotAllowed
from ledger.services import audit_record

TOKEN_LIFETIME = timedelta(days=365)
# Writing "last used" at every request would make every read a write.
LAST_USED_STEP = timedelta(minutes=1)


def demand_manager(actor: Actor | None) -> None:
    """Raise ``NotAllowed`` for who may not manage accounts; None works on the server itself."""
    if actor is not None and not may(actor, Action.ACCOUNTS_MANAGE):
        raise NotAllowed(_("Accounts are managed by administrators."))


def demand_own_or_manager(actor: Actor | None, membership: Membership) -> None:
    """Raise ``NotAllowed`` for who keeps neither their own secrets here nor everybody's."""
    if actor is None or not is_own(actor, membership):
        demand_manager(actor)
    else:
        demand(actor, Action.ACCOUNT_KEEP)


def is_own(actor: Actor, membership: Membership) -> bool:
    """Tell whether the actor acts as this member."""
    own = (actor.id, actor.organisation_id)
    return own == (membership.user_id, membership.organisation_id)


def _demand_issuer(actor: Actor | None, membership: Membership) -> None:
    """Let members issue their own; administrators only those of partners, who have no pages.

    A token acts as its member: an administrator with a monitor's would read the record.
    """
    demand_own_or_manager(actor, membership)
    if actor and not is_own(actor, membership) and membership.role != Role.PARTNER:
        raise NotAllowed(_("Members issue their own tokens; you may issue those of partners."))


@transaction.atomic
def token_issue(
    *,
    actor: Actor | None,
    membership: Membership,
    name: str,
    scopes: Iterable[Action] | None = None,
    lifetime: timedelta = TOKEN_LIFETIME,
) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which is shown this once.

    ``scopes`` defaults to all that the role may do; one beyond it raises ``InvalidInput``.
    Raises ``NotAllowed``.
    """
    _demand_issuer(actor, membership)
    allowed = PERMISSIONS[Role(membership.role)]
    wanted = frozenset(scopes) if scopes is not None else allowed
    if not wanted <= allowed:
        beyond = ", ".join(sorted(wanted - allowed))
        message = _("This role may not have: %(scopes)s.") % {"scopes": beyond}
        raise InvalidInput(errors=[FieldError("scopes", message, "scope")])
    secret = new_secret()
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        secret_hash=secret_hash(secret),
        scopes=sorted(wanted),
        expires_at=timezone.now() + lifetime,
    )
    audit_record(
        actor=actor,
        action="token.issued",
        object_type="api_token",
        object_id=token.id,
        object_label=str(token),
        data={"scopes": token.scopes, "membership": str(membership.id)},
    )
    return token, secret


@transaction.atomic
def token_revoke(*, actor: Actor | None, token_id: UUID, reason: str = "") -> None:
    """End a token's use, at once and for good. Raises ``NotAllowed``."""
    tokens = ApiToken.objects.select_for_update(of=("self",)).select_related("membership")
    token = tokens.get(id=token_id)
    demand_own_or_manager(actor, token.membership)
    if token.revoked_at:
        return
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit_record(
        actor=actor,
        action="token.revoked",
        object_type="api_token",
        object_id=token.id,
        object_label=str(token),
        reason=reason,
    )


def token_touch(*, token: ApiToken) -> None:
    """Note that a token was used, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > LAST_USED_STEP:
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
