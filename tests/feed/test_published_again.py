"""What was taken back, split or redacted and is then published again without another change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import seal
from incidents.models import Incident
from incidents.services.amendments import report_withdraw
from incidents.services.embargo import embargoes_end, incident_embargo
from incidents.services.judging import incident_publish
from incidents.services.merging import incident_split, merge_undo
from incidents.services.redaction import incident_redact
from incidents.services.workflow import Step, incident_triage, incident_withdraw
from ledger.dispatch import dispatch
from tests.factories import make_actor, make_incident, merge_incidents
from tests.feed.making import ITEMS, decided

pytestmark = pytest.mark.usefixtures("db")


def told():
    dispatch("feed.publish")
    seal()


@pytest.fixture
def beth():
    return make_actor(Role.LEAD_MONITOR)


@pytest.fixture
def incident(alice):
    """A published one of two reports."""
    incident = make_incident()
    merge_incidents(incident, make_incident(alice))
    decided(incident)
    told()
    return incident


@pytest.fixture
def alice():
    """Sent one of the reports."""
    return make_actor(Role.SUBMITTER)


def publish_as_it_stands(incident):
    """Publish the version that there is, without grading it again first."""
    version = Incident.objects.get(id=incident.id).version
    publication = incident_publish(
        actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, version=version
    )
    told()
    return publication


def changes(incident, audience=Audience.PUBLIC):
    rows = LogEntry.objects.filter(audience=audience, kind=Kind.INCIDENT, object_id=incident.id)
    return list(rows.order_by("seq").values_list("change", flat=True))


def withdraw(incident, beth):
    version = Incident.objects.get(id=incident.id).version
    incident_withdraw(actor=beth, incident_id=incident.id, version=version, reason="a doubt")
    incident_triage(
        actor=beth, incident_id=incident.id, version=version + 1, step=Step.REVIEW, reason="none"
    )


def split(incident, beth):
    incident_split(
        actor=beth,
        incident_id=incident.id,
        report_ids=[incident.reports.order_by("-id").first().id],
        version=Incident.objects.get(id=incident.id).version,
        reason="another strike",
    )


def merge_and_undo(incident, beth):
    record = merge_incidents(incident, make_incident())
    publish_as_it_stands(incident)
    version = Incident.objects.get(id=incident.id).version
    merge_undo(actor=beth, merge_id=record.id, version=version, reason="another strike")


def take_back(incident, alice):
    report = incident.reports.get(submitted_by_id=alice.id)
    report_withdraw(actor=alice, report_id=report.id, reason="not so")


def redact(incident, beth):
    incident_redact(actor=beth, incident_id=incident.id, reason="a name")


def embargo(incident, beth):
    version = Incident.objects.get(id=incident.id).version
    until = timezone.now() + timedelta(hours=1)
    incident_embargo(
        actor=beth, incident_id=incident.id, version=version, until=until, reason="they flee"
    )


LEAVES = [
    (withdraw, Change.WITHDRAWN),
    (split, Change.SPLIT),
    (merge_and_undo, Change.SPLIT),
    (take_back, Change.WITHDRAWN),
    (redact, Change.REDACTED),
]


each_way_out = pytest.mark.parametrize(
    ("leave", "change"), LEAVES, ids=[one.__name__ for one, _change in LEAVES]
)


@each_way_out
def test_it_is_in_the_log_again(client, incident, alice, beth, leave, change):
    leave(incident, alice if leave is take_back else beth)
    told()
    assert client.get(ITEMS).json()["features"] == []
    publication = publish_as_it_stands(incident)
    for audience in Audience:
        assert changes(incident, audience)[-2:] == [change, Change.CREATED]
    (feature,) = client.get(ITEMS).json()["features"]
    standing = Incident.objects.get(id=incident.id)
    assert feature["id"] == str(incident.id)
    assert feature["properties"]["version"] == publication.incident_version
    assert standing.version == standing.published_version == publication.incident_version


@each_way_out
def test_so_it_is_where_the_feed_is_told_of_both(client, incident, alice, beth, leave, change):
    leave(incident, alice if leave is take_back else beth)
    publish_as_it_stands(incident)
    assert changes(incident)[-2:] == [change, Change.CREATED]
    assert len(client.get(ITEMS).json()["features"]) == 1


def test_what_was_published_during_an_embargo_is_in_the_log_when_it_ends(client, incident, beth):
    embargo(incident, beth)
    told()
    publish_as_it_stands(incident)
    assert client.get(ITEMS).json()["features"] == []
    Incident.objects.filter(id=incident.id).update(embargo_until=timezone.now())
    assert embargoes_end() == 1
    told()
    assert changes(incident)[-2:] == [Change.WITHDRAWN, Change.CREATED]
    assert len(client.get(ITEMS).json()["features"]) == 1


def test_what_is_split_and_published_during_an_embargo_waits_for_its_end(client, incident, beth):
    split(incident, beth)
    told()
    embargo(incident, beth)
    publish_as_it_stands(incident)
    version = Incident.objects.get(id=incident.id).version
    incident_embargo(
        actor=beth, incident_id=incident.id, version=version, until=None, reason="they are safe"
    )
    told()
    assert changes(incident)[-2:] == [Change.SPLIT, Change.CREATED]


def test_what_was_not_taken_back_is_published_in_the_version_that_is_named():
    incident = make_incident()
    publication = decided(incident)
    version = Incident.objects.get(id=incident.id).version
    assert publication.incident_version == version
    assert decided(incident).incident_version == version + 1
