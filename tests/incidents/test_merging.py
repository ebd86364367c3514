"""Several incidents become one, and stand again under their old ids when that is undone."""

import pytest

from incidents.models import MergeRecord
from ledger.models import AuditEntry, DomainEvent
from scoring.handlers import incidents_changed
from tests.factories import make_incident
from tests.incidents.judging import fresh, merge, relayed_incident, split, undo, url
from tests.incidents.test_judging import assess, publish


def test_reports_move_and_figures_are_counted_anew(bob):
    first, *others = [relayed_incident(number) for number in range(1, 11)]
    answer = merge(bob, first, *others)
    assert answer.status_code == 201, answer.content
    first = fresh(first)
    assert first.reports.count() == 10
    assert first.independent_sources == 1
    (figure,) = first.casualties
    assert (figure["minimum"], figure["best"], figure["maximum"]) == (1, 5, 10)
    assert len(figure["claims"]) == 10
    assert first.version == 2


def test_a_hospital_merged_in_is_a_further_source(bob):
    first = relayed_incident(1)
    source = {"ref": "h", "kind": "hospital", "name": "A hospital"}
    merge(bob, first, make_incident(sources=[source], claims=[]))
    assert fresh(first).independent_sources == 2


def test_an_old_id_redirects_to_the_one_that_is_left(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    merge(bob, two, one)
    merge(bob, three, two)
    answer = bob.get(url(one))
    assert answer.status_code == 308
    assert answer["Location"].endswith(url(three))
    assert answer.json() == {"merged_into": str(three.id)}
    assert bob.get(answer["Location"]).status_code == 200


def test_lists_leave_merged_incidents_out(bob):
    one, two = make_incident(), make_incident()
    merge(bob, two, one)
    listed = [row["id"] for row in bob.get("/api/v1/incidents/").json()["results"]]
    assert listed == [str(two.id)]


def test_a_merged_incident_has_no_report_and_no_figure_of_its_own(bob):
    one, two = make_incident(), make_incident()
    merge(bob, two, one)
    one = fresh(one)
    assert (one.reports.count(), one.casualties, one.independent_sources) == (0, [], 0)
    assert one.version == 2


def test_each_incident_touched_is_audited_and_scored_anew(bob):
    one, two = make_incident(), make_incident()
    merge(bob, two, one)
    actions = {(entry.object_id, entry.action, entry.reason) for entry in AuditEntry.objects.all()}
    assert (one.id, "incident.merged_into", "The same strike.") in actions
    assert (two.id, "incident.merged", "The same strike.") in actions
    events = DomainEvent.objects.filter(kind="incident.changed")
    assert {(event.object_id, event.payload["version"]) for event in events} == {
        (one.id, 2),
        (two.id, 2),
    }
    incidents_changed(list(events))
    assert fresh(two).exposures.filter(incident_version=2).exists()


def test_a_merged_incident_is_neither_graded_nor_published_nor_merged_again(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    merge(bob, two, one)
    for answer in (
        assess(bob, one, version=2),
        publish(bob, one, 2),
        merge(bob, one, three),
        merge(bob, three, one),
        split(bob, one, two.reports.first()),
    ):
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:harmwatch:problem:invalid-transition"
        assert answer.json()["merged_into"] == str(two.id)


def test_an_old_version_of_any_is_refused_naming_which(bob):
    one, two = make_incident(), make_incident()
    assess(bob, one)
    answer = merge(bob, two, one, incidents=[{"id": str(one.id), "version": 1}])
    assert answer.status_code == 412
    assert answer.json()["incident"] == str(one.id)
    assert answer.json()["current_version"] == 2
    assert merge(bob, two, one, version=9).json()["incident"] == str(two.id)
    assert MergeRecord.objects.count() == 0


@pytest.mark.parametrize("case", ["itself", "twice", "none", "no reason"])
def test_what_makes_no_sense_is_refused(bob, case):
    one, two = make_incident(), make_incident()
    known = {"id": str(one.id), "version": 1}
    answer = {
        "itself": lambda: merge(bob, two, two),
        "twice": lambda: merge(bob, two, incidents=[known, known]),
        "none": lambda: merge(bob, two),
        "no reason": lambda: merge(bob, two, one, reason=" "),
    }[case]()
    assert answer.status_code == 400
    assert fresh(one).merged_into is None


def test_undoing_restores_the_old_incidents_and_figures(bob):
    one, two = relayed_incident(1), make_incident()
    before = [(fresh(i).casualties, list(i.reports.values_list("id"))) for i in (one, two)]
    record = merge(bob, two, one).json()
    answer = undo(bob, record, two)
    assert answer.status_code == 200, answer.content
    assert answer.json()["undone_at"]
    assert [(fresh(i).casualties, list(i.reports.values_list("id"))) for i in (one, two)] == before
    assert bob.get(url(one)).status_code == 200
    assert [fresh(i).version for i in (one, two)] == [3, 3]
    actions = set(AuditEntry.objects.values_list("object_id", "action"))
    assert {(one.id, "incident.restored"), (two.id, "incident.merge_undone")} <= actions


def test_reports_that_came_after_the_merge_stay_when_it_is_undone(bob):
    one, two, three = make_incident(), make_incident(), make_incident()
    record = merge(bob, two, one).json()
    merge(bob, two, three)
    assert undo(bob, record, two).status_code == 200
    assert (fresh(one).reports.count(), fresh(two).reports.count()) == (1, 2)


def test_a_merge_is_undone_once(bob):
    one, two = make_incident(), make_incident()
    record = merge(bob, two, one).json()
    undo(bob, record, two)
    assert undo(bob, record, two).status_code == 409


def test_a_merge_whose_reports_moved_on_is_not_undone(bob):
    one, two = make_incident(), make_incident()
    record = merge(bob, two, one).json()
    split(bob, two, *fresh(two).reports.filter(id__in=record["moved"][str(one.id)]))
    assert undo(bob, record, two).status_code == 409
    assert fresh(one).merged_into_id == two.id


def test_undoing_names_the_version_that_was_seen(bob):
    one, two = make_incident(), make_incident()
    record = merge(bob, two, one).json()
    assert undo(bob, record, two, version=1).status_code == 412
    assert bob.get(url(two)).json()["merges"][0]["undone_at"] is None


def test_one_that_was_published_is_in_review_again_when_restored(bob):
    one, two = make_incident(), make_incident()
    assess(bob, one)
    publish(bob, one, 2)
    record = merge(bob, two, one).json()
    undo(bob, record, two)
    assert fresh(one).state == "in_review"
