"""A data set that lists two events under different ids says that they are two."""

import msgspec
import pytest

from incidents.intake.json_reports import submission_parse
from incidents.intake.presets import PRESETS
from incidents.models import MatchSuggestion, Report
from incidents.selectors.matching import DATA_SETS, data_sets_of
from incidents.services.amendments import report_withdraw
from incidents.services.matching import matches_refresh
from incidents.services.reports import report_receive
from incidents.types import Submission
from incidents.vocab import Verdict
from tests.factories import make_actor, report_body


@pytest.fixture
def alice(db):
    return make_actor()


def listed(actor, key, corrects="", **changes):
    """Return the id of the incident of a report that came under a key."""
    parsed = submission_parse(msgspec.json.encode(report_body(**changes)), key)
    received = report_receive(
        actor=actor, submission=Submission(parsed.draft, key, parsed.body_sha256, corrects=corrects)
    )
    return received.incident_id


def matched(*incident_ids):
    matches_refresh(incident_ids=incident_ids)
    match = MatchSuggestion.objects.get()
    return match.verdict, "same_data_set" in {reason["code"] for reason in match.reasons}


def test_two_of_one_data_set_are_possible_and_no_more_however_alike(alice):
    one, other = listed(alice, "ucdp-ged:1"), listed(alice, "ucdp-ged:2")
    assert matched(one, other) == (Verdict.POSSIBLE, True)


@pytest.mark.parametrize(
    ("key", "again"),
    [
        ("ucdp-ged:1", "acled:1"),
        ("harmwatch:1", "harmwatch:sha256:0f"),
        ("iom-dtm:2014-05-11:1", "iom-dtm:2014-05-11:sha256:0f"),
        ("kobo:uuid:1", "kobo:uuid:2"),
        ("reports:1", "reports:2"),
        ("my-own-1", "my-own-2"),
    ],
)
def test_what_is_sent_again_without_an_id_of_the_same_list_is_no_evidence(alice, key, again):
    assert matched(listed(alice, key), listed(alice, again)) == (Verdict.LIKELY_SAME, False)


def test_the_same_data_set_of_two_senders_is_two_tellings(alice):
    one, other = listed(alice, "ucdp-ged:1"), listed(make_actor(), "ucdp-ged:2")
    assert matched(one, other) == (Verdict.LIKELY_SAME, False)


def test_one_report_of_many_is_enough(alice):
    one, other = listed(alice, "phone-1"), listed(alice, "airwars:2")
    moved = listed(alice, "airwars:1", location__place_name="Ramadi", occurred__start="2014-07-01")
    Report.objects.filter(incident=moved).update(incident=one)
    assert matched(one, other) == (Verdict.POSSIBLE, True)


def test_reports_that_no_longer_count_do_not_count(alice):
    one, other = listed(alice, "harmwatch:1"), listed(alice, "harmwatch:2")
    assert data_sets_of([one, other]).keys() == {one, other}
    listed(alice, "corrected", corrects="harmwatch:1", title="Barrel bombs on Fallujah, corrected")
    report = Report.objects.get(idempotency_key="harmwatch:2")
    report_withdraw(actor=alice, report_id=report.id, reason="Not ours.")
    assert data_sets_of([one, other]) == {}


def test_every_table_but_our_own_lines_is_a_data_set():
    assert set(PRESETS) - {"reports"} == DATA_SETS
