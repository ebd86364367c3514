"""What the timeline tells of reports, which may move between incidents, and of what they bring."""

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_of
from accounts.models import Role
from incidents.intake.json_reports import submission_parse
from incidents.models import Evidence
from incidents.selectors import timeline
from incidents.services.judging import incident_assess
from incidents.services.merging import incident_split, merge_undo
from incidents.services.reports import report_receive
from ledger.services import audit_record
from tests.factories import make_actor, make_incident, make_member, merge_incidents, report_body

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def monitor(committed_db):
    return make_actor(Role.MONITOR)


def send(actor, key, corrects="", **changes):
    submission = submission_parse(msgspec.json.encode(report_body(**changes)), key)
    submission = msgspec.structs.replace(submission, corrects=corrects)
    return report_receive(actor=actor, submission=submission)


@transaction.atomic
def bring_file(actor, report):
    evidence = Evidence.objects.create(
        report=report,
        name="1.jpg",
        sha256="0" * 64,
        size=1,
        content_type="image/jpeg",
        storage_name="00/00",
        receipt={},
    )
    audit_record(
        actor=actor, action="evidence.received", object_type="evidence", object_id=evidence.id
    )


def told(incident):
    return [line.action for line in timeline.timeline_of(incident.id)]


def test_a_correction_is_told_with_what_it_changed(monitor):
    member = make_member()
    alice = actor_of(member)
    incident_id = send(alice, "first").incident_id
    send(alice, "second", corrects="first", title="Other", claims__0__best=6)
    first, second = timeline.timeline_of(incident_id)
    name = member.organisation.name
    assert second.text == f"A correction by {name} of their report arrived."
    assert (first.version, first.changes, second.version) == (1, [], 2)
    changes = {change["field"]: change for change in second.changes}
    assert changes["title"]["after"] == "Other"
    assert changes["casualties"]["after"][0]["best"] == 6
    assert "claims" not in changes["casualties"]["after"][0]


def test_a_file_is_told_where_its_report_is(monitor):
    alice = make_actor()
    one, two = make_incident(alice), make_incident()
    bring_file(alice, one.reports.get())
    assert told(one) == ["report.received", "evidence.received"]
    merge_incidents(two, one, actor=monitor)
    assert told(two).count("evidence.received") == 1


def test_what_a_report_brings_while_it_is_elsewhere_is_told_there_alone(monitor):
    alice = make_actor()
    one, two = make_incident(alice), make_incident()
    report = one.reports.get()
    record = merge_incidents(two, one, actor=monitor)
    bring_file(alice, report)
    merge_undo(actor=monitor, merge_id=record.id, version=2, reason="no")
    # It came while the report was with the other incident, and belongs to the report.
    assert told(two) == [
        "report.received",
        "incident.merged",
        "evidence.received",
        "incident.merge_undone",
    ]
    assert "evidence.received" in told(one)


def test_what_comes_after_a_split_is_not_told_of_the_old_incident(monitor):
    alice = make_actor()
    one, two = make_incident(alice), make_incident()
    report = one.reports.get()
    merge_incidents(two, one, actor=monitor)
    new = incident_split(
        actor=monitor, incident_id=two.id, report_ids=[report.id], version=2, reason="other"
    )
    bring_file(alice, report)
    assert "evidence.received" not in told(two)
    assert told(new) == ["report.received", "incident.split_off", "evidence.received"]


def test_a_change_made_while_it_is_being_read_is_not_taken_for_one_without_entry(
    monitor, monkeypatch
):
    incident = make_incident()
    read = timeline.incident_row_changes

    def change_and_read(ids):
        incident_assess(actor=monitor, incident_id=incident.id, version=1, grade="fair", reason="r")
        return read(ids)

    monkeypatch.setattr(timeline, "incident_row_changes", change_and_read)
    assert told(incident) == ["report.received"]
    monkeypatch.undo()
    assert told(incident) == ["report.received", "incident.assessed"]


def test_it_takes_as_many_queries_for_many_reports_as_for_two(monitor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            timeline.timeline_of(first.id)
        return len(captured)

    first, second, *others = [make_incident() for _ in range(5)]
    merge_incidents(first, second, actor=monitor)
    for_two = queries()
    for other in others:
        merge_incidents(first, other, actor=monitor)
    assert queries() == for_two
