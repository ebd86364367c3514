"""Giving incidents to monitors."""

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from core.errors import InvalidInput, InvalidTransition, NotAllowed
from incidents.models import Assignment
from incidents.services.assignment import incident_assign, incident_unassign
from incidents.services.judging import incident_assess
from incidents.vocab import Grade
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, merge, url


def assign(client, incident, membership):
    return client.put(url(incident, "assignment/"), {"user": str(membership.user_id)})


def test_an_incident_is_given_and_taken(bob, beth):
    incident = make_incident()
    answer = assign(bob, incident, beth.membership)
    assert answer.status_code == 200, answer.content
    given = {"id": str(beth.membership.user_id), "name": beth.membership.user.name}
    assert answer.json()["assigned_to"] == given
    assert bob.get(url(incident)).json()["assigned_to"] == given
    assert bob.delete(url(incident, "assignment/")).json()["assigned_to"] is None
    assert Assignment.objects.count() == 0


def test_each_change_is_told_with_before_and_after_and_no_change_is_not(bob, beth):
    incident = make_incident()
    one, two = str(bob.membership.user_id), str(beth.membership.user_id)
    for membership in (bob.membership, bob.membership, beth.membership):
        assert assign(bob, incident, membership).status_code == 200
    bob.delete(url(incident, "assignment/"))
    bob.delete(url(incident, "assignment/"))
    told = AuditEntry.objects.filter(action="incident.assigned").order_by("id")
    changes = [(row.data["user"]["before"], row.data["user"]["after"]) for row in told]
    assert changes == [(None, one), (one, two), (two, None)]
    events = DomainEvent.objects.filter(kind="incident.assigned").order_by("id")
    assert [event.payload["user"] for event in events] == [one, two, None]


def test_who_gets_an_incident_invalidates_nobody_s_version(bob, beth):
    incident = make_incident()
    assign(bob, incident, beth.membership)
    assert fresh(incident).version == 1
    incident_assess(
        actor=actor_of(bob.membership),
        incident_id=incident.id,
        version=1,
        grade=Grade.WEAK,
        reason="r",
    )


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_nobody_gets_one_who_may_not_assess(bob, role):
    incident = make_incident()
    answer = assign(bob, incident, make_member(role))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "user")


def test_nor_who_was_a_monitor_once(bob, beth):
    incident = make_incident()
    beth.membership.ended_at = incident.created_at
    beth.membership.save()
    assert assign(bob, incident, beth.membership).status_code == 400
    closed = make_member(Role.MONITOR)
    closed.user.is_active = False
    closed.user.save()
    assert assign(bob, incident, closed).status_code == 400
    listed = {row["id"] for row in bob.get("/api/v1/monitors/").json()}
    assert listed == {str(bob.membership.user_id)}


def test_a_merged_incident_is_given_to_nobody(bob):
    one, two = make_incident(), make_incident()
    merge(bob, two, one)
    answer = assign(bob, one, bob.membership)
    assert (answer.status_code, answer.json()["merged_into"]) == (409, str(two.id))


@pytest.mark.parametrize("body", [{}, {"user": "me"}, {"user": None}, {"user": 1, "x": 1}, []])
def test_a_bad_body_is_refused(bob, body):
    assert bob.put(url(make_incident(), "assignment/"), body).status_code == 400


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_neither_give_nor_take(bob, role):
    incident, outsider = make_incident(), ApiClient(make_member(role))
    assert assign(outsider, incident, bob.membership).status_code == 403
    assert outsider.delete(url(incident, "assignment/")).status_code == 403
    assert outsider.get("/api/v1/monitors/").status_code == 403
    with pytest.raises(NotAllowed):
        incident_assign(
            actor=make_actor(role), incident_id=incident.id, user_id=bob.membership.user_id
        )
    with pytest.raises(NotAllowed):
        incident_unassign(actor=make_actor(role), incident_id=incident.id)


def test_the_services_raise_what_they_say(db):
    bob, (one, two) = make_actor(Role.MONITOR), (make_incident(), make_incident())
    with pytest.raises(InvalidInput):
        incident_assign(actor=bob, incident_id=one.id, user_id=make_actor().id)
    one.merged_into = two
    one.save()
    with pytest.raises(InvalidTransition):
        incident_unassign(actor=bob, incident_id=one.id)
