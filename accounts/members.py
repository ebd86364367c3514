"""Who belongs where, in which role: said by administrators, each time with a reason."""

from uuid import UUID

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.logins import sessions_end
from accounts.models import Membership, Organisation, Role, User
from accounts.services import demand_manager
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from ledger.services import audit_record


@transaction.atomic
def organisation_add(*, actor: Actor | None, name: str) -> Organisation:
    """Return a new organisation. Raises ``Conflict`` for a name that is taken."""
    demand_manager(actor)
    try:
        with transaction.atomic():
            made = Organisation.objects.create(name=name)
    except IntegrityError:
        raise Conflict(_("There is an organisation of this name already.")) from None
    audit_record(
        actor=actor,
        action="organisation.added",
        object_type="organisation",
        object_id=made.id,
        object_label=made.name,
    )
    return made


@transaction.atomic
def member_add(
    *,
    actor: Actor | None,
    email: str,
    name: str,
    organisation: Organisation,
    role: Role,
    reason: str = "",
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
    _tell_member(actor, "added", membership, reason)
    return membership


@transaction.atomic
def member_role_change(
    *, actor: Actor | None, membership_id: UUID, role: Role, reason: str
) -> Membership:
    """Give a member another role. Their tokens keep their scopes: no role widens them.

    Raises ``NotFound``, ``InvalidInput`` without a reason, and ``Conflict`` where nobody would
    administer any more.
    """
    membership = _locked(actor, membership_id, reason)
    if membership.role == role:
        return membership
    _keep_an_administrator([membership])
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _tell_member(actor, "role_changed", membership, reason, {"before": before})
    return membership


@transaction.atomic
def membership_end(*, actor: Actor | None, membership_id: UUID, reason: str) -> None:
    """End a membership, and with it its tokens' and phones' use, and the person's sessions.

    Raises as ``member_role_change``.
    """
    membership = _locked(actor, membership_id, reason)
    _keep_an_administrator([membership])
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    sessions_end(user=membership.user)
    _tell_member(actor, "ended", membership, reason)


@transaction.atomic
def user_activity_set(*, actor: Actor | None, user_id: UUID, active: bool, reason: str) -> None:
    """Close a person's account everywhere, or open it again. Raises as ``member_role_change``."""
    user = _locked_person(actor, user_id, reason)
    if user.is_active == active:
        return
    if not active:
        _keep_an_administrator(list(user.memberships.filter(ended_at=None)))
        sessions_end(user=user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    _tell_person(actor, "activated" if active else "deactivated", user, reason)


@transaction.atomic
def second_factors_remove(*, actor: Actor | None, user_id: UUID, reason: str) -> None:
    """Take a person's second factors away (a lost phone), and their sessions with them.

    Whoever needs one sets up another at the next login.
    """
    user = _locked_person(actor, user_id, reason)
    Authenticator.objects.filter(user=user).delete()
    sessions_end(user=user)
    _tell_person(actor, "second_factors_removed", user, reason)


@transaction.atomic
def link_issue(*, actor: Actor | None, user_id: UUID, reason: str) -> str:
    """Return the path of a link by which a person sets a password once, within three days.

    It is the one that a letter would bring. A login or a new password makes it void. Raises as
    ``member_role_change``.
    """
    user = _locked_person(actor, user_id, reason)
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    _tell_person(actor, "link_issued", user, reason)
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": key},
    )


def _locked(actor: Actor | None, membership_id: UUID, reason: str) -> Membership:
    _demand(actor, reason)
    members = Membership.objects.select_for_update(of=("self",)).select_related(
        "user", "organisation"
    )
    membership = members.filter(id=membership_id, ended_at=None).first()
    if membership is None:
        raise NotFound(_("There is no such member."))
    return membership


def _locked_person(actor: Actor | None, user_id: UUID, reason: str) -> User:
    _demand(actor, reason)
    user = User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def _demand(actor: Actor | None, reason: str) -> None:
    demand_manager(actor)
    if not reason.strip():
        message = _("Say why: it is kept in the ledger.")
        raise InvalidInput(errors=[FieldError("reason", message, "required")])
    # First of all locks: two administrators who end one another at once would leave none.
    list(_administrators().select_for_update(of=("self",)).order_by("id"))


def _administrators() -> QuerySet[Membership]:
    return Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at=None, user__is_active=True)


def _keep_an_administrator(leaving: list[Membership]) -> None:
    """Raise ``Conflict`` where, without these, nobody would administer."""
    goes = any(member.role == Role.ADMINISTRATOR for member in leaving)
    if goes and not _administrators().exclude(id__in=[m.id for m in leaving]).exists():
        raise Conflict(_("This is the last administrator: make somebody else one first."))


def _tell_member(
    actor: Actor | None,
    action: str,
    member: Membership,
    reason: str,
    data: dict[str, str] | None = None,
) -> None:
    audit_record(
        actor=actor,
        action=f"member.{action}",
        object_type="membership",
        object_id=member.id,
        object_label=str(member),
        reason=reason,
        data={"role": member.role, **(data or {})},
    )


def _tell_person(actor: Actor | None, action: str, user: User, reason: str) -> None:
    audit_record(
        actor=actor,
        action=f"user.{action}",
        object_type="user",
        object_id=user.id,
        object_label=user.name,
        reason=reason,
    )
