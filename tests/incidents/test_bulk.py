"""Grading and publishing many: first the count, then just those that were counted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.actors import actor_of
from accounts.models import Role
from accounts.permissions import Action
from incidents.models import Assessment, Incident, Publication
from incidents.services import bulk
from incidents.services.judging import incident_assess
from incidents.vocab import Grade
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh

BULK = "/api/v1/incidents/bulk/"
GRADE = {"action": "grade", "filter": {"state": "new"}, "grade": "weak", "reason": "One source."}
PUBLISH = {"action": "publish", "filter": {"grade": "weak,fair"}, "reason": "Seen by two."}


def proposed(client, order=GRADE):
    answer = client.post(BULK, order)
    assert answer.status_code == 200, answer.content
    return answer.json()


def confirm(client, proposal, order=GRADE, **changes):
    body = order | {"token": proposal["token"], "confirm_count": proposal["count"]} | changes
    return client.post(BULK, body)


def kinds(outcome):
    return [row["problem"]["type"].rsplit(":", 1)[1] for row in outcome["refused"]]


def graded(count=1):
    """Return incidents that somebody has graded ``weak``."""
    beth, made = make_actor(Role.MONITOR), [make_incident() for _ in range(count)]
    for one in made:
        incident_assess(actor=beth, incident_id=one.id, version=1, grade=Grade.WEAK, reason="r")
    return made


def test_without_a_token_the_count_is_told_and_nothing_is_done(bob):
    made = [make_incident() for _ in range(12)]
    make_incident(weapon="mortar")
    order = GRADE | {"filter": {"state": "new", "weapon": "barrel_bomb"}}
    proposal = proposed(bob, order)
    assert (proposal["matched"], proposal["count"]) == (12, 12)
    assert [row["id"] for row in proposal["sample"]] == [str(one.id) for one in made[:10]]
    assert not Assessment.objects.exists()


def test_with_the_token_each_is_graded_with_an_audit_entry_of_its_own(bob):
    made = [make_incident() for _ in range(3)]
    answer = confirm(bob, proposed(bob))
    assert answer.status_code == 201, answer.content
    outcome = answer.json()
    assert {row["incident"] for row in outcome["done"]} == {str(one.id) for one in made}
    assert {(row["version"], row["grade"]) for row in outcome["done"]} == {(2, "weak")}
    assert outcome["refused"] == []
    entries = AuditEntry.objects.filter(action="incident.assessed")
    assert {entry.object_id for entry in entries} == {one.id for one in made}
    assert {entry.reason for entry in entries} == {"One source."}


def test_only_what_was_counted_is_touched_and_what_changed_is_named(bob, beth):
    changed, counted = make_incident(), make_incident()
    proposal = proposed(bob)
    late = make_incident()
    incident_assess(
        actor=actor_of(beth.membership),
        incident_id=changed.id,
        version=1,
        grade=Grade.FAIR,
        reason="r",
    )
    outcome = confirm(bob, proposal).json()
    assert [row["incident"] for row in outcome["done"]] == [str(counted.id)]
    (refused,) = outcome["refused"]
    assert (refused["incident"], refused["problem"]["current_version"]) == (str(changed.id), 2)
    assert (fresh(changed).grade, fresh(late).grade) == ("fair", "")


def test_the_same_token_again_does_nothing_twice(bob):
    make_incident()
    proposal = proposed(bob)
    confirm(bob, proposal)
    again = confirm(bob, proposal).json()
    assert (again["done"], kinds(again)) == ([], ["stale-version"])
    assert Assessment.objects.count() == 1


def test_nobody_grades_what_they_submitted_in_bulk_either(db):
    membership = make_member(Role.MONITOR)
    monitor = ApiClient(membership)
    own, others = make_incident(actor_of(membership)), make_incident()
    outcome = confirm(monitor, proposed(monitor)).json()
    assert [row["incident"] for row in outcome["done"]] == [str(others.id)]
    assert [row["incident"] for row in outcome["refused"]] == [str(own.id)]
    assert kinds(outcome) == ["not-allowed"]
    assert not fresh(own).assessments.exists()


def test_confirmed_needs_two_people_in_bulk_too(bob, beth):
    incident = make_incident()
    order = GRADE | {"grade": "confirmed", "filter": {"grade": "ungraded"}}
    (first,) = confirm(bob, proposed(bob, order), order).json()["done"]
    assert (first["grade"], fresh(incident).grade) == ("", "")
    (second,) = confirm(beth, proposed(beth, order), order).json()["done"]
    assert second["grade"] == "confirmed"


def test_publishing_tells_the_feed_of_each_and_names_its_audiences(bob):
    one, _two = graded(2)
    confirmed = confirm(bob, proposed(bob, PUBLISH), PUBLISH).json()
    assert [row["audiences"] for row in confirmed["done"]] == [["public", "partner"]] * 2
    assert Publication.objects.count() == 2
    assert DomainEvent.objects.filter(kind="publication.requested").count() == 2
    assert fresh(one).state == "published"


def test_publishing_refuses_what_it_refuses_singly(bob):
    ungraded, (weak,) = make_incident(), graded()
    order = PUBLISH | {"filter": {"country": "IQ"}}
    outcome = confirm(bob, proposed(bob, order), order).json()
    assert [row["incident"] for row in outcome["done"]] == [str(weak.id)]
    assert [row["incident"] for row in outcome["refused"]] == [str(ungraded.id)]
    again = confirm(bob, proposed(bob, order), order).json()
    assert kinds(again) == ["invalid-transition"] * 2


def test_no_more_than_the_cap_the_oldest_first_and_said_so(bob, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    made = [make_incident() for _ in range(3)]
    proposal = proposed(bob)
    assert (proposal["matched"], proposal["count"]) == (3, 2)
    assert len(confirm(bob, proposal).json()["done"]) == 2
    assert [fresh(one).grade for one in made] == ["weak", "weak", ""]


def test_incidents_that_were_merged_are_neither_counted_nor_touched(bob):
    one, two = make_incident(), make_incident()
    proposal = proposed(bob)
    Incident.objects.filter(id=one.id).update(merged_into=two)
    assert kinds(confirm(bob, proposal).json()) == ["invalid-transition"]
    assert proposed(bob, GRADE | {"filter": {"state": "new,in_review"}})["count"] == 1


def test_me_is_whoever_asks(bob, beth):
    make_incident()
    order = GRADE | {"filter": {"assigned_to": "me"}}
    assert proposed(bob, order)["count"] == 0
    assert confirm(bob, proposed(bob, order), order).json() == {"done": [], "refused": []}


@pytest.mark.parametrize(
    "changes",
    [
        {"grade": "fair"},
        {"reason": "Another."},
        {"filter": {"state": "new,triaged"}},
        {"confirm_count": 2},
        {"token": "x"},
        {"token": "a:b:c"},
        {"token": "x" * 100_001},
    ],
)
def test_a_token_is_good_for_its_own_order_alone(bob, changes):
    make_incident()
    answer = confirm(bob, proposed(bob), **changes)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in {"token", "confirm_count"}
    assert not Assessment.objects.exists()


def test_a_token_is_good_for_who_asked_alone_and_not_for_long(bob, beth):
    make_incident()
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=False) as clock:
        proposal = proposed(bob)
        assert confirm(beth, proposal).status_code == 400
        clock.shift(timedelta(minutes=10, seconds=2))
        answer = confirm(bob, proposal)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "expired")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"action": "delete"}, "action"),
        ({"filter": {}}, "filter"),
        ({"filter": {"colour": "red"}}, "filter.colour"),
        ({"filter": {"state": ["new"]}}, "filter.state"),
        ({"filter": {"bbox": "1,2,3"}}, "filter.bbox"),
        ({"filter": {"limit": 5}}, "filter.limit"),
        ({"filter": "state=new"}, "filter"),
        ({"grade": "sure"}, "grade"),
        ({"reason": " "}, "reason"),
        ({"reason": "..."}, "reason"),
        ({"action": "publish"}, "grade"),
        ({"token": "x"}, "confirm_count"),
        ({"confirm_count": 1}, "token"),
        ({"ids": []}, "ids"),
    ],
)
def test_a_bad_order_is_refused_by_field(bob, changes, field):
    answer = bob.post(BULK, GRADE | changes)
    assert answer.status_code == 400
    assert field in {error["field"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_neither_ask_nor_do(bob, role):
    make_incident()
    proposal, outsider = proposed(bob), ApiClient(make_member(role))
    assert outsider.post(BULK, GRADE).status_code == 403
    assert confirm(outsider, proposal).status_code == 403


def test_a_token_that_may_not_publish_does_not_publish_in_bulk(db):
    graded()
    scopes = [Action.INCIDENT_READ, Action.INCIDENT_ASSESS]
    narrow = ApiClient(make_member(Role.MONITOR), scopes=scopes)
    assert narrow.post(BULK, PUBLISH).status_code == 403
    assert narrow.post(BULK, GRADE).status_code == 200
