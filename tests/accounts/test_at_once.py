"""Two administrators, one moment."""

from accounts.actors import actor_of
from accounts.members import membership_end
from accounts.models import Membership, Role
from tests.factories import make_member
from tests.support.at_once import at_once


def test_two_who_end_one_another_leave_one(committed_db):
    first, second = make_member(Role.ADMINISTRATOR), make_member(Role.ADMINISTRATOR)
    ends = at_once(
        lambda: membership_end(actor=actor_of(first), membership_id=second.id, reason="x"),
        lambda: membership_end(actor=actor_of(second), membership_id=first.id, reason="x"),
    )
    assert sorted(ends) == ["conflict", "done"]
    assert Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at=None).count() == 1
