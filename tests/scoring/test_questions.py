"""What monitors ask about a polygon, a circle or points of their own."""

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely

from incidents.vocab import Grade, State
from scoring.engine.exposure import (
    exposure_under_uncertainty,
    population_in,
    population_within,
    population_within_union,
)
from scoring.services.layer_files import layer_open
from scoring.services.layers import layer_activate
from tests.scoring.asking import PERIOD, SQUARE, asked, figure

pytestmark = pytest.mark.django_db
MAY = datetime(2014, 5, 11, tzinfo=UTC)
AREA = shapely.from_geojson(__import__("json").dumps(SQUARE))


@pytest.fixture
def grid(import_layer):
    cells = np.random.default_rng(41).gamma(0.2, 300, (60, 60)).astype(np.float32)
    layer = import_layer(cells)
    layer_activate(layer_id=layer.id)
    return layer_open(layer)


@pytest.fixture
def strike(make_strike):
    def make(lon, lat, **fields):
        return make_strike((lon, lat), **{"time_start": MAY, "time_end": MAY} | fields)

    return make


def test_a_polygon_alone_gives_who_lives_in_it(grid):
    result = asked({"polygon": SQUARE})
    assert result["residents"] == population_in(grid, AREA)
    assert result["figures"] == []
    assert result["layer"]["sha256"]
    assert result["formula_version"]


def test_a_circle_alone_gives_who_lives_in_it(grid):
    result = asked({"circle": {"longitude": 43.25, "latitude": 33.75, "radius_m": 3000}})
    assert result["residents"] == population_within(grid, 43.25, 33.75, 3000)[0, 0]


def test_points_are_counted_once_each_and_as_often_as_they_strike(grid):
    points = [[43.2, 33.7], [43.21, 33.7], [43.21, 33.7]]
    result = asked({"points": points, "radii_m": [2000, 500]})
    lon, lat = np.array(points).T
    assert [one["radius_m"] for one in result["figures"]] == [500, 2000]
    found = figure(result, 2000)
    assert found["unique_people"] == population_within_union(grid, lon, lat, 2000)
    assert found["person_strikes"] == population_within(grid, lon, lat, 2000).sum()
    assert found["unique_people"] < found["person_strikes"]
    assert found["strikes"] == 3


def test_a_period_gives_the_people_of_the_area_in_reach_of_its_strikes(grid, strike):
    places = [(43.2, 33.7), (43.22, 33.71), (43.39, 33.75), (43.402, 33.75)]
    for place in places:
        strike(*place)
    strike(43.2, 33.8, time_start=datetime(2015, 1, 1, tzinfo=UTC),
           time_end=datetime(2015, 1, 1, tzinfo=UTC))  # fmt: skip
    strike(43.05, 33.7)  # too far off to reach in
    result = asked({"polygon": SQUARE, "period": PERIOD, "radii_m": [1000]})
    found = figure(result, 1000, "all")
    lon, lat = np.array(places).T
    assert found["strikes"] == 4
    assert found["unique_people"] == pytest.approx(
        population_within_union(grid, lon, lat, 1000, within=AREA), rel=1e-9
    )
    singles = [population_within_union(grid, *place, 1000, within=AREA) for place in places]
    assert found["person_strikes"] == pytest.approx(sum(singles), rel=1e-6)
    assert result["residents"] == population_in(grid, AREA)


def test_floors_take_in_what_is_graded_so_or_better(grid, strike):
    for at, grade in enumerate(["", "contested", "weak", "fair", "confirmed", "discounted"]):
        strike(43.15 + at / 25, 33.75, grade=grade)
    strike(43.2, 33.65, state=State.WITHDRAWN, grade=Grade.CONFIRMED)
    result = asked({"polygon": SQUARE, "period": PERIOD, "radii_m": [1000]})
    numbers = {one["evidence_floor"]: one["strikes"] for one in result["figures"]}
    assert numbers == {"all": 5, "weak": 3, "fair": 2, "confirmed": 1}
    people = [one["unique_people"] for one in result["figures"]]
    assert people == sorted(people, reverse=True)
    assert people[0] > people[-1] > 0


def test_vague_strikes_count_by_expectation_and_too_vague_ones_are_told(grid, strike):
    strike(43.25, 33.75, uncertainty_m=4000, location_precision="town")
    strike(43.25, 33.75, uncertainty_m=None, location_precision="country")
    strike(43.25, 33.75, uncertainty_m=200_000, location_precision="country")
    result = asked({"polygon": SQUARE, "period": PERIOD, "radii_m": [1000]})
    found = figure(result, 1000, "all")
    expected = exposure_under_uncertainty(grid, [(43.25, 33.75, 4000.0)], [1000.0])[3][0, 0]
    assert found["strikes"] == 1
    assert found["unique_people"] == pytest.approx(expected, rel=1e-6)
    assert found["unique_people"] <= found["person_strikes"]
    assert result["left_out"] == {"no_place": 0, "too_vague": 2}


def test_strikes_without_a_place_are_told(grid, make_strike):
    make_strike(None, time_start=MAY, time_end=MAY)
    result = asked({"polygon": SQUARE, "period": PERIOD})
    assert result["left_out"] == {"no_place": 1, "too_vague": 0}
    assert {one["strikes"] for one in result["figures"]} == {0}
    assert {one["unique_people"] for one in result["figures"]} == {0}


def test_a_merged_strike_counts_once(grid, strike):
    stays = strike(43.2, 33.7)
    strike(43.2, 33.7, merged_into=stays)
    result = asked({"polygon": SQUARE, "period": PERIOD, "radii_m": [1000]})
    assert figure(result, 1000, "all")["strikes"] == 1


def test_a_layer_can_be_named(grid, import_layer):
    other = import_layer(np.full((60, 60), 2.0), name="other.tif")
    result = asked({"polygon": SQUARE, "layer": other.sha256[:12]})
    assert result["layer"]["sha256"] == other.sha256
    assert result["residents"] == pytest.approx(2 * 36 * 36, rel=1e-6)


def test_an_area_across_the_antimeridian_is_one_however_it_is_written(import_layer, strike):
    layer_activate(layer_id=import_layer(np.full((30, 120), 1.0), west=179.5, north=-16.0).id)
    strike(-179.99, -16.12)

    def ring(west, east):
        return [[[west, -16.2], [east, -16.2], [east, -16.1], [west, -16.1], [west, -16.2]]]

    going_on = {"type": "Polygon", "coordinates": ring(179.9, 180.1)}
    cut = {"type": "MultiPolygon", "coordinates": [ring(179.9, 180), ring(-180, -179.9)]}
    for polygon in (going_on, cut):
        result = asked({"polygon": polygon, "period": PERIOD, "radii_m": [1000]})
        assert result["residents"] == pytest.approx(24 * 12, rel=1e-6)
        assert figure(result, 1000, "all")["strikes"] == 1
        assert figure(result, 1000, "all")["unique_people"] > 0
