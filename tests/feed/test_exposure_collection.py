"""Exposure in the feed: a collection of its own, each entry beside the incident that it is of."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from feed.exposure_schema import COPIED
from feed.leaving import Departure, departures_write
from feed.models import Audience, Change, Kind, LogEntry
from feed.publishing import publications_write
from feed.sealing import seal
from feed.selectors import standing_at
from incidents.services.embargo import incident_embargo
from incidents.services.redaction import incident_redact
from incidents.services.workflow import incident_withdraw
from incidents.vocab import Grade, Weapon
from ledger.dispatch import dispatch
from scoring.engine.exposure import FORMULA_VERSION
from scoring.weapon_profiles import PROFILES_VERSION, radii_of
from tests.factories import CONTEXT, make_actor, make_incident
from tests.feed.conftest import DESERT, TOWN
from tests.feed.making import decided, exposure_shown, features, published

pytestmark = pytest.mark.usefixtures("layer")
ITEMS = "/ogc/collections/exposure/items"


def told():
    dispatch("feed.publish")
    seal()


def strike(point=TOWN, **changes):
    return published(location__longitude=point[0], location__latitude=point[1], **changes)


def regraded(incident):
    publications_write([decided(incident, Grade.WEAK)])
    seal()


def entries(incident, kind=Kind.EXPOSURE, audience=Audience.PUBLIC):
    rows = LogEntry.objects.filter(audience=audience, kind=kind, object_id=incident.id)
    return list(rows.order_by("seq"))


def changes_of(incident):
    return [(entry.change, entry.incident_version) for entry in entries(incident)]


def standing_now(kind, audience=Audience.PUBLIC):
    seq = LogEntry.objects.filter(audience=audience).latest("seq").seq
    column = "object_version" if kind == Kind.INCIDENT else "incident_version"
    return set(standing_at(audience, seq).filter(kind=kind).values_list("object_id", column))


def test_each_audience_gets_just_its_columns(layer):
    incident = strike(weapon=Weapon.BARREL_BOMB)
    for audience in Audience:
        shown = exposure_shown(audience, incident)
        assert shown["id"] == str(incident.id)
        assert set(shown["properties"]) == {
            *("version", "incident_version", *COPIED, "attribution"),
            *("exposure_1km", "exposure_2km", "exposure_5km", "exposure", "unscored_reason"),
            *("layer", "layer_year", "layer_sha256", "layer_license", "is_demonstration"),
            *("formula_version", "profiles_version"),
        }


def test_it_names_what_it_was_computed_by(layer):
    incident = strike(weapon=Weapon.BARREL_BOMB)
    incident.refresh_from_db()
    shown = exposure_shown(Audience.PUBLIC, incident)["properties"]
    assert shown["incident_version"] == incident.version
    assert (shown["layer"], shown["layer_year"], shown["layer_license"]) == ("Test", 2020, "CC0")
    assert (shown["layer_sha256"], shown["is_demonstration"]) == (layer.sha256, False)
    assert (shown["formula_version"], shown["profiles_version"]) == (
        FORMULA_VERSION,
        PROFILES_VERSION,
    )
    assert shown["attribution"].endswith("; Test census 2020")
    radii = radii_of(Weapon.BARREL_BOMB)
    told_of = [(row["radius_m"], row["reach"]) for row in shown["exposure"]]
    assert told_of == [(radius.metres, str(radius.reach)) for radius in radii]
    assert len(told_of) > 3


def test_the_public_gets_two_digits_and_partners_tenths():
    incident = strike()
    for row in exposure_shown(Audience.PUBLIC, incident)["properties"]["exposure"]:
        for name in ("low", "best", "high", "expected"):
            assert row[name] == float(f"{row[name]:.2g}")
    exact = exposure_shown(Audience.PARTNER, incident)["properties"]
    assert exact["exposure_5km"] == round(exact["exposure_5km"], 1)
    assert exact["exposure_5km"] != float(f"{exact['exposure_5km']:.2g}")


def test_where_no_place_is_shown_it_says_why_there_are_no_figures():
    shown = exposure_shown(Audience.PUBLIC, strike(DESERT))
    assert shown["geometry"] is None
    assert shown["properties"]["unscored_reason"] == "no_place"
    assert shown["properties"]["exposure_5km"] is None


def test_a_context_event_has_none():
    event = published(**CONTEXT)
    assert entries(event) == []
    assert entries(event, Kind.CONTEXT_EVENT)


@pytest.mark.parametrize("audience", Audience)
def test_what_both_say_is_the_same_in_each_version_and_nothing_else_is_said_twice(audience):
    incident = strike()
    regraded(incident)
    by_version = {one["properties"]["version"]: one for one in features(audience, incident)}
    shown = features(audience, incident, Kind.EXPOSURE)
    assert len(shown) == 2
    for one in shown:
        beside = by_version[one["properties"]["incident_version"]]
        assert one["geometry"] == beside["geometry"]
        both = one["properties"].keys() & beside["properties"].keys()
        assert both - set(COPIED) == {"version", "attribution"}
        for name in COPIED:
            assert one["properties"][name] == beside["properties"][name]


def test_a_regrading_and_an_update_of_the_incident_are_told_of_it_too():
    incident = strike()
    regraded(incident)
    incident.location.x += 0.3
    incident.save()
    published(incident)
    assert [change for change, _version in changes_of(incident)] == [
        Change.CREATED,
        Change.REGRADED,
        Change.UPDATED,
    ]
    assert [entry.change for entry in entries(incident, Kind.INCIDENT)] == [
        change for change, _version in changes_of(incident)
    ]


def act_withdraw(incident, lead):
    incident_withdraw(
        actor=lead, incident_id=incident.id, version=incident.version, reason="a hoax"
    )


def act_embargo(incident, lead):
    until = timezone.now() + timedelta(days=3)
    incident_embargo(
        actor=lead, incident_id=incident.id, version=incident.version, until=until, reason="asked"
    )


def act_redact(incident, lead):
    incident_redact(actor=lead, incident_id=incident.id, reason="a name")


@pytest.mark.parametrize("act", [act_withdraw, act_embargo, act_redact])
def test_what_takes_the_incident_back_takes_its_exposure_back_at_once(act, public):
    incident = strike()
    incident.refresh_from_db()
    assert standing_now(Kind.EXPOSURE) == standing_now(Kind.INCIDENT) != set()
    act(incident, make_actor(Role.LEAD_MONITOR))
    told()
    assert standing_now(Kind.EXPOSURE) == standing_now(Kind.INCIDENT) == set()
    last, beside = entries(incident)[-1], entries(incident, Kind.INCIDENT)[-1]
    assert (last.change, last.reason, last.sealed_at) == (
        beside.change,
        beside.reason,
        beside.sealed_at,
    )
    assert last.incident_version == beside.object_version
    answer = public.get(f"{ITEMS}/{incident.id}")
    assert answer.status_code == 404
    assert answer.json()["change"] == beside.change


@pytest.mark.parametrize("change", [Change.MERGED_INTO, Change.SPLIT])
def test_merged_and_split_it_goes_as_its_incident_goes(change):
    incident, survivor = strike(), strike()
    incident.refresh_from_db()
    into = survivor.id if change == Change.MERGED_INTO else None
    departures_write([Departure(incident.id, incident.version + 1, change, into)])
    seal()
    last, beside = entries(incident)[-1], entries(incident, Kind.INCIDENT)[-1]
    for name in ("change", "reason", "merged_into", "feature"):
        assert getattr(last, name) == getattr(beside, name)
    assert (last.change, last.merged_into) == (change, into)
    assert standing_now(Kind.EXPOSURE) == standing_now(Kind.INCIDENT) != set()


def test_redaction_blanks_exposure_of_every_version(public):
    incident = strike()
    incident_redact(actor=make_actor(Role.LEAD_MONITOR), incident_id=incident.id, reason="a name")
    told()
    *before, last = entries(incident)
    assert before
    for entry in before:
        assert not any(getattr(entry, name) for name in LogEntry.REDACTABLE_COLUMNS)
    assert (last.change, last.feature) == (Change.REDACTED, "")


def test_published_again_it_begins_anew():
    incident = strike()
    incident.refresh_from_db()
    act_redact(incident, make_actor(Role.LEAD_MONITOR))
    told()
    published(incident)
    assert changes_of(incident)[-1][0] == Change.CREATED
    assert standing_now(Kind.EXPOSURE) == standing_now(Kind.INCIDENT) != set()


def test_it_is_found_by_its_figures_its_place_and_its_time(public):
    near, _far = strike(), strike(DESERT)
    best = exposure_shown(Audience.PUBLIC, near)["properties"]["exposure_5km"]
    for asked in (
        {"filter": f"exposure_5km >= {best} AND grade = 'fair'"},
        {"exposure_5km": best},
        {"bbox": "43,33,44,34", "datetime": "2014-05-11", "sortby": "seq"},
    ):
        answer = public.get(ITEMS, asked)
        assert [one["id"] for one in answer.json()["features"]] == [str(near.id)], asked
    assert public.get(ITEMS, {"filter": "killed_best > 0"}).status_code == 400
    names = public.get("/ogc/collections/exposure/queryables").json()["properties"]
    assert {"exposure_1km", "incident_version", "weapon", "grade", "geometry"} <= set(names)
    incidents = public.get("/ogc/collections/incidents/queryables").json()["properties"]
    assert not [name for name in incidents if name.startswith("exposure")]
    chosen = public.get(ITEMS, {"properties": "exposure_5km"}).json()["features"][0]
    assert set(chosen["properties"]) == {"exposure_5km", "version", "license", "attribution"}


def test_one_of_them_leads_to_the_other(public):
    incident = strike()
    for one, other in (("exposure", "incidents"), ("incidents", "exposure")):
        links = public.get(f"/ogc/collections/{one}/items/{incident.id}").json()["links"]
        (link,) = [link for link in links if link["rel"] == "related"]
        assert link["href"].endswith(f"/ogc/collections/{other}/items/{incident.id}")
        assert public.get(link["href"]).status_code == 200


def test_it_is_a_file_in_every_format_and_a_kind_of_the_changes(public):
    incident = strike()
    body = b"".join(public.get("/api/v1/exports/exposure.csv").streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(body))
    assert row["id"] == str(incident.id)
    assert row["url"].endswith(f"/ogc/collections/exposure/items/{incident.id}")
    assert json.loads(row["exposure"])[0]["radius_m"] == 1000
    for name in ("geojson", "geojsons", "hxl.csv", "parquet"):
        file = public.get(f"/api/v1/exports/exposure.{name}")
        assert b"".join(file.streaming_content)
    (change,) = public.get("/api/v1/changes?kind=exposure").json()["changes"]
    assert (change["kind"], change["id"]) == ("exposure", str(incident.id))
    assert change["license"] == "CC-BY-4.0"
    assert public.get("/tiles/exposure/0/0/0.mvt").status_code == 200


def test_in_the_log_an_incident_comes_before_its_exposure():
    incident = make_incident()
    decided(incident)
    decided(incident)
    told()
    for audience in Audience:
        rows = LogEntry.objects.filter(audience=audience).order_by("seq")
        assert list(rows.values_list("kind", flat=True)) == ["incident", "exposure"] * 2
