"""No word typed here hides a character; a report keeps each of its own, and the feed shows none."""

import json

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from feed.models import Audience
from incidents.models import Incident, Report
from tests.factories import make_incident, make_member, report_body
from tests.feed.conftest import layer  # noqa: F401 - a fixture
from tests.feed.making import features, published
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import based_on, url

TURNED = "Ministry\u202edeined"
READ = "Ministrydeined"


@pytest.fixture
def bob(db):
    return ApiClient(make_member(Role.MONITOR))


def doors(incident, report):
    """Return each address that takes words, what is sent there, and the field of the words."""
    denial = {"party": "P", "stance": "denied", "url": "https://mod.example/1"}
    return [
        (url(incident, "responses/"), denial, "party"),
        (url(incident, "responses/"), denial, "quote"),
        (url(incident, "responses/"), denial, "url"),
        (url(incident, "assessments/"), {"grade": "fair"}, "reason"),
        (url(incident, "publish/"), {}, "reason"),
        (url(incident, "triage/"), {"step": "triage"}, "reason"),
        (url(incident, "withdraw/"), {}, "reason"),
        (url(incident, "comments/"), {}, "text"),
        (url(incident, "split/"), {"reports": [str(report.id)]}, "reason"),
        (url(incident, "bulk/").replace(f"{incident.id}/", ""), {"action": "publish"}, "reason"),
        (f"/api/v1/reports/{report.id}/withdraw/", {}, "reason"),
        (f"/api/v1/reports/{report.id}/sealed/", {}, "reason"),
        (f"/api/v1/reports/{report.id}/links/", {"url": "https://a.example/"}, "note"),
    ]


def test_every_word_typed_is_refused_with_the_character_named(bob):
    alice = make_member(Role.SUBMITTER)
    incident, sender = make_incident(actor_of(alice)), ApiClient(alice)
    for address, body, field in doors(incident, incident.reports.get()):
        words = {field: "https://a.example/\u202e"} if field == "url" else {field: TURNED}
        caller = sender if "/reports/" in address else bob
        answer = caller.post(address, body | words, **based_on(1))
        assert answer.status_code == 400, (address, answer.content)
        named = {error["field"]: error["message"] for error in answer.json()["errors"]}
        assert "U+202E" in named[field], (address, named)
    assert Incident.objects.get().version == 1


def test_joiners_and_marks_of_arabic_and_kurdish_are_taken(bob):
    incident, text = make_incident(), "كه\u200cركووك \u200f(می\u200cگوید)\u200e"
    assert bob.post(url(incident, "comments/"), {"text": text}).status_code == 201
    assert bob.get(url(incident, "comments/")).json()["results"][0]["text"] == text


def test_a_report_is_kept_as_sent_and_its_words_are_published_without(layer):  # noqa: F811
    alice = ApiClient(make_member(Role.SUBMITTER))
    answer = alice.post("/api/v1/reports/", report_body(title=TURNED))
    assert answer.status_code == 201
    assert answer.json()["receipt"]["report"]["title"] == TURNED
    incident = Report.objects.get().incident
    assert incident.title == TURNED
    (feature,) = features(Audience.PARTNER, published(incident))
    assert feature["properties"]["title"] == READ
    assert "\u202e" not in json.dumps(feature, ensure_ascii=False)
