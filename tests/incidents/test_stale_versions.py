"""Who comes second is told what the first one did."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.models import Organisation, Role
from core.errors import StaleVersion
from incidents.selectors.timeline import MOST_SINCE
from incidents.services.judging import incident_assess
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, merge, url
from tests.incidents.test_judging import assess, publish
from tests.incidents.test_workflow import move

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def monitors(committed_db):
    watch = Organisation.objects.create(name="Watch")
    members = [make_member(Role.MONITOR, watch, name=name) for name in ("Sara", "Tom")]
    return [ApiClient(member) for member in members]


def test_a_stale_write_is_told_what_was_done_since(monitors):
    sara, tom = monitors
    incident = make_incident()
    move(sara, incident, "triage")
    assess(sara, incident, version=2)
    publish(sara, incident, 3)
    answer = assess(tom, incident, "weak", version=1)
    assert answer.status_code == 412
    problem = answer.json()
    assert (problem["incident"], problem["current_version"]) == (str(incident.id), 3)
    assert [(line["text"], line["version"]) for line in problem["changes"]] == [
        ("Sara (Watch) moved it from new to triaged.", 2),
        ("Sara (Watch) graded it fair: Two independent sources.", 3),
        ("Sara (Watch) published version 3.", 3),
    ]
    assert problem["changes"][1]["changes"] == [
        {"field": "state", "before": "triaged", "after": "in_review"},
        {"field": "grade", "before": "", "after": "fair"},
    ]
    assert assess(tom, incident, "weak", version=2).json()["changes"] == problem["changes"][1:]


def test_of_several_incidents_the_changes_of_the_stale_one_are_told(monitors):
    sara, tom = monitors
    one, two = make_incident(), make_incident()
    assess(sara, one)
    answer = merge(tom, two, incidents=[{"id": str(one.id), "version": 1}])
    assert answer.status_code == 412
    assert [line["incident"] for line in answer.json()["changes"]] == [str(one.id)]


def test_only_the_last_changes_are_told(monitors):
    sara, monitor, incident = monitors[0], make_actor(Role.MONITOR), make_incident()
    for version in range(1, MOST_SINCE + 3):
        incident_assess(
            actor=monitor, incident_id=incident.id, version=version, grade="fair", reason="r"
        )
    versions = [line["version"] for line in assess(sara, incident).json()["changes"]]
    assert versions == list(range(4, MOST_SINCE + 4))


def test_a_version_from_the_future_has_no_changes(monitors):
    with pytest.raises(StaleVersion) as refusal:
        incident_assess(
            actor=make_actor(Role.MONITOR),
            incident_id=make_incident().id,
            version=7,
            grade="fair",
            reason="r",
        )
    assert refusal.value.extra["changes"] == []


def test_of_two_at_once_one_is_taken_and_the_other_told_of_it(monitors):
    def grade(client, word):
        try:
            return assess(client, incident, word)
        finally:
            connections.close_all()

    incident = make_incident()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(grade, monitors, ("fair", "weak")))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (201, 412)
    name = first.json()["assessed_by"]
    (line,) = second.json()["changes"]
    assert line["text"].startswith(f"{name} (Watch) graded it {first.json()['grade']}")
    assert second.json()["current_version"] == fresh(incident).version == 2
    told = monitors[0].get(url(incident, "timeline/")).json()["results"]
    assert [entry["action"] for entry in told] == ["report.received", "incident.assessed"]
