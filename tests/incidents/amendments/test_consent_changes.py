"""Consent is narrowed or widened afterwards, for each purpose; what stands now is what counts."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Role
from incidents.models import ConsentChange, Report
from incidents.selectors.consent import consent_now, reports_consented
from incidents.snapshots import audiences_permitted, snapshot_of
from incidents.vocab import Purpose
from ledger.models import AuditEntry
from tests.factories import make_member
from tests.incidents.amendments.saying import (
    consent,
    correct,
    kinds_of,
    publish,
    second_report,
    url,
    withdraw,
)
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh


def allowed(report):
    """Return the purposes that a report may be used for, as querysets see it."""
    rows = Report.objects.filter(id=report.id)
    return {purpose for purpose in Purpose if reports_consented(rows, purpose).exists()}


def test_what_the_report_says_stands_until_it_is_changed(report):
    assert allowed(report) == {Purpose.SHARE, Purpose.PUBLISH}


def test_consent_is_narrowed_for_one_purpose(alice, report):
    answer = consent(alice, report, publish=False)
    assert answer.status_code == 201
    stands = {"basis": "informed", "share": True, "publish": False, "court": False}
    assert answer.json() == stands
    assert allowed(report) == {Purpose.SHARE}
    assert alice.get(f"/api/v1/reports/{report.id}/").json()["consent"] == stands
    assert audiences_permitted(snapshot_of(fresh(report.incident))) == ["partner"]


def test_the_report_and_its_receipt_stay_as_they_were(alice, report):
    consent(alice, report, publish=False)
    again = Report.objects.get(id=report.id)
    assert again.consent_publish is True
    assert again.receipt == report.receipt


def test_widening_needs_a_basis(alice, report):
    answer = consent(alice, report, court=True)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "basis"
    assert consent(alice, report, court=True, basis="informed").status_code == 201
    assert allowed(report) == {Purpose.SHARE, Purpose.PUBLISH, Purpose.COURT}


def test_the_latest_change_counts(alice, report):
    for said in (False, True, False):
        consent(alice, report, publish=said, share=not said, basis="organisation")
    assert allowed(report) == {Purpose.SHARE}
    assert consent_now(report).basis == "organisation"
    assert list(ConsentChange.objects.values_list("number", flat=True).order_by("number")) == [
        1,
        2,
        3,
    ]


def test_the_same_again_changes_nothing(alice, report):
    version = fresh(report.incident).version
    assert consent(alice, report, publish=True, share=True).status_code == 200
    assert not ConsentChange.objects.exists()
    assert fresh(report.incident).version == version


def test_the_ledger_has_before_and_after(alice, report):
    consent(alice, report, share=False)
    entry = AuditEntry.objects.get(action="report.consent_changed")
    assert entry.reason == "They asked us to."
    assert (entry.data["before"]["share"], entry.data["after"]["share"]) == (True, False)
    entry = AuditEntry.objects.get(action="incident.consent_changed")
    assert entry.data["version"] == fresh(report.incident).version == 2


@pytest.mark.parametrize("purpose", ["share", "publish"])
def test_what_is_out_and_is_allowed_to_fewer_is_taken_back(alice, report, purpose):
    publish(report.incident_id)
    before = len(kinds_of(report.incident_id))
    consent(alice, report, **{purpose: False})
    assert fresh(report.incident).state == "in_review"
    assert kinds_of(report.incident_id, before) == ["incident.changed", "incident.taken_back"]


def test_what_is_out_stays_where_nobody_is_shown_less(alice, report):
    publish(report.incident_id)
    consent(alice, report, court=True, basis="informed")
    consent(alice, report, court=False)
    assert fresh(report.incident).state == "published"


def test_what_is_out_stays_where_it_rests_on_others(alice, charlie, report):
    publish(report.incident_id)
    other = second_report(charlie, report)
    consent(charlie, other, publish=False)
    assert fresh(report.incident).state == "published"


def test_a_correction_that_allows_less_takes_back_what_is_out(alice, report):
    publish(report.incident_id)
    before = len(kinds_of(report.incident_id))
    assert correct(alice, report, consent__publish=False).status_code == 201
    assert fresh(report.incident).state == "in_review"
    assert kinds_of(report.incident_id, before) == ["incident.changed", "incident.taken_back"]


def test_a_correction_that_allows_as_much_leaves_what_is_out(alice, report):
    publish(report.incident_id)
    correct(alice, report, title="Barrel bombs on Fallujah, again")
    assert fresh(report.incident).state == "published"


def test_a_correction_brings_its_own_consent(alice, report):
    consent(alice, report, publish=False)
    newer = correct(alice, report).json()["id"]
    assert allowed(Report.objects.get(id=newer)) == {Purpose.SHARE, Purpose.PUBLISH}


def test_only_reports_that_count_have_a_consent_to_change(alice, report):
    newer = correct(alice, report).json()["id"]
    assert consent(alice, report, share=False).status_code == 409
    withdraw(alice, newer)
    assert consent(alice, newer, share=False).status_code == 409


BAD = {
    "no purpose": {},
    "only a basis": {"basis": "informed"},
    "to store": {"store": False},
    "neither yes nor no": {"share": "perhaps"},
    "null": {"share": None},
    "unknown basis": {"court": True, "basis": "because"},
    "no reason": {"share": False, "reason": ""},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_what_says_nothing_clear_is_refused(alice, report, change):
    assert consent(alice, report, **change).status_code == 400
    assert not ConsentChange.objects.exists()


def test_a_change_never_changes_nor_goes(alice, report):
    consent(alice, report, share=False)
    for change in (
        lambda: ConsentChange.objects.update(share=True),
        lambda: ConsentChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_nobody_changes_what_others_agreed_to(report, charlie, bob, nobody):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (bob, 404), (partner, 403), (admin, 403), (nobody, 401)):
        assert consent(who, report, share=False).status_code == status
        assert who.get(url(report, "consent")).status_code in {401, 403, 405}
    assert not ConsentChange.objects.exists()
