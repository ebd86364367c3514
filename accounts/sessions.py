"""Who acts in a browser: the member behind a session."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.actors import Actor, actor_of
from accounts.models import Membership
from accounts.second_factor import NEED_ONE, second_factor_kept, second_factor_used

MEMBERSHIP_KEY = "membership"


def memberships_of(user: AbstractBaseUser | AnonymousUser) -> list[Membership]:
    """Return what a signed-in person is a member of now, the oldest first."""
    if not user.is_authenticated:
        return []
    members = Membership.objects.select_related("user", "organisation")
    return list(members.filter(user_id=user.pk, ended_at__isnull=True).order_by("created_at"))


def member_of_session(request: HttpRequest) -> Membership | None:
    """Return who is signed in, read anew for each request; None without session or membership.

    A member of several organisations acts for the one chosen in the session, else the oldest.
    """
    members = memberships_of(request.user)
    chosen = request.session.get(MEMBERSHIP_KEY) if members else None
    picked = [member for member in members if str(member.id) == chosen] or members
    return picked[0] if picked else None


def second_factor_lacks(request: HttpRequest, member: Membership) -> bool:
    """Tell whether the role needs a second factor that this session has not shown.

    One shown and then removed is none.
    """
    if member.role not in NEED_ONE:
        return False
    return not (second_factor_used(request) and second_factor_kept(member.user))


def actor_of_session(request: HttpRequest) -> Actor | None:
    """Return who acts; None where nobody is signed in, or not yet by the factors of their role."""
    member = member_of_session(request)
    if member is None or second_factor_lacks(request, member):
        return None
    return actor_of(member)
