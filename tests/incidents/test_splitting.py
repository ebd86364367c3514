"""Reports of another strike get an incident of their own."""

import pytest

from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_incident
from tests.incidents.judging import fresh, merge, relayed_incident, split, url


@pytest.fixture
def both(bob):
    """Two strikes that were taken for one."""
    one = make_incident()
    mortar = make_incident(weapon="mortar", title="Mortar", location__longitude=44.1)
    merge(bob, one, mortar)
    return fresh(one)


def test_the_new_incident_is_what_its_oldest_report_says(bob, both):
    report = both.reports.get(weapon="mortar")
    answer = split(bob, both, report)
    assert answer.status_code == 201, answer.content
    new = bob.get(answer["Location"]).json()
    assert (new["weapon"], new["title"], new["location"]["longitude"]) == ("mortar", "Mortar", 44.1)
    assert (new["reports"], new["state"], new["grade"]) == ([str(report.id)], "new", "")
    assert answer.json()["id"] == new["id"]


def test_both_are_counted_anew(bob):
    one = relayed_incident(1)
    merge(bob, one, make_incident())
    assert fresh(one).independent_sources == 3
    answer = split(
        bob, one, fresh(one).reports.get(title="Barrel bombs on Fallujah", claims__best=5)
    )
    assert fresh(one).independent_sources == 1
    assert answer.json()["independent_sources"] == 2
    assert [figure["best"] for figure in answer.json()["casualties"]] == [5]


def test_both_are_audited_and_scored(bob, both):
    new = split(bob, both, both.reports.get(weapon="mortar")).json()
    actions = {(str(entry.object_id), entry.action) for entry in AuditEntry.objects.all()}
    assert {(str(both.id), "incident.split"), (new["id"], "incident.split_off")} <= actions
    assert DomainEvent.objects.filter(kind="incident.opened", object_id=new["id"]).exists()
    last = DomainEvent.objects.filter(kind="incident.changed", object_id=both.id).last()
    assert last.payload == {"version": fresh(both).version}


def test_merging_it_back_undoes_a_split(bob, both):
    before = both.casualties, both.independent_sources
    answer = split(bob, both, both.reports.get(weapon="mortar"))
    new = bob.get(answer["Location"]).json()
    known = [{"id": new["id"], "version": new["version"]}]
    assert merge(bob, both, incidents=known).status_code == 201
    assert (fresh(both).casualties, fresh(both).independent_sources) == before
    assert bob.get(url(new["id"])).status_code == 308


def test_a_report_stays(bob, both):
    assert split(bob, both, *both.reports.all()).status_code == 400
    assert both.reports.count() == 2


def test_only_its_own_reports_are_split_off(bob, both):
    other = make_incident().reports.get()
    answer = split(bob, both, both.reports.first(), other)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "reports"


def test_an_old_version_is_refused(bob, both):
    answer = split(bob, both, both.reports.first(), version=1)
    assert (answer.status_code, answer.json()["current_version"]) == (412, 2)
