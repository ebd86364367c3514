"""Several at once: one after the other, each whole, nothing twice."""

import msgspec
import pytest
from django.core.files.base import ContentFile
from msgspec.structs import replace

from accounts.models import Role
from incidents.intake.json_reports import submission_parse
from incidents.models import ConsentChange, Evidence, Incident, Report, ReportWithdrawal
from incidents.selectors.consent import consent_now
from incidents.services.amendments import consent_change, report_withdraw
from incidents.services.evidence import evidence_receive
from incidents.services.merging import incident_merge
from incidents.services.reports import report_receive
from incidents.services.sealed_reading import READS_PER_HOUR, sealed_read
from incidents.vocab import Purpose
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident, report_body
from tests.incidents.evidence.making import jpeg
from tests.support.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed_db")
PHOTO = jpeg()


def merging(one, two):
    """Return a call that merges the second incident into the first, as they are now."""
    monitor = make_actor(Role.MONITOR)
    return lambda: incident_merge(
        actor=monitor,
        into_id=one.id,
        from_ids=[two.id],
        versions={one.id: one.version, two.id: two.version},
        reason="The same.",
    )


@pytest.fixture
def alice():
    return make_actor(Role.SUBMITTER)


def test_a_file_sent_ten_times_at_once_is_one(alice):
    report = make_incident(alice).reports.get()
    receipts = []

    def send():
        taken = evidence_receive(
            actor=alice, report_id=report.id, name="a.jpg", content=ContentFile(PHOTO)
        )
        receipts.append(taken.evidence.receipt)

    assert at_once(*[send] * 10) == ["done"] * 10
    assert Evidence.objects.count() == 1
    assert all(receipt == receipts[0] for receipt in receipts)


def test_withdrawn_ten_times_at_once_is_once(alice):
    report = make_incident(alice).reports.get()

    def withdraw():
        report_withdraw(actor=alice, report_id=report.id, reason="Mistaken.")

    assert at_once(*[withdraw] * 10) == ["done"] * 10
    assert ReportWithdrawal.objects.count() == 1
    assert AuditEntry.objects.filter(action="report.withdrawn").count() == 1


def test_changes_of_consent_at_once_are_numbered_and_none_is_lost(alice):
    report = make_incident(alice).reports.get()

    def change(purpose):
        return lambda: consent_change(
            actor=alice,
            report_id=report.id,
            purposes={purpose: purpose == Purpose.COURT},
            basis="informed",
            reason="Asked.",
        )

    assert at_once(*map(change, Purpose)) == ["done"] * 3
    assert sorted(ConsentChange.objects.values_list("number", flat=True)) == [1, 2, 3]
    now = consent_now(report)
    assert (now.share, now.publish, now.court) == (False, False, True)


def test_a_report_withdrawn_while_it_is_merged_counts_nowhere(alice):
    for _round in range(5):
        one, two = make_incident(), make_incident(alice)
        report = two.reports.get()

        def withdraw(report=report):
            report_withdraw(actor=alice, report_id=report.id, reason="Mistaken.")

        merged, withdrawn = at_once(merging(one, two), withdraw)
        assert withdrawn == "done"
        assert merged in {"done", "stale-version"}
        home = Report.objects.get(id=report.id).incident
        assert home.merged_into is None
        counted = home.reports.current().count()
        assert (home.state == "withdrawn") is (counted == 0)
        assert home.independent_sources == 2 * counted
    assert Incident.objects.count() == 10


def test_a_report_corrected_while_it_is_merged_stands_beside_the_first(alice):
    for round_ in range(5):
        one, two = make_incident(), make_incident(alice)
        report = two.reports.get()
        body = msgspec.json.encode(report_body(title="Corrected"))
        submission = replace(
            submission_parse(body, f"newer-{round_}"), corrects=report.idempotency_key
        )

        def correct(submission=submission):
            report_receive(actor=alice, submission=submission)

        merged, corrected = at_once(merging(one, two), correct)
        assert corrected == "done"
        assert merged in {"done", "stale-version"}
        report.refresh_from_db()
        assert report.corrected_by.incident_id == report.incident_id


def test_nobody_reads_more_identities_by_asking_at_once(alice):
    lead = make_actor(Role.LEAD_MONITOR)
    report = make_incident(alice).reports.get()

    def read():
        sealed_read(actor=lead, report_id=report.id, reason="To ask again.")

    for _number in range(READS_PER_HOUR - 3):
        read()
    results = at_once(*[read] * 8)
    assert sorted(results) == ["done"] * 3 + ["too-many-requests"] * 5
