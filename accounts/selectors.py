"""Finding who is at the door."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import ApiToken, DeviceCredential, Membership, Organisation, User
from accounts.permissions import PERMISSIONS, Action, may
from accounts.tokens import secret_hash
from core.errors import Conflict

Secret = TypeVar("Secret", ApiToken, DeviceCredential)


def token_by_secret(secret: str) -> ApiToken | None:
    """Return the token of a secret, whatever its state."""
    tokens = ApiToken.objects.select_related("membership__user", "membership__organisation")
    return tokens.filter(secret_hash=secret_hash(secret)).first()


def token_refusal(token: ApiToken | None) -> str | None:
    """Return why a token lets nobody in; None for one that does."""
    if token is None:
        return _("This token is not known.")
    if token.revoked_at:
        return _("This token was revoked.")
    if token.expires_at <= timezone.now():
        return _("This token has expired.")
    if token.membership.ended_at or not token.membership.user.is_active:
        return _("This account is closed.")
    return None


def actor_of_token(token: ApiToken) -> Actor:
    """Return the actor a token stands for, narrowed to its scopes."""
    return actor_of(token.membership, frozenset(token.scopes))


def actor_by_email(email: str) -> Actor | None:
    """Return the member with this address, for commands run on the server.

    Raises ``Conflict`` for one of several organisations.
    """
    members = Membership.objects.select_related("user", "organisation").filter(
        user__email__iexact=email, user__is_active=True, ended_at__isnull=True
    )
    try:
        return actor_of(members.get())
    except Membership.DoesNotExist:
        return None
    except Membership.MultipleObjectsReturned:
        raise Conflict(_("This person has several organisations; none is to be guessed.")) from None


def actor_of_member(user_id: UUID, organisation_id: UUID) -> Actor | None:
    """Return a member as they are now, for work that outlives a request; None for who left."""
    members = Membership.objects.select_related("user", "organisation").filter(
        user_id=user_id,
        organisation_id=organisation_id,
        user__is_active=True,
        ended_at__isnull=True,
    )
    member = members.first()
    return actor_of(member) if member else None


def users_who_may(action: Action) -> QuerySet[User]:
    """Return the active users one of whose present roles has the action."""
    roles = [role for role, actions in PERMISSIONS.items() if action in actions]
    members = Membership.objects.filter(role__in=roles, ended_at__isnull=True)
    return User.objects.filter(is_active=True, id__in=members.values("user_id"))


def tokens_visible_to(actor: Actor) -> QuerySet[ApiToken]:
    """Return the tokens of the actor's own membership; all of them to who manages accounts."""
    return _kept_by(ApiToken.objects.all(), actor)


def devices_visible_to(actor: Actor) -> QuerySet[DeviceCredential]:
    """Return the phones of the actor's own membership; all of them to who manages accounts."""
    return _kept_by(DeviceCredential.objects.all(), actor)


def _kept_by(rows: QuerySet[Secret], actor: Actor) -> QuerySet[Secret]:
    rows = rows.select_related("membership__user", "membership__organisation")
    if may(actor, Action.ACCOUNTS_MANAGE):
        return rows
    if not may(actor, Action.ACCOUNT_KEEP):
        return rows.none()
    own = {"user_id": actor.id, "organisation_id": actor.organisation_id}
    return rows.filter(**{f"membership__{name}": value for name, value in own.items()})


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Return all organisations to who manages accounts, with the number of their members."""
    if not may(actor, Action.ACCOUNTS_MANAGE):
        return Organisation.objects.none()
    present = Count("memberships", filter=Q(memberships__ended_at=None))
    return Organisation.objects.annotate(members=present).order_by(Lower("name"))


def members_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Return all memberships, ended ones too, to who manages accounts."""
    if not may(actor, Action.ACCOUNTS_MANAGE):
        return Membership.objects.none()
    members = Membership.objects.select_related("user", "organisation")
    return members.order_by(Lower("user__name"), "created_at")
