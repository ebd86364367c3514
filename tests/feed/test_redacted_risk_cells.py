"""What a redaction leaves of the risk cells that named the incident: numbers, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from feed.models import Audience, Kind, LogEntry, Release
from feed.redaction import redaction_write
from feed.releases import release_create, releases_make
from feed.risk import risk_publish_if_due
from feed.sealing import seal
from feed.selectors import latest_seq
from incidents.services.redaction import incident_redact
from ledger.dispatch import dispatch
from scoring.models import RiskRun
from tests.factories import make_actor
from tests.feed.conftest import TOWN
from tests.feed.making import published

ITEMS = "/ogc/collections/risk-cells/items"
CHANGES = "/api/v1/changes"
FAR = (43.1, 34.6)
pytestmark = pytest.mark.usefixtures("layer", "releases_folder")


def strike(place=TOWN):
    day = (timezone.now() - timedelta(days=20)).date().isoformat()
    return published(
        location__longitude=place[0],
        location__latitude=place[1],
        location__precision="within_100m",
        occurred__start=f"{day}T00:00:00Z",
        occurred__end=f"{day}T23:59:59Z",
    )


def run(days=0, audience=Audience.PUBLIC):
    made = risk_publish_if_due(audience, now=timezone.now() + timedelta(days=days))
    seal()
    return made


def redacted(incident):
    result = incident_redact(
        actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name"
    )
    dispatch("feed.publish")
    seal()
    return result


def cells(audience=Audience.PUBLIC, **columns):
    rows = LogEntry.objects.filter(audience=audience, kind=Kind.RISK_CELL, **columns)
    return rows.order_by("seq")


def naming(incident, **columns):
    return cells(feature__contains=str(incident.id), **columns)


def whole(client, path, **asked):
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.content
    return (answer.getvalue() if answer.streaming else answer.content).decode()


@pytest.fixture
def incident():
    """A strike that cells of two runs name, beside cells that never did."""
    incident = strike()
    strike(FAR)
    run()
    strike((TOWN[0] + 0.05, TOWN[1]))
    run(days=1)
    return incident


def test_no_version_that_named_it_is_left_now_or_as_of_then(public, incident):
    head = latest_seq(Audience.PUBLIC)
    versions = naming(incident).values_list("object_version", flat=True)
    assert set(versions) == {1, 2}
    ids, others = list(naming(incident).values_list("id", flat=True)), cells().count()
    others -= len(ids)
    redacted(incident)
    assert not naming(incident).exists()
    for blanked in LogEntry.objects.filter(id__in=ids):
        assert not any(getattr(blanked, name) for name in LogEntry.REDACTABLE_COLUMNS)
        assert blanked.seq
        assert blanked.hash
    assert cells(seq__lte=head).exclude(feature="").count() == others > 0
    for at in ({}, {"as_of": head}, {"as_of": head - 1}):
        assert str(incident.id) not in whole(public, ITEMS, limit=10000, **at)
    feature = f"{ITEMS}/{cells(id__in=ids)[0].object_id}"
    assert public.get(feature).status_code == 404


def test_replayed_it_is_a_tombstone_and_told_by_a_new_entry(public, incident):
    head = latest_seq(Audience.PUBLIC)
    named = set(naming(incident).values_list("object_id", flat=True))
    chains = dict(cells(seq__lte=head).values_list("seq", "chain"))
    redacted(incident)
    assert dict(cells(seq__lte=head).values_list("seq", "chain")) == chains
    told = cells(seq__gt=head)
    assert {one.object_id for one in told} == named
    assert {(one.change, one.reason, one.feature) for one in told} == {("redacted", "redacted", "")}
    changes = public.get(CHANGES, {"limit": 10000}).json()["changes"]
    assert len(changes) == latest_seq(Audience.PUBLIC)
    for change in changes:
        assert str(incident.id) not in str(change["feature"])
        assert change["redacted"] == (change["salt"] is None)


def test_the_next_run_tells_its_cells_anew_without_it(public, incident):
    named = set(naming(incident).values_list("object_id", flat=True))
    redacted(incident)
    assert run(days=2).state == RiskRun.State.FINISHED
    back = cells(object_id__in=named, closed_by_seq=None).exclude(feature="")
    assert {one.change for one in back} == {"created"}
    assert not naming(incident).exists()
    assert str(incident.id) not in whole(public, ITEMS, limit=10000)


def test_a_release_that_held_them_is_made_anew(public, incident):
    lead = make_actor(Role.LEAD_MONITOR)
    release_create(actor=lead, name="then", audience=Audience.PUBLIC)
    releases_make()
    path = "/api/v1/releases/then/files/risk-cells.geojson"
    assert str(incident.id) in whole(public, path)
    redacted(incident)
    assert not Release.objects.get().is_made
    assert public.get(path).status_code == 503
    releases_make()
    assert str(incident.id) not in whole(public, path)
    assert naming(incident).count() == 0


def test_what_waits_for_the_sealer_is_blanked_too():
    incident = strike()
    risk_publish_if_due(Audience.PUBLIC)
    assert naming(incident, seq=None).exists()
    redacted(incident)
    assert not naming(incident).exists()


def test_a_run_that_read_the_log_before_is_not_published(incident, monkeypatch):
    """It may name the incident: it is begun anew."""
    import feed.risk

    read = feed.risk.log_inputs

    def read_then_redacted(audience):
        inputs = read(audience)
        monkeypatch.setattr("feed.risk.log_inputs", read)
        redacted(incident)
        return inputs

    monkeypatch.setattr("feed.risk.log_inputs", read_then_redacted)
    made = run(days=2)
    assert (made.state, made.cells.count()) == ("failed", 0)
    assert "redacted" in made.error
    assert not naming(incident).exists()
    assert run(days=2).state == RiskRun.State.FINISHED
    assert not naming(incident).exists()


def test_published_again_it_may_be_named_and_the_old_redaction_takes_nothing(incident):
    version = redacted(incident).version
    incident.refresh_from_db()
    published(incident)
    run(days=2)
    count = naming(incident).count()
    assert count
    assert redaction_write(object_id=incident.id, version=version) == []
    assert naming(incident).count() == count


def test_cells_of_the_other_audience_go_as_well(incident):
    run(days=1, audience=Audience.PARTNER)
    partner = cells(Audience.PARTNER, feature__contains=str(incident.id))
    assert partner.exists()
    redacted(incident)
    assert not LogEntry.objects.filter(feature__contains=str(incident.id)).exists()
