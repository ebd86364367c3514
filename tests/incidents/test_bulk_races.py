"""Two monitors grade the same incidents at once: each is graded once, and nobody waits for good."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Assessment, Incident
from incidents.services.bulk import bulk_carry_out, bulk_propose
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.judging import fresh
from tests.support.children import GRADE_THE_NEW

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*calls):
    def called(call):
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(called, calls))


def carrying_out(actor):
    proposal = bulk_propose(actor=actor, order=GRADE_THE_NEW)
    return lambda: bulk_carry_out(
        actor=actor, order=GRADE_THE_NEW, token=proposal.token, confirm_count=proposal.count
    )


def test_two_at_once_grade_each_incident_once():
    made = [make_incident() for _ in range(20)]
    bob, beth = make_actor(Role.MONITOR), make_actor(Role.MONITOR)
    outcomes = at_once(carrying_out(bob), carrying_out(beth))
    done = [row.incident for outcome in outcomes for row in outcome.done]
    assert sorted(done) == sorted(one.id for one in made)
    assert {row.error.slug for outcome in outcomes for row in outcome.refused} <= {"stale-version"}
    assert {fresh(one).version for one in made} == {2}
    assert Assessment.objects.count() == 20
    assert AuditEntry.objects.filter(action="incident.assessed").count() == 20


def test_the_same_token_twice_at_once_grades_each_incident_once():
    made = [make_incident() for _ in range(10)]
    carry_out = carrying_out(make_actor(Role.MONITOR))
    outcomes = at_once(carry_out, carry_out)
    assert sum(len(outcome.done) for outcome in outcomes) == 10
    assert sum(len(outcome.refused) for outcome in outcomes) == 10
    assert Assessment.objects.count() == len(made)


def test_a_server_killed_in_the_middle_has_done_the_first_whole_and_the_token_does_the_rest(
    start_child,
):
    made = sorted(make_incident().id for _ in range(5))
    membership = make_member(Role.MONITOR)
    bob, email = actor_of(membership), membership.user.email
    proposal = bulk_propose(actor=bob, order=GRADE_THE_NEW)
    with transaction.atomic():
        Incident.objects.select_for_update().get(id=made[-1])  # here it has to wait
        child = start_child("tests.support.children.grade_the_new", email, proposal.token, 5)
        child.wait_until(lambda: Assessment.objects.count() == 4, "the first four are graded")
        child.kill()
    again = bulk_carry_out(
        actor=bob, order=GRADE_THE_NEW, token=proposal.token, confirm_count=proposal.count
    )
    assert [row.incident for row in again.done] == made[-1:]
    assert [row.incident for row in again.refused] == made[:-1]
    assert Assessment.objects.count() == 5
    assert AuditEntry.objects.filter(action="incident.assessed").count() == 5
