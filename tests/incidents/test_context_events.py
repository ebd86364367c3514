"""What is no strike: same intake, sources, claims and judgement, but no weapon and no exposure."""

import msgspec
import pytest
from django.db import IntegrityError, transaction

from core.errors import InvalidInput
from incidents.intake.json_reports import submission_parse
from incidents.models import Incident, MatchSuggestion, Report
from incidents.services.matching import matches_refresh
from incidents.services.reports import report_receive
from incidents.types import Submission
from incidents.vocab import IncidentKind, Verdict
from scoring.models import Exposure
from scoring.services.scoring import exposure_compute
from tests.factories import (
    CONTEXT,
    context_body,
    make_actor,
    make_incident,
    merge_incidents,
    report_body,
)
from tests.incidents.judging import merge

REPORTS = "/api/v1/reports/"


def refused_fields(answer):
    assert answer.status_code == 400, answer.content
    return {error["field"] for error in answer.json()["errors"]}


def test_a_displacement_with_an_open_ended_count_is_taken_and_kept_open(alice, bob):
    answer = alice.post(REPORTS, context_body())
    assert answer.status_code == 201, answer.content
    assert answer.json()["receipt"]["report"]["kind"] == "displacement"
    incident = bob.get(f"/api/v1/incidents/{answer.json()['incident']}/").json()
    assert incident["kind"] == "displacement"
    assert (incident["weapon"], incident["weapon_class"]) == ("", "")
    (figure,) = incident["casualties"]
    assert (figure["outcome"], figure["minimum"], figure["maximum"]) == ("displaced", 50_000, None)


@pytest.mark.parametrize("kind", [kind for kind in IncidentKind if kind != IncidentKind.STRIKE])
def test_every_kind_of_context_event_has_no_weapon(alice, kind):
    assert alice.post(REPORTS, context_body(kind=kind)).status_code == 201
    body = context_body(kind=kind, weapon="unclear")
    assert refused_fields(alice.post(REPORTS, body)) == {"weapon"}


def test_a_strike_needs_a_weapon_and_is_what_a_report_without_kind_speaks_of(alice):
    assert refused_fields(alice.post(REPORTS, report_body(weapon=None))) == {"weapon"}
    answer = alice.post(REPORTS, report_body())
    assert "kind" not in answer.json()["receipt"]["report"]
    assert Incident.objects.get().kind == IncidentKind.STRIKE


def test_an_unknown_kind_is_refused(alice):
    assert refused_fields(alice.post(REPORTS, context_body(kind="rumour"))) == {"kind"}


def test_the_database_holds_that_strikes_alone_have_a_weapon(db):
    strike, event = make_incident(), make_incident(**CONTEXT)
    for row, weapon in ((strike, ""), (event, "unclear")):
        with pytest.raises(IntegrityError, match="strike_has_weapon"), transaction.atomic():
            Incident.objects.filter(id=row.id).update(weapon=weapon)


def test_no_exposure_is_computed_of_it_nor_offered(db, bob):
    strike, event = make_incident(), make_incident(**CONTEXT)
    exposure_compute(incident_ids=[strike.id, event.id])
    assert set(Exposure.objects.values_list("incident", flat=True)) == {strike.id}
    assert bob.get(f"/api/v1/incidents/{strike.id}/exposure/").status_code == 200
    assert bob.get(f"/api/v1/incidents/{event.id}/exposure/").status_code == 404


def test_a_strike_and_a_context_event_are_never_merged(db):
    strike, event = make_incident(), make_incident(**CONTEXT)
    with pytest.raises(InvalidInput) as refused:
        merge_incidents(strike, event)
    assert [error.code for error in refused.value.errors] == ["kind"]
    assert Report.objects.get(incident=event)


def test_two_kinds_of_context_events_are_never_merged(bob):
    one, other = make_incident(**CONTEXT), make_incident(**CONTEXT | {"kind": "ceasefire"})
    answer = merge(bob, one, other)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "kind")


def test_it_is_matched_with_its_own_kind_alone(db):
    strike, *events = make_incident(), make_incident(**CONTEXT), make_incident(**CONTEXT)
    capture = make_incident(**CONTEXT | {"kind": "capture", "claims": []})
    matches_refresh(incident_ids=[strike.id, capture.id, *(event.id for event in events)])
    match = MatchSuggestion.objects.get()
    assert {match.one_id, match.other_id} == {event.id for event in events}
    assert match.verdict == Verdict.LIKELY_SAME


def test_a_correction_cannot_make_a_strike_of_it(db):
    alice = make_actor()

    def submitted(body, key, corrects=""):
        parsed = submission_parse(msgspec.json.encode(body), key)
        return Submission(parsed.draft, key, parsed.body_sha256, corrects=corrects)

    report_receive(actor=alice, submission=submitted(context_body(), "one"))
    with pytest.raises(InvalidInput) as refused:
        report_receive(actor=alice, submission=submitted(report_body(), "two", corrects="one"))
    assert [error.field for error in refused.value.errors] == ["kind"]
    assert Report.objects.count() == 1
