"""Who may hold an incident back, on which version, and how it is kept."""

import pytest
from django.utils import timezone

from accounts.models import Role
from config.celeryconfig import beat_schedule
from incidents.services.embargo import embargoes_end
from ledger.models import AuditEntry
from tests.factories import make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import based_on, fresh, url

UNTIL = "2999-01-01T00:00:00Z"
BODY = {"until": UNTIL, "reason": "They are still inside."}


@pytest.fixture
def lead(db):
    return ApiClient(make_member(Role.LEAD_MONITOR))


def hold(client, incident, version=1, **changes):
    return client.post(url(incident, "embargo/"), BODY | changes, **based_on(version))


def test_a_lead_monitor_sets_it_and_lifts_it(lead):
    incident = make_incident()
    answer = hold(lead, incident)
    assert (answer.status_code, answer.json()["embargo_until"]) == (200, UNTIL)
    assert answer["ETag"] == '"2"'
    answer = hold(lead, incident, version=2, until=None)
    assert (answer.status_code, answer.json()["embargo_until"]) == (200, None)
    kept = AuditEntry.objects.filter(action__startswith="incident.embargo").order_by("seq", "id")
    assert [(row.action, row.data["until"], row.reason) for row in kept] == [
        ("incident.embargoed", "2999-01-01T00:00:00Z", BODY["reason"]),
        ("incident.embargo_lifted", None, BODY["reason"]),
    ]


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.LEAD_MONITOR)])
def test_nobody_else_may(db, role):
    incident = make_incident()
    answer = hold(ApiClient(make_member(role) if role else None), incident)
    assert answer.status_code in {401, 403}
    assert fresh(incident).embargo_until is None


def test_a_token_without_the_scope_may_not(db):
    client = ApiClient(make_member(Role.LEAD_MONITOR), scopes=["incident.read", "incident.publish"])
    assert hold(client, make_incident()).status_code == 403


def test_it_rests_on_the_version_that_is_named(lead):
    incident = make_incident()
    assert lead.post(url(incident, "embargo/"), BODY).status_code == 428
    assert hold(lead, incident, version=7).status_code == 412


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "2014-05-11T00:00:00Z"},
        {"until": "soon"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"reason": ""},
        {"reason": "   "},
        {"reason": "\x00"},
        {"more": 1},
    ],
)
def test_rubbish_is_refused(lead, wrong):
    incident = make_incident()
    assert hold(lead, incident, **wrong).status_code == 400
    assert fresh(incident).embargo_until is None


def test_what_is_not_held_is_not_let_go(lead):
    assert hold(lead, make_incident(), until=None).status_code == 409


def test_the_timeline_tells_of_it(lead):
    incident = make_incident()
    hold(lead, incident)
    type(incident).objects.filter(id=incident.id).update(embargo_until=timezone.now())
    embargoes_end()
    text = lead.get(url(incident, "timeline/")).content.decode()
    assert "put an embargo on it until 2999-01-01" in text
    assert "Its embargo ended" in text


def test_the_sweep_is_on_the_schedule():
    assert beat_schedule["embargoes"]["task"] == "incidents.tasks.embargoes_sweep"
