"""What readers of the feed see when what was published rests on what is said no longer."""

import pytest

from accounts.actors import Actor
from accounts.models import Role
from feed.models import Audience, Change, LogEntry
from feed.sealing import seal
from incidents.models import Report
from incidents.services.amendments import consent_change, report_withdraw
from incidents.vocab import Purpose
from ledger.dispatch import dispatch
from tests.factories import bearer, make_actor, make_incident, make_member
from tests.feed.making import ITEMS, decided

pytestmark = pytest.mark.usefixtures("db")
WHY = "Umm Ahmed was threatened"


def told():
    dispatch("feed.publish")
    seal()


@pytest.fixture
def alice() -> Actor:
    return make_actor(Role.SUBMITTER)


@pytest.fixture
def report(alice) -> Report:
    """A report of a published incident."""
    incident = make_incident(alice)
    decided(incident)
    told()
    return incident.reports.get()


def narrow(alice, report, *purposes):
    consent_change(
        actor=alice,
        report_id=report.id,
        purposes=dict.fromkeys(purposes, False),
        basis=None,
        reason=WHY,
    )
    told()


def shown(client, **headers):
    return [feature["id"] for feature in client.get(ITEMS, **headers).json()["features"]]


def newest(report, audience):
    rows = LogEntry.objects.filter(audience=audience, object_id=report.incident_id, kind="incident")
    return rows.latest("object_version")


def test_it_is_there_before(client, report):
    assert shown(client) == [str(report.incident_id)]


def test_a_withdrawn_report_takes_its_incident_out_at_once(client, alice, report):
    report_withdraw(actor=alice, report_id=report.id, reason=WHY)
    told()
    assert shown(client) == []
    assert client.get(f"{ITEMS}/{report.incident_id}").status_code == 404


@pytest.mark.parametrize("purpose", [Purpose.SHARE, Purpose.PUBLISH])
def test_consent_taken_back_takes_it_out_at_once_for_everybody(client, alice, report, purpose):
    narrow(alice, report, purpose)
    assert shown(client) == []
    assert shown(client, **bearer(make_member(Role.PARTNER))) == []


def test_the_feed_tells_neither_why_nor_whose_it_was(alice, report):
    narrow(alice, report, Purpose.PUBLISH)
    for audience in Audience:
        row = newest(report, audience)
        assert (row.change, row.feature, row.geometry) == (Change.WITHDRAWN, "", None)
        assert row.reason == "what it rests on has changed; it may be published again"


def test_published_again_it_reaches_whom_consent_still_covers(client, alice, report):
    narrow(alice, report, Purpose.PUBLISH)
    decided(report.incident)
    told()
    assert shown(client) == []
    assert shown(client, **bearer(make_member(Role.PARTNER))) == [str(report.incident_id)]


def test_a_decision_and_the_consent_taken_back_after_it_are_written_in_order(client, alice):
    incident = make_incident(alice)
    decided(incident)
    narrow(alice, incident.reports.get(), Purpose.PUBLISH)
    assert shown(client) == []
    changes = LogEntry.objects.filter(audience=Audience.PUBLIC, kind="incident")
    changes = changes.order_by("object_version")
    assert list(changes.values_list("change", flat=True)) == [Change.CREATED, Change.WITHDRAWN]
