"""Changing accounts."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import ApiToken, Membership, Organisation, Role, User
from accounts.permissions import PERMISSIONS, Action, may
from accounts.tokens import PREFIX_LENGTH, new_secret, secret_hash
from core.errors import Conflict, FieldError, InvalidInput, NotAllowed
from ledger.services import audit_record

TOKEN_LIFETIME = timedelta(days=365)
# Writing "last used" at every request would make every read a write.
LAST_USED_STEP = timedelta(minutes=1)


def demand_manager(actor: Actor | None) -> None:
    """Raise ``NotAllowed`` for who may not manage accounts; None works on the server itself."""
    if actor is not None and not may(actor, Action.ACCOUNTS_MANAGE):
        raise NotAllowed(_("Accounts are managed by administrators."))


@transaction.atomic
def member_add(
    *, actor: Actor | None, email: str, name: str, organisation: Organisation, role: Role
) -> Membership:
    """Give a person (a new one where the address is unknown) a role in an organisation.

    ``actor`` None is who works on the server itself. Raises ``Conflict`` for a present member.
    """
    demand_manager(actor)
    user = User.objects.filter(email__iexact=email).first()
    user = user or User.objects.create_user(email, name)
    if user.memberships.filter(organisation=organisation, ended_at=None).exists():
        raise Conflict(_("This person is a member of the organisation already."))
    membership = Membership.objects.create(user=user, organisation=organisation, role=role)
    audit_record(
        actor=actor,
        action="member.added",
        object_type="membership",
        object_id=membership.id,
        object_label=str(membership),
        data={"role": role},
    )
    return membership


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
    """
    demand_manager(actor)
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
    demand_manager(actor)
    token = ApiToken.objects.select_for_update().get(id=token_id)
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
