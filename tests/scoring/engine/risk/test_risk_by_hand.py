"""Risk that can be worked out by hand: one event, one cell; two towns; a place known to 25 km."""

import h3
import numpy as np
import pytest
import shapely

from scoring.engine.grids import open_layer
from scoring.engine.hazard.cells import Grid, cells_of
from scoring.engine.hazard.events import strikes_of
from scoring.engine.risk.daily import FLOORS, HORIZONS, Known, duplicates_weighed, risk_computed
from scoring.engine.risk.figures import NAMES, at_least_one, classes, figures_of, rate_factors
from scoring.engine.risk.people import people_on
from scoring.engine.risk.reach import reach_of
from scoring.engine.zones import population_in

DAY = 735_000
NOBODY = np.zeros((0, 2), int)


@pytest.fixture
def layer(make_raster):
    """Return 1° of people at 30″: a town of 20,000 in the middle, a village, else nobody."""
    cells = np.zeros((120, 120))
    cells[58:62, 58:62] = 1250
    cells[20, 100] = 300
    return open_layer(make_raster(cells))


TOWN, VILLAGE = (43.5, 33.5), (43.8375, 33.8292)


def known(lon, lat, day=None, **options):
    strikes = strikes_of([DAY - 1] * len(lon) if day is None else day, lon, lat, **options)
    return Known(strikes, np.zeros(len(lon), int), NOBODY)


def figure(result, cell, name, horizon=30, floor="all"):
    at = result.cells.index(cell)
    which = NAMES.index(name), HORIZONS.index(horizon), FLOORS.index(floor)
    return result.figures[(at, *which)]


def cell_at(place):
    return h3.latlng_to_cell(place[1], place[0], 6)


def test_people_are_shared_by_area_and_nobody_is_lost(layer):
    grid = Grid(43.0, 33.0, 0.0236, 43, 43)
    people = people_on(layer, grid)
    assert people.sum() == pytest.approx(20_300)
    west, south = 43.0 + 21 * 0.0236, 33.0 + 20 * 0.0236
    pixel = shapely.box(west, south, west + 0.0236, south + 0.0236)
    assert people[20 * 43 + 21] == pytest.approx(population_in(layer, pixel), rel=1e-6)


def test_strikes_of_a_cell_with_one_town_reach_all_of_it_and_nothing_far_off(layer):
    cells = cells_of("h3:6", (43.0, 33.0, 44.0, 34.0))
    people = people_on(layer, cells.pixels)
    reach = reach_of(cells, people)
    mean = np.zeros(cells.count)
    home = cells.h3_ids.index(cell_at(TOWN))
    mean[home] = 0.5
    found = figures_of(reach, mean, 0.0)
    # The town is 3.7 km wide: every place of it is within 5 km of nearly all of the town.
    assert found.person_strikes.sum() == pytest.approx(0.5 * 20_000, rel=0.02)
    assert found.people.sum() == pytest.approx((1 - np.exp(-0.5)) * 20_000, rel=0.02)
    village = cells.h3_ids.index(cell_at(VILLAGE))
    assert found.people[village] == 0
    assert found.strikes[home] == 0.5


def test_the_share_in_reach_is_the_disc_s_area(layer):
    cells = cells_of("h3:5", (43.0, 33.0, 44.0, 34.0))
    even = np.ones(cells.pixels.size)
    reach = reach_of(cells, even)
    middle = int(
        np.argmin(np.abs(reach.strikes.sum(axis=1) - np.median(reach.strikes.sum(axis=1))))
    )
    sizes = np.bincount(cells.pixel_cell, minlength=cells.count)
    lat = float(cells.pixels.centres()[1][middle])
    pixel = cells.pixels.step**2 * 110.9 * 111.32 * np.cos(np.radians(lat))
    in_reach = float((reach.strikes[[middle]] @ sizes.astype(float))[0]) * pixel
    assert in_reach == pytest.approx(np.pi * 25, rel=0.01)


def test_probability_is_the_negative_binomial_s_and_its_mean_over_rates():
    random = np.random.default_rng(1)
    factor = random.gamma(1 / 0.5, 0.5, 400_000)
    assert at_least_one(np.array([0.7]), 0.5)[0] == pytest.approx(1 - (1 + 0.35) ** -2)
    assert at_least_one(np.array([0.7]), 0.5)[0] == pytest.approx(
        (1 - np.exp(-0.7 * factor)).mean(), abs=0.002
    )
    low, high = rate_factors(0.5)
    assert np.mean((factor > low) & (factor < high)) == pytest.approx(0.9, abs=0.002)
    assert at_least_one(np.array([0.7]), 0.0)[0] == pytest.approx(1 - np.exp(-0.7))
    assert rate_factors(0.0) == (1.0, 1.0)


