"""Risk as it is published: from the audience's own log, rounded, and only what changed."""

import json
from datetime import timedelta

import h3
import pytest
from django.utils import timezone

from feed.models import Audience, Change, Kind, LogEntry
from feed.risk import log_inputs, risk_publish_if_due
from feed.risk_writing import object_id_of, risk_cells_write
from feed.sealing import seal
from incidents.models import Incident
from incidents.vocab import Grade
from scoring.engine.hazard.events import TOWN_M
from scoring.models import RiskRun
from tests.feed.conftest import TOWN
from tests.feed.making import DAY, entry, published

ITEMS = "/ogc/collections/risk-cells/items"
pytestmark = pytest.mark.usefixtures("layer")


def run(audience=Audience.PUBLIC, days=0):
    made = risk_publish_if_due(audience, now=timezone.now() + timedelta(days=days))
    assert made.state == RiskRun.State.FINISHED, made.error
    seal()
    return made


def strike(lon=43.8, lat=33.3, **columns):
    return entry(
        lon, lat, **{"weapon": "mortar", "uncertainty_m": 0.0, "grade": Grade.FAIR, **columns}
    )


def entries(audience=Audience.PUBLIC):
    rows = LogEntry.objects.filter(audience=audience, kind=Kind.RISK_CELL)
    return list(rows.order_by("object_id", "object_version"))


def test_a_published_strike_makes_cells_with_figures_for_all_horizons_and_floors(public):
    one = strike()
    seal()
    made = run()
    page = public.get(f"{ITEMS}?limit=1000").json()
    assert len(page["features"]) == made.cell_count > 0
    home = h3.latlng_to_cell(33.3, 43.8, 6)
    (feature,) = (f for f in page["features"] if f["properties"]["cell"] == home)
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["id"] == str(object_id_of(home))
    told = feature["properties"]
    assert len(told["figures"]) == 8
    assert told["explanation"]["fair"]["incidents"][0]["incident"] == str(one.object_id)
    assert told["explanation"]["confirmed"]["incidents"] == []
    assert set(told["risk_class"]) == {"all", "weak", "fair", "confirmed"}
    assert told["at_seq"] == 1
    for figure in told["figures"]:
        assert figure["people"] == float(f"{figure['people']:.2g}")
    assert set(told["sentences"]) == {"en", "ar"}
    item = public.get(f"{ITEMS}/{feature['id']}")
    assert item.json()["properties"] == told
    bbox = "43.8,33.3,43.8,33.3"
    (inside,) = public.get(f"{ITEMS}?bbox={bbox}").json()["features"]
    assert inside["id"] == feature["id"]


def test_a_box_that_is_a_point_or_a_line_finds_the_cells_under_it(public):
    strike()
    seal()
    run()
    for cell in h3.grid_disk(h3.latlng_to_cell(33.3, 43.8, 6), 1):
        lat, lon = h3.cell_to_latlng(cell)
        (feature,) = public.get(f"{ITEMS}?bbox={lon},{lat},{lon},{lat}").json()["features"]
        assert feature["properties"]["cell"] == cell
        line = public.get(f"{ITEMS}?bbox={lon},{lat},{lon},{lat + 0.2}").json()["features"]
        assert cell in {one["properties"]["cell"] for one in line}
        assert len(line) > 1


def test_each_audience_s_run_knows_its_own_log_alone(public, partner):
    strike(audience=Audience.PARTNER)
    seal()
    assert run(Audience.PUBLIC).cell_count == 0
    assert run(Audience.PARTNER).cell_count > 0
    assert public.get(ITEMS).json()["features"] == []
    assert partner.get(ITEMS).json()["features"] != []


def test_the_public_run_sees_the_blurred_place_and_not_the_recorded_one():
    incident = published(
        location={"longitude": TOWN[0], "latitude": TOWN[1], "precision": "exact", "country": "IQ"}
    )
    known = log_inputs(Audience.PUBLIC).known.strikes
    shown = LogEntry.objects.get(
        audience=Audience.PUBLIC, object_id=incident.id, kind=Kind.INCIDENT
    )
    assert (known.lon[0], known.lat[0]) == shown.geometry.coords
    assert (known.lon[0], known.lat[0]) != TOWN
    assert 0 < shown.uncertainty_m <= TOWN_M
    assert known.radius_km[0] == 0  # the middle of a cell that small is taken as the place
    Incident.objects.filter(id=incident.id).update(location=None)
    assert log_inputs(Audience.PUBLIC).known.strikes.lon[0] == shown.geometry.x


