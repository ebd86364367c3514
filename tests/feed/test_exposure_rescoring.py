"""Published exposure follows the layer and the formula in use; the incidents' entries stay."""

import json

import pytest

from accounts.models import Role
from core.ids import uuid7
from feed import exposure
from feed.exposure import exposures_rescore
from feed.exposure_writing import RESCORED
from feed.models import Audience, Change, ExposureSweep, Kind, LogEntry
from feed.sealing import seal
from incidents.models import Incident
from incidents.services.redaction import incident_redact
from incidents.services.workflow import incident_withdraw
from ledger.dispatch import dispatch
from tests.factories import make_actor
from tests.feed.conftest import TOWN
from tests.feed.making import entry, exposure_shown, published

pytestmark = pytest.mark.usefixtures("layer")


@pytest.fixture
def new_profiles(monkeypatch):
    """Upgrade the weapons' radii, in name."""
    monkeypatch.setattr("feed.exposure_writing.PROFILES_VERSION", "profiles-test")


def strike(**changes):
    return published(location__longitude=TOWN[0], location__latitude=TOWN[1], **changes)


def rows(kind, audience=Audience.PUBLIC):
    return LogEntry.objects.filter(audience=audience, kind=kind).order_by("seq")


def rescored():
    written = sum(exposures_rescore(audience) for audience in Audience)
    seal()
    return written


def test_with_nothing_new_nothing_is_written():
    strike()
    assert rescored() == 0
    assert rescored() == 0


