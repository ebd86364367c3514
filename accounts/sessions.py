"""Who acts in a browser: the member behind a session."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.actors import Actor, actor_of
from accounts.models import Membership, User

MEMBERSHIP_KEY = "membership"


def memberships_of(user: User | AnonymousUser) -> list[Membership]:
    """Return what a signed-in person is a member of now, the oldest first."""
    if not user.is_authenticated:
        return []
    members = Membership.objects.select_related("user", "organisation")
    return list(members.filter(user_id=user.pk, ended_at__isnull=True).order_by("created_at"))


def actor_of_session(request: HttpRequest) -> Actor | None:
    """Return who acts, read anew for each request; None without a session or a membership.

    A member of several organisations acts for the one chosen in the session, else the oldest.
    """
    members = memberships_of(request.user)
    chosen = request.session.get(MEMBERSHIP_KEY) if members else None
    picked = [member for member in members if str(member.id) == chosen] or members
    return actor_of(picked[0]) if picked else None
