"""A report is withdrawn by its organisation: it counts nowhere, and nothing is erased."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Role
from core.errors import InvalidInput, InvalidTransition
from incidents.models import Incident, Report, ReportWithdrawal
from incidents.selectors.sources import sources_of
from incidents.services.judging import incident_publish
from incidents.services.merging import incident_split, merge_undo
from incidents.services.workflow import Step, incident_triage
from incidents.snapshots import audiences_permitted, snapshot_of
from ledger.models import AuditEntry
from tests.factories import make_actor, make_member
from tests.incidents.amendments.saying import correct, kinds_of, publish, second_report, withdraw
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh


@pytest.fixture
def two(alice, charlie, report):
    """The reports of two organisations of one incident, which say 5 and 50 were killed."""
    other = second_report(
        charlie, report, claims__0__minimum=40, claims__0__best=50, claims__0__maximum=60
    )
    return report, other


def killed(incident):
    return {(figure["minimum"], figure["maximum"]) for figure in fresh(incident).casualties}


def test_it_counts_no_longer(charlie, two):
    report, other = two
    before = fresh(report.incident)
    assert withdraw(charlie, other).status_code == 200
    incident = fresh(report.incident)
    assert killed(incident) == {(4, 7)}
    assert {source.report_id for source in sources_of(incident.id)} == {report.id}
    snapshot = snapshot_of(incident)
    assert (snapshot["report_count"], snapshot["reports"]) == (1, [str(report.id)])
    assert incident.version == before.version + 1


def test_what_it_forbade_is_allowed_again(alice, charlie, report):
    other = second_report(charlie, report, may_republish=False)
    assert audiences_permitted(snapshot_of(fresh(report.incident))) == []
    withdraw(charlie, other)
    assert audiences_permitted(snapshot_of(fresh(report.incident))) == ["public", "partner"]


def test_it_stays_readable_and_is_marked(alice, bob, report):
    answer = withdraw(alice, report).json()
    assert answer["report"] == str(report.id)
    for reader in (alice, bob):
        shown = reader.get(f"/api/v1/reports/{report.id}/").json()
        assert shown["withdrawn"] == {
            "withdrawn_at": answer["withdrawn_at"],
            "reason": "We were mistaken.",
        }
        assert shown["claims"]


def test_again_it_gets_the_same_answer(alice, report):
    first = withdraw(alice, report).json()
    assert withdraw(alice, report, reason="Another reason.").json() == first
    assert ReportWithdrawal.objects.count() == 1
    assert AuditEntry.objects.filter(action="report.withdrawn").count() == 1


def test_the_ledger_has_who_why_and_what_became_of_the_incident(alice, report):
    withdraw(alice, report)
    entry = AuditEntry.objects.get(action="report.withdrawn")
    assert (entry.actor_id, entry.object_id) == (alice.membership.user_id, report.id)
    assert entry.reason == "We were mistaken."
    entry = AuditEntry.objects.get(action="incident.report_withdrawn")
    assert entry.object_id == report.incident_id
    assert entry.data["state"] == {"before": "new", "after": "withdrawn"}


def test_an_incident_without_a_report_left_is_withdrawn(alice, charlie, two):
    report, other = two
    withdraw(charlie, other)
    assert fresh(report.incident).state == "new"
    withdraw(alice, report)
    incident = fresh(report.incident)
    assert incident.state == "withdrawn"
    assert (incident.casualties, incident.independent_sources) == ([], 0)
    assert kinds_of(incident.id)[-2:] == ["incident.changed", "incident.withdrawn"]


def test_what_rests_on_nothing_is_never_published(alice, report):
    withdraw(alice, report)
    assert audiences_permitted(snapshot_of(fresh(report.incident))) == []
    monitor, incident = make_actor(Role.MONITOR), fresh(report.incident)
    Incident.objects.filter(id=incident.id).update(grade="fair")
    incident_triage(
        actor=monitor, incident_id=incident.id, version=incident.version, step=Step.REVIEW
    )
    with pytest.raises(InvalidTransition, match="No report"):
        incident_publish(actor=monitor, incident_id=incident.id, version=incident.version + 1)


def test_a_published_version_that_rests_on_it_is_taken_back(charlie, two):
    report, other = two
    publish(report.incident_id)
    before = len(kinds_of(report.incident_id))
    withdraw(charlie, other)
    assert fresh(report.incident).state == "in_review"
    assert kinds_of(report.incident_id, before) == ["incident.changed", "incident.taken_back"]


def test_one_that_rests_on_what_it_corrected_is_taken_back(alice, charlie, two):
    report, other = two
    publish(report.incident_id)
    newer = correct(charlie, other).json()["id"]
    assert fresh(report.incident).state == "published"
    withdraw(charlie, newer)
    assert fresh(report.incident).state == "in_review"


def test_one_that_came_before_it_stays(alice, charlie, report):
    publish(report.incident_id)
    other = second_report(charlie, report)
    withdraw(charlie, other)
    assert fresh(report.incident).state == "published"
    assert "incident.taken_back" not in kinds_of(report.incident_id)


def test_a_corrected_report_is_withdrawn_by_its_newer_one(alice, report):
    newer = correct(alice, report).json()["id"]
    answer = withdraw(alice, report)
    assert answer.status_code == 409
    assert answer.json()["report"] == newer
    assert withdraw(alice, newer).status_code == 200
    assert fresh(report.incident).state == "withdrawn"


def test_a_withdrawn_report_is_not_corrected(alice, report):
    withdraw(alice, report)
    answer = correct(alice, report, title="Again")
    assert answer.status_code == 409
    assert Report.objects.count() == 1


def test_reports_are_not_split_off_so_that_nothing_counts_on_either_side(charlie, two):
    report, other = two
    withdraw(charlie, other)
    for chosen in (report, other):
        with pytest.raises(InvalidInput):
            incident_split(
                actor=make_actor(Role.MONITOR),
                incident_id=report.incident_id,
                report_ids=[chosen.id],
                version=fresh(report.incident).version,
                reason="Another strike.",
            )


def test_a_merge_undone_leaves_no_incident_standing_on_nothing(charlie, two):
    report, other = two
    withdraw(charlie, other)
    record = report.incident.merges.get()
    merge_undo(
        actor=make_actor(Role.MONITOR),
        merge_id=record.id,
        version=fresh(report.incident).version,
        reason="Not the same.",
    )
    restored = Report.objects.get(id=other.id).incident
    assert (restored.id, restored.state) == (
        Incident.objects.exclude(id=report.incident_id).get().id,
        "withdrawn",
    )


def test_a_withdrawal_never_changes_nor_goes(alice, report):
    withdraw(alice, report)
    for change in (
        lambda: ReportWithdrawal.objects.update(reason="x"),
        lambda: ReportWithdrawal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x", "y": 1}])
def test_it_needs_a_reason_and_nothing_else(alice, report, body):
    assert alice.post(f"/api/v1/reports/{report.id}/withdraw/", body).status_code == 400


def test_nobody_withdraws_what_others_said(report, charlie, bob, nobody):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (bob, 404), (partner, 403), (admin, 403), (nobody, 401)):
        assert withdraw(who, report).status_code == status
    assert not ReportWithdrawal.objects.exists()
