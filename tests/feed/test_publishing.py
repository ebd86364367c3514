"""Which audience gets which version, once."""

import pytest

from feed.models import Audience, Change, LogEntry
from feed.publishing import publications_write
from incidents.models import Report
from incidents.services.judging import NotPublishable
from incidents.vocab import Grade
from ledger.dispatch import dispatch
from ledger.models import Delivery
from tests.factories import make_incident
from tests.feed.making import decided, features

BOTH = {Audience.PUBLIC, Audience.PARTNER}


def log(incident):
    rows = LogEntry.objects.filter(object_id=incident.id, kind="incident").order_by(
        "object_version", "-audience"
    )
    return [(row.audience, row.change) for row in rows]


@pytest.mark.parametrize(
    ("changes", "audiences"),
    [
        ({}, BOTH),
        ({"consent__publish": False}, {Audience.PARTNER}),
        ({"consent__share": False}, {Audience.PUBLIC}),
    ],
    ids=["all", "not public", "not partners"],
)
def test_licence_and_consent_decide_who_sees_it(db, changes, audiences):
    incident = make_incident(**changes)
    publications_write([decided(incident)])
    assert {audience for audience, _change in log(incident)} == audiences


@pytest.mark.parametrize(
    "changes",
    [{"consent__share": False, "consent__publish": False}, {"may_republish": False}],
    ids=["no consent", "licence forbids"],
)
def test_what_nobody_may_see_is_not_published(db, changes):
    with pytest.raises(NotPublishable):
        decided(make_incident(**changes))


def test_one_report_that_may_not_be_passed_on_binds_the_incident(db):
    incident = make_incident()
    Report.objects.filter(incident=make_incident(may_republish=False)).update(incident=incident)
    with pytest.raises(NotPublishable):
        decided(incident)


def test_a_publication_written_twice_is_in_the_log_once(db):
    publication = decided(make_incident())
    assert len(publications_write([publication])) == 2
    assert publications_write([publication]) == []
    assert publications_write([publication, publication]) == []


def test_a_version_older_than_the_newest_is_not_written(db):
    incident = make_incident()
    first, second = decided(incident), decided(incident, Grade.WEAK)
    publications_write([second])
    assert publications_write([first]) == []


def test_two_versions_in_one_batch_are_written_in_order(db):
    incident = make_incident()
    publications = [decided(incident), decided(incident, Grade.WEAK)]
    changes = [entry.change for entry in publications_write(publications)]
    assert changes == [Change.CREATED, Change.REGRADED] * 2


def test_a_new_grade_alone_is_told_from_an_update(db):
    incident = make_incident()
    publications_write([decided(incident)])
    publications_write([decided(incident, Grade.CONTESTED)])
    incident.refresh_from_db()
    incident.weapon, incident.version = "mortar", incident.version + 1
    incident.save()
    publications_write([decided(incident, Grade.CONTESTED)])
    publications_write([decided(incident, Grade.CONTESTED)])
    public = [change for audience, change in log(incident) if audience == Audience.PUBLIC]
    assert public == [Change.CREATED, Change.REGRADED, Change.UPDATED, Change.UPDATED]


def test_what_may_no_longer_be_shown_is_withdrawn(db):
    incident = make_incident()
    publications_write([decided(incident)])
    Report.objects.filter(incident=make_incident(consent__publish=False)).update(incident=incident)
    publications_write([decided(incident)])
    assert log(incident)[2:] == [
        (Audience.PUBLIC, Change.WITHDRAWN),
        (Audience.PARTNER, Change.UPDATED),
    ]
    withdrawn = LogEntry.objects.get(change=Change.WITHDRAWN, kind="incident")
    assert (withdrawn.feature, withdrawn.geometry) == ("", None)
    assert withdrawn.reason
    publications_write([decided(incident)])  # withdrawn stays withdrawn, and is said once
    assert [c for a, c in log(incident) if a == Audience.PUBLIC][1:] == [Change.WITHDRAWN]


def test_what_may_be_shown_again_begins_anew(db):
    incident, other = make_incident(), make_incident(consent__publish=False)
    publications_write([decided(incident)])
    Report.objects.filter(incident=other).update(incident=incident)
    publications_write([decided(incident)])
    Report.objects.filter(incident=incident, consent_publish=False).update(incident=other)
    publications_write([decided(incident)])
    public = [change for audience, change in log(incident) if audience == Audience.PUBLIC]
    assert public == [Change.CREATED, Change.WITHDRAWN, Change.CREATED]


def test_the_consumer_writes_what_a_monitor_decided(db):
    incident = make_incident()
    decided(incident)
    dispatch("feed.publish")
    assert {audience for audience, _change in log(incident)} == BOTH
    delivery = Delivery.objects.get(consumer="feed.publish")
    assert delivery.state == Delivery.State.DONE


def test_the_snapshot_is_published_and_not_what_the_record_became(db):
    incident = make_incident()
    publication = decided(incident)
    incident.refresh_from_db()
    incident.weapon = "mortar"
    incident.save()
    publications_write([publication])
    assert features(Audience.PUBLIC, incident)[0]["properties"]["weapon"] == "barrel_bomb"