@pytest.mark.parametrize("uncertainty_m", [4_000.0, 10_000.0])
def test_a_blurred_strike_of_years_ago_is_not_forgotten(uncertainty_m):
    strike(uncertainty_m=uncertainty_m)
    seal()
    cells = {cell.cell: cell for cell in run().cells.all()}
    assert h3.latlng_to_cell(33.3, 43.8, 6) in cells


def test_nothing_is_written_again_that_did_not_change_and_what_did_is_a_new_version():
    strike()
    seal()
    made = run()
    first = len(entries())
    assert risk_cells_write(Audience.PUBLIC, made) == 0
    strike(43.81, 33.31)
    seal()
    run(days=1)
    versions = [one.object_version for one in entries()]
    assert len(entries()) > first
    assert set(versions) == {1, 2}
    assert {one.change for one in entries()} == {Change.CREATED, Change.UPDATED}


def test_cells_are_taken_back_once_nobody_is_expected_to_be_exposed(public):
    one = strike()
    seal()
    made = run()
    entry(None, object_id=one.object_id, version=2, change=Change.WITHDRAWN)
    seal()
    assert run(days=1).cell_count == 0
    assert public.get(ITEMS).json()["features"] == []
    gone = [one for one in entries() if one.change == Change.WITHDRAWN]
    assert len(gone) == made.cell_count
    assert {one.feature for one in gone} == {""}
    # Struck again, it comes back as the same object, with the next version.
    strike()
    seal()
    run(days=2)
    newest = LogEntry.objects.filter(object_id=gone[0].object_id).latest("object_version")
    assert (newest.object_version, newest.change) == (3, Change.CREATED)


def test_entries_that_an_audience_cannot_tell_apart_count_once():
    strike()
    strike()
    strike(start=DAY + timedelta(days=1))
    seal()
    known = log_inputs(Audience.PUBLIC)
    assert known.described["strikes"] == 3
    assert known.described["likely_duplicate_pairs"] == 1


def test_what_was_discounted_or_is_too_vague_does_not_count():
    strike(grade=Grade.DISCOUNTED)
    strike(uncertainty_m=None)
    strike(uncertainty_m=150_000.0)
    entry(None)
    seal()
    assert log_inputs(Audience.PUBLIC).described == {
        "strikes": 0, "strikes_all": 0, "strikes_weak": 0, "strikes_fair": 0,
        "strikes_confirmed": 0, "likely_duplicate_pairs": 0,
        "left_out_no_place": 1, "left_out_too_vague": 2,
    }  # fmt: skip


def test_a_run_that_cannot_be_published_is_no_run(monkeypatch):
    strike()
    seal()

    def refuse(*_args):
        raise RuntimeError("the log is full")

    monkeypatch.setattr("feed.risk.risk_cells_write", refuse)
    made = risk_publish_if_due(Audience.PUBLIC)
    assert (made.state, made.error) == ("failed", "RuntimeError: the log is full")
    assert not made.cells.exists()
    assert entries() == []


def test_the_collection_says_what_can_be_asked_and_refuses_the_rest(public):
    names = set(public.get("/ogc/collections/risk-cells/queryables").json()["properties"])
    assert {
        "time_start",
        "time_end",
        "datetime",
        "geometry",
        "cell",
        "risk_class_fair",
        "people_30d_fair",
    } <= names
    assert not names & {"grade", "weapon", "killed_best"}
    assert public.get(f"{ITEMS}?filter=grade='fair'").status_code == 400
    assert public.get("/tiles/risk-cells/3/4/3.mvt").status_code == 404


def test_changes_carry_risk_cells_by_kind(public):
    strike()
    seal()
    run()
    page = public.get("/api/v1/changes?kind=incident").json()
    assert {one["kind"] for one in page["changes"]} == {"incident"}
    page = public.get("/api/v1/changes?kind=risk_cell").json()
    assert {one["kind"] for one in page["changes"]} == {"risk_cell"}
    assert json.dumps(page["changes"][0]["feature"]["properties"]["figures"])
