"""Asking for risk as monitors do, as outsiders do, and with rubbish."""

from datetime import timedelta
from uuid import uuid4

import h3
import numpy as np
import pytest
import shapely
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from incidents.boundary_files import LevelDraft, UnitDraft
from incidents.services.boundaries import About, boundaries_activate, boundaries_import
from scoring.models import RiskRun
from scoring.services import risk
from scoring.services.layers import layer_activate
from scoring.services.risk_inputs import record_inputs
from tests.factories import bearer, make_member

PLACE = (43.25, 33.75)
CELL = h3.latlng_to_cell(PLACE[1], PLACE[0], 6)
RISK = "/api/v1/risk/"


@pytest.fixture
def layer(db, import_layer):
    return layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)


@pytest.fixture
def monitor(db):
    return Client(**bearer(make_member(Role.MONITOR)))


def make_run(layer, days=0):
    origin = risk.first_day_ahead(timezone.now() + timedelta(days=days))
    return risk.run_make(RiskRun.Source.RECORD, layer=layer, inputs=record_inputs(), origin=origin)


@pytest.fixture
def run(layer, make_strike):
    make_strike(PLACE)
    return make_run(layer)


def test_cells_come_a_page_at_a_time_all_of_one_run(monitor, layer, run):
    found, url = [], f"{RISK}?limit=20"
    while url:
        page = monitor.get(url).json()
        assert page["run"]["id"] == str(run.id)
        found += [feature["id"] for feature in page["features"]]
        url = page["next"]
        if len(found) == 20:
            assert make_run(layer, 1).id != run.id  # a newer one does not change the walk
    assert found == sorted(set(found))
    assert len(found) == run.cell_count > 20


def test_a_box_a_horizon_a_floor_and_a_class_choose(monitor, run):
    lat, lon = h3.cell_to_latlng(CELL)
    near = f"{RISK}?bbox={lon},{lat},{lon},{lat}"
    (feature,) = monitor.get(near).json()["features"]
    assert feature["id"] == CELL
    assert feature["geometry"]["type"] == "Polygon"
    figures = feature["properties"]
    assert figures["people_low"] <= figures["people"] <= figures["people_high"]
    (later,) = monitor.get(f"{near}&horizon=90").json()["features"]
    assert later["properties"]["people"] > figures["people"]
    assert later["properties"]["risk_class"] is None
    (none,) = monitor.get(f"{near}&floor=confirmed").json()["features"]
    assert none["properties"]["people"] == 0
    highest = figures["risk_class"]
    found = monitor.get(f"{RISK}?class_min={highest}").json()["features"]
    assert CELL in [one["id"] for one in found]
    assert len(found) < run.cell_count


def test_a_cell_says_why_and_what_changed_in_english_and_arabic(monitor, layer, run, make_strike):
    newer = make_strike(PLACE)
    second = make_run(layer, 1)
    answer = monitor.get(f"{RISK}{CELL}/").json()
    assert answer["run"]["id"] == str(second.id)
    reasons = answer["explanation"]["incidents"]
    assert [one["is_new"] for one in reasons if one["incident"] == str(newer.id)] == [True]
    assert sum(one["is_new"] for one in reasons) == 1
    assert answer["change"]["run"] == str(run.id)
    assert answer["change"]["people"] < answer["properties"]["people"]
    assert answer["change"]["same_layer"] is True
    assert "Since the last run this rose from" in answer["sentences"]["en"]
    assert "ارتفع ذلك منذ الحساب السابق" in answer["sentences"]["ar"]
    assert [point["origin"] for point in answer["history"]] == [
        run.origin.isoformat(), second.origin.isoformat(),
    ]  # fmt: skip
    first = monitor.get(f"{RISK}{CELL}/?run={run.id}").json()
    assert first["change"] is None
    assert "last run" not in first["sentences"]["en"]


def test_runs_are_listed_with_what_they_were_made_of(monitor, layer, run):
    make_run(layer, 1)
    rows = monitor.get(f"{RISK}runs/").json()["results"]
    assert [row["state"] for row in rows] == ["finished", "finished"]
    assert rows[1]["inputs_sha256"] == run.inputs_sha256
    assert rows[1]["layer"]["sha256"] == layer.sha256


def test_units_add_up_their_cells_by_class(monitor, layer, make_strike):
    drafts = [
        UnitDraft(pcode, "", {"en": pcode}, "IQ", shapely.MultiPolygon([box]))
        for pcode, box in {
            "IQ01": shapely.box(42, 32, 43.25, 35),
            "IQ02": shapely.box(43.25, 32, 45, 35),
        }.items()
    ]
    boundaries_import(name="t-1", draft=LevelDraft(1, "IQ", drafts, "x", [], 0), about=About())
    boundaries_activate(name="t-1")
    make_strike(PLACE)
    run = make_run(layer)
    page = monitor.get(f"{RISK}units/?level=1&limit=1").json()
    (west,) = page["results"]
    (east,) = monitor.get(page["next"]).json()["results"]
    assert [west["pcode"], east["pcode"]] == ["IQ01", "IQ02"]
    everybody = sum(cell.people for cell in run.cells.all())
    assert west["residents"] + east["residents"] == pytest.approx(everybody)
    for unit in (west, east):
        assert sum(unit["residents_by_class"].values()) == pytest.approx(unit["residents"])
    assert monitor.get(f"{RISK}units/?level=2").json()["results"] == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("?horizon=31", "horizon"), ("?horizon=-1", "horizon"), ("?horizon=٣٠", "horizon"),
        ("?floor=best", "floor"), ("?run=x", "run"), ("?bbox=1,2,3", "bbox"),
        ("?class_min=11", "class_min"), ("?limit=0", "limit"), ("?cursor=xx", "cursor"),
        ("units/?level=9", "level"), ("units/?cursor=WyJhIl0", "cursor"),
        ("units/?cursor=WyJhIiwgImIiLCAiYyJd", "cursor"), ("?bbox=nan,0,1,1", "bbox"),
    ],
)  # fmt: skip
def test_rubbish_is_refused_by_name(monitor, run, asked, field):
    answer = monitor.get(RISK + asked)
    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_what_is_not_there_is_not_found(monitor, run):
    assert monitor.get(f"{RISK}{uuid4()}/").status_code == 404
    assert monitor.get(f"{RISK}?run={uuid4()}").status_code == 404
    assert monitor.get(f"{RISK}%00/").status_code == 404


def test_before_the_first_run_there_is_nothing(monitor):
    assert monitor.get(RISK).status_code == 404
    assert monitor.get(f"{RISK}runs/").json()["results"] == []


def test_runs_of_other_audiences_are_not_the_monitors_nor_pruned_ones(
    monitor, layer, run, monkeypatch
):
    other = risk.run_make(
        RiskRun.Source.PUBLIC, layer=layer, inputs=record_inputs(), origin=run.origin
    )
    assert monitor.get(f"{RISK}?run={other.id}").status_code == 404
    monkeypatch.setattr(risk, "RUNS_KEPT", 1)
    make_run(layer, 1)
    assert monitor.get(f"{RISK}?run={run.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("address", ["", f"{CELL}/", "runs/", "units/"])
def test_outsiders_get_nothing(run, role, address):
    outsider = Client(**bearer(make_member(role)))
    assert outsider.get(RISK + address).status_code == 403
    assert Client().get(RISK + address).status_code == 401
