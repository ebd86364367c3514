import pytest

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Incident, Publication
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import based_on, fresh, merge, url


def assess(client, incident, grade="fair", version=1, reason="Two independent sources."):
    body = {"grade": grade, "reason": reason}
    return client.post(url(incident, "assessments/"), body, **based_on(version))


def publish(client, incident, version, **more):
    return client.post(url(incident, "publish/"), more, **based_on(version))


def test_a_grade_makes_a_new_version_and_an_audit_entry(bob):
    incident = make_incident()
    answer = assess(bob, incident)
    assert answer.status_code == 201, answer.content
    incident.refresh_from_db()
    assert (incident.grade, incident.state, incident.version) == ("fair", "in_review", 2)
    entry = AuditEntry.objects.get(action="incident.assessed")
    assert entry.reason == "Two independent sources."
    assert entry.data["grade"] == "fair"


def test_confirmed_needs_two_people(bob, beth):
    incident = make_incident()
    assess(bob, incident, "confirmed")
    incident.refresh_from_db()
    assert incident.grade == ""
    assess(bob, incident, "confirmed", version=2)
    incident.refresh_from_db()
    assert incident.grade == ""
    assess(beth, incident, "confirmed", version=3)
    incident.refresh_from_db()
    assert incident.grade == "confirmed"


def test_who_changed_their_mind_no_longer_counts_for_confirmed(bob, beth):
    incident = make_incident()
    assess(bob, incident, "confirmed")
    assess(bob, incident, "weak", version=2)
    assess(beth, incident, "confirmed", version=3)
    incident.refresh_from_db()
    assert incident.grade == "weak"


def test_nobody_grades_what_they_submitted(db):
    membership = make_member(Role.MONITOR)
    monitor = ApiClient(membership)
    incident = make_incident(actor_of(membership))
    answer = assess(monitor, incident)
    assert answer.status_code == 403
    assert incident.assessments.count() == 0


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_neither_grade_nor_publish(db, role):
    incident, outsider = make_incident(), ApiClient(make_member(role))
    assert assess(outsider, incident).status_code == 403
    assert publish(outsider, incident, 1).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"grade": "sure", "reason": "r"}, "grade"),
        ({"grade": "fair", "reason": " "}, "reason"),
        ({"grade": "fair", "reason": "r", "version": 1}, "version"),
        ({"grade": "fair", "reason": "r", "x": 1}, "x"),
    ],
)
def test_a_bad_assessment_names_its_field(bob, body, field):
    incident = make_incident()
    answer = bob.post(url(incident, "assessments/"), body, **based_on(1))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_an_old_version_is_refused_telling_the_current_one(bob, beth):
    incident = make_incident()
    assess(bob, incident)
    answer = assess(beth, incident, "weak", version=1)
    assert answer.status_code == 412
    assert answer.json()["type"] == "urn:harmwatch:problem:stale-version"
    assert answer.json()["current_version"] == 2


def test_an_ungraded_incident_cannot_be_published(bob):
    incident = make_incident()
    assert publish(bob, incident, 1).status_code == 409
    assert Publication.objects.count() == 0


def test_publishing_freezes_the_version_and_tells_the_feed(bob):
    incident = make_incident()
    assess(bob, incident)
    answer = publish(bob, incident, 2)
    assert answer.status_code == 201, answer.content
    publication = Publication.objects.get()
    assert publication.snapshot["version"] == 2
    assert publication.snapshot["grade"] == "fair"
    event = DomainEvent.objects.get(kind="publication.requested")
    assert event.payload == {"publication": str(publication.id)}
    assert Incident.objects.get(id=incident.id).state == "published"


def test_the_same_version_is_not_published_twice(bob):
    incident = make_incident()
    assess(bob, incident)
    publish(bob, incident, 2)
    assert publish(bob, incident, 2).status_code == 409


def test_only_a_lead_monitor_publishes_a_finer_place_and_says_why(bob):
    incident = make_incident()
    assess(bob, incident)
    lead = ApiClient(make_member(Role.LEAD_MONITOR))
    assert publish(bob, incident, 2, public_resolution=9, reason="known").status_code == 403
    assert publish(lead, incident, 2, public_resolution=9).status_code == 400
    assert publish(lead, incident, 2, public_resolution=9, reason="known").status_code == 201


def test_an_incident_that_is_not_there_is_404(bob):
    make_actor()
    nowhere = url("00000000-0000-0000-0000-000000000000", "publish/")
    assert bob.post(nowhere, {}, **based_on(1)).status_code == 404


def test_who_submitted_what_was_merged_in_since_no_longer_counts_for_confirmed(bob, beth):
    incident = make_incident()
    assess(bob, incident, "confirmed")
    merge(beth, incident, make_incident(actor_of(bob.membership)))
    assess(beth, incident, "confirmed", version=fresh(incident).version)
    assert fresh(incident).grade == ""