def test_an_upgrade_publishes_exposure_again_and_leaves_the_incident_alone(new_profiles, public):
    incident = strike()
    before = list(rows(Kind.INCIDENT).values_list("id", "seq", "closed_by_seq"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feed.exposure_writing.PROFILES_VERSION", "profiles-next")
        assert rescored() == 2
    assert list(rows(Kind.INCIDENT).values_list("id", "seq", "closed_by_seq")) == before
    first, second = rows(Kind.EXPOSURE)
    assert (second.change, second.reason) == (Change.UPDATED, RESCORED)
    assert (second.object_version, second.incident_version) == (
        first.object_version + 1,
        first.incident_version,
    )
    assert first.closed_by_seq == second.seq
    items = public.get("/ogc/collections/exposure/items").json()["features"]
    assert [one["properties"]["profiles_version"] for one in items] == ["profiles-next"]
    past = public.get(f"/ogc/collections/exposure/items?as_of={first.seq}").json()["features"]
    assert [one["properties"]["profiles_version"] for one in past] == ["profiles-test"]
    assert exposure_shown(Audience.PUBLIC, incident)["geometry"] == past[0]["geometry"]


def test_another_layer_is_named_by_what_it_counted(layer):
    incident = strike()
    layer.is_active = False
    layer.save()
    assert rescored() == 2
    for audience in Audience:
        shown = exposure_shown(audience, incident)["properties"]
        assert (shown["layer"], shown["unscored_reason"]) == ("", "no_layer")
    layer.is_active = True
    layer.save()
    assert rescored() == 2
    assert exposure_shown(Audience.PUBLIC, incident)["properties"]["layer"] == "Test"
    assert rescored() == 0


def test_it_is_computed_from_the_log_and_never_from_the_record(layer):
    incident = strike()
    before = exposure_shown(Audience.PUBLIC, incident)["properties"]
    Incident.objects.filter(id=incident.id).update(location=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feed.exposure_writing.PROFILES_VERSION", "profiles-next")
        rescored()
    after = exposure_shown(Audience.PUBLIC, incident)["properties"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version", "profiles_version"}


def test_incidents_of_before_there_was_exposure_in_the_log_get_theirs(public):
    entry(*TOWN, uncertainty_m=1_400.0)
    entry(None)
    seal()
    assert rescored() == 2
    assert {one.change for one in rows(Kind.EXPOSURE)} == {Change.CREATED}
    assert {one.reason for one in rows(Kind.EXPOSURE)} == {""}
    assert rescored() == 0


def test_it_goes_on_behind_the_last_that_it_looked_at(monkeypatch):
    monkeypatch.setattr(exposure, "AT_ONCE", 2)
    for _number in range(5):
        entry(*TOWN, uncertainty_m=1_400.0)
    seal()
    real, calls = exposure._written, []

    def killed(*given):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return real(*given)

    monkeypatch.setattr(exposure, "_written", killed)
    with pytest.raises(RuntimeError):
        exposures_rescore(Audience.PUBLIC)
    assert rows(Kind.EXPOSURE).count() == 2
    assert ExposureSweep.objects.get(audience=Audience.PUBLIC).last_seq == 2
    monkeypatch.setattr(exposure, "_written", real)
    assert exposures_rescore(Audience.PUBLIC) == 3
    seal()
    assert rows(Kind.EXPOSURE).values("object_id").distinct().count() == 5


@pytest.mark.parametrize("act", ["withdraw", "redact"])
def test_what_is_on_its_way_out_is_not_brought_back(act, new_profiles):
    """The tombstone is written, but not sealed yet: in the log the incident still stands."""
    incident = strike()
    incident.refresh_from_db()
    lead = make_actor(Role.LEAD_MONITOR)
    if act == "withdraw":
        incident_withdraw(
            actor=lead, incident_id=incident.id, version=incident.version, reason="a hoax"
        )
    else:
        incident_redact(actor=lead, incident_id=incident.id, reason="a name")
    dispatch("feed.publish")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feed.exposure_writing.PROFILES_VERSION", "profiles-next")
        assert sum(exposures_rescore(audience) for audience in Audience) == 0
    seal()
    assert not rows(Kind.EXPOSURE).latest("seq").feature


def test_what_was_redacted_while_it_computed_is_not_brought_back(monkeypatch):
    incident, real = strike(), exposure.scored_as_shown

    def meanwhile(incidents):
        found = real(incidents)
        lead = make_actor(Role.LEAD_MONITOR)
        if not LogEntry.objects.filter(change=Change.REDACTED).exists():
            incident_redact(actor=lead, incident_id=incident.id, reason="a name")
            dispatch("feed.publish")
        return found

    monkeypatch.setattr(exposure, "scored_as_shown", meanwhile)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feed.exposure_writing.PROFILES_VERSION", "profiles-next")
        assert rescored() == 0
    assert LogEntry.objects.filter(change=Change.REDACTED).exists()
    assert not LogEntry.objects.exclude(feature="").exists()


def test_what_is_under_embargo_by_now_is_left_for_its_departure(new_profiles):
    incident = strike()
    Incident.objects.filter(id=incident.id).update(embargo_until="2999-01-01T00:00:00Z")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feed.exposure_writing.PROFILES_VERSION", "profiles-next")
        assert rescored() == 0


def test_rescored_often_it_is_still_redacted_whole():
    """Its own versions have then run ahead of the incident's, by which a redaction goes."""
    incident = strike()
    for number in range(4):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("feed.exposure_writing.PROFILES_VERSION", f"profiles-x{number}")
            rescored()
    incident.refresh_from_db()
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")
    dispatch("feed.publish")
    seal()
    incident.refresh_from_db()
    *before, last = rows(Kind.EXPOSURE)
    assert len(before) == 5
    assert before[-1].object_version > incident.version
    assert {(one.feature, one.geometry, one.salt) for one in before} == {("", None, None)}
    assert (last.change, last.incident_version) == (Change.REDACTED, incident.version)
    published(incident)
    incident_shown = exposure_shown(Audience.PUBLIC, incident)
    assert incident_shown["properties"]["incident_version"] > last.incident_version


def test_figures_of_the_public_never_come_from_another_audience_s_entry(new_profiles):
    same = uuid7()
    entry(*TOWN, object_id=same, audience=Audience.PARTNER, uncertainty_m=0.0)
    seal()
    assert exposures_rescore(Audience.PUBLIC) == 0
    assert exposures_rescore(Audience.PARTNER) == 1
    seal()
    assert not rows(Kind.EXPOSURE).exists()
    (one,) = rows(Kind.EXPOSURE, Audience.PARTNER)
    assert json.loads(one.feature)["geometry"]["coordinates"] == list(TOWN)