def test_classes_go_by_half_decades_of_people_per_36_km2():
    people = np.array([0, 0.99, 1, 2.99, 3, 9.99, 10, 29_999, 30_000, 1e7])
    assert classes(people, np.full(10, 36.0)).tolist() == [0, 0, 1, 1, 2, 2, 3, 9, 10, 10]
    assert classes(np.array([1.5]), np.array([72.0])).tolist() == [0]


def test_nothing_known_is_no_risk(layer):
    result = risk_computed(known([], []), layer, DAY)
    assert result.cells == ()
    assert result.boxes == ()
    assert result.figures.shape == (0, len(NAMES), 2, 4)


def test_one_event_puts_most_of_the_risk_where_it_was_and_is_the_reason(layer):
    result = risk_computed(known([TOWN[0]], [TOWN[1]]), layer, DAY)
    home = cell_at(TOWN)
    people = result.figures[:, NAMES.index("people"), 0, 0]
    assert result.cells[int(people.argmax())] == home
    at = result.cells.index(home)
    assert result.top[at, 0].tolist() == [0, -1, -1, -1, -1]
    parts = result.parts[at, 0, 0] + result.background[at, 0]
    assert parts == pytest.approx(figure(result, home, "strikes"), rel=0.2)
    assert figure(result, home, "strikes") < 1
    for name in ("people", "probability", "person_strikes"):
        low, best, high = (figure(result, home, name + end) for end in ("_low", "", "_high"))
        assert 0 <= low <= best <= high
    assert figure(result, home, "probability_high") <= 1
    assert figure(result, home, "people") <= result.people[at] <= 20_000
    # Nobody graded it: on no higher floor does it stand.
    assert figure(result, home, "people", floor="weak") == 0
    assert result.risk_class[at].tolist()[1:] == [0, 0, 0]


def test_of_two_towns_the_one_that_was_struck_more_is_more_at_risk(make_raster):
    cells = np.zeros((120, 120))
    cells[28:32, 28:32] = cells[88:92, 88:92] = 1000
    layer = open_layer(make_raster(cells))
    busy, calm = (43.25, 33.75), (43.75, 33.25)
    days = [DAY - 400, *range(DAY - 200, DAY, 10), DAY - 100]
    places = [calm, *[busy] * 20, calm]
    result = risk_computed(known(*zip(*places, strict=True), day=days), layer, DAY)
    assert figure(result, cell_at(busy), "people") > 3 * figure(result, cell_at(calm), "people")
    nobody = {cell for cell in result.cells if result.people[result.cells.index(cell)] == 0}
    assert not nobody


def test_an_event_known_to_25_km_lies_where_people_live(layer):
    result = risk_computed(known([43.5], [33.5], radius_km=[25.0]), layer, DAY)
    people = result.figures[:, NAMES.index("people"), 0, 0]
    assert result.cells[int(people.argmax())] == cell_at(TOWN)
    assert result.top[result.cells.index(cell_at(TOWN)), 0, 0] == 0
    assert figure(result, cell_at(TOWN), "people") > 0


def test_all_on_one_point_is_one_cell_s_risk(layer):
    result = risk_computed(known([TOWN[0]] * 500, [TOWN[1]] * 500, [DAY - 5] * 500), layer, DAY)
    people = result.figures[:, NAMES.index("people"), 0, 0]
    assert result.cells[int(people.argmax())] == cell_at(TOWN)
    assert np.isfinite(result.figures).all()
    assert (result.figures[:, NAMES.index("probability_high")] <= 1).all()


def test_likely_duplicates_count_once_among_those_that_stand():
    everybody = np.ones(5, bool)
    pairs = np.array([[0, 1], [2, 3], [3, 4], [2, 4]])
    assert duplicates_weighed(pairs, everybody).tolist() == [0.5, 0.5, 1 / 3, 1 / 3, 1 / 3]
    some = np.array([True, False, True, True, False])
    assert duplicates_weighed(pairs, some).tolist() == [1, 0, 0.5, 0.5, 0]
    assert duplicates_weighed(NOBODY, some).tolist() == [1, 0, 1, 1, 0]


def test_the_same_strikes_in_any_order_give_the_same_bytes(layer):
    random = np.random.default_rng(3)
    n = 60
    lon, lat = 43.5 + random.normal(0, 0.1, n), 33.5 + random.normal(0, 0.1, n)
    day = DAY - random.integers(1, 300, n)
    first = risk_computed(known(lon, lat, day), layer, DAY)
    turned = random.permutation(n)
    again = risk_computed(known(lon[turned], lat[turned], day[turned]), layer, DAY)
    assert first.checksum() == again.checksum()


def test_what_comes_after_the_origin_changes_nothing(layer):
    before = known([43.5, 43.6], [33.5, 33.5], [DAY - 40, DAY - 3])
    after = known([43.5, 43.6, 43.4], [33.5, 33.5, 33.4], [DAY - 40, DAY - 3, DAY + 1])
    figures = [risk_computed(one, layer, DAY).figures.tobytes() for one in (before, after)]
    assert figures[0] == figures[1]
