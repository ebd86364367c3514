"""Cases whose figures are worked out by hand in the test."""

import h3
import numpy as np
import pytest

from scoring.engine.grids import open_layer
from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.events import sites_of, strikes_of
from scoring.engine.hazard.kernels import History, effective_days, kernel_names
from scoring.engine.risk.daily import HORIZONS, LEAST_DAYS_KNOWN, Known, risk_computed
from scoring.engine.risk.figures import NAMES, figures_of
from scoring.engine.risk.reach import reach_of

DAY = 735_000
BOX = (43.0, 33.0, 44.0, 34.0)
CELLS = cells_of("h3:6", BOX)


def index(lon, lat):
    return CELLS.h3_ids.index(h3.latlng_to_cell(lat, lon, 6))


def middle(at):
    lat, lon = h3.cell_to_latlng(CELLS.h3_ids[at])
    return lon, lat


# Two cells some 40 km apart, and their towns: all people of each on one pixel in its middle.
BIG, SMALL = index(43.3, 33.5), index(43.73, 33.5)


@pytest.fixture(scope="module")
def towns():
    people = np.zeros(CELLS.pixels.size)
    for at, number in ((BIG, 3000), (SMALL, 1000)):
        lon, lat = middle(at)
        people[CELLS.pixels.place(np.array([lon]), np.array([lat]))] = number
    return people


def given(towns, big, small, dispersion=0.0):
    mean = np.zeros(CELLS.count)
    mean[BIG], mean[SMALL] = big, small
    return figures_of(reach_of(CELLS, towns), mean, dispersion)


def test_one_cell_where_half_a_strike_is_expected(towns):
    # All 3,000 live within 5 km of wherever it falls: 1 − e^−0.5 = 0.393469; × 3,000 = 1,180.4.
    found = given(towns, 0.5, 0.0)
    assert found.people[BIG] == pytest.approx(1180.41, abs=0.1)
    assert found.person_strikes[BIG] == pytest.approx(1500)
    assert found.people.sum() == found.people[BIG]


def test_two_towns_far_apart_each_by_its_own_strikes(towns):
    # a = 0.5: 1 − (1 + 0.5·0.4)^−2 = 1 − 1/1.44 = 0.305556; 1 − (1.05)^−2 = 0.0929705.
    found = given(towns, 0.4, 0.1, dispersion=0.5)
    assert found.people[BIG] == pytest.approx(916.67, abs=0.1)
    assert found.people[SMALL] == pytest.approx(92.97, abs=0.01)
    assert found.probability[BIG] == pytest.approx(0.305556, abs=1e-5)


def test_an_event_known_to_25_km_falls_by_people(towns):
    # Both towns lie within 25 km of the point: 3,000 : 1,000, so ¾ and ¼ of one strike.
    lon, lat = (sum(pair) / 2 for pair in zip(middle(BIG), middle(SMALL), strict=True))
    sites = sites_of(strikes_of([DAY - 1], lon, lat, radius_km=25.0), CELLS, towns)
    shares = dict(zip(sites.cell.tolist(), sites.cell_share.tolist(), strict=True))
    assert shares == {BIG: 0.75, SMALL: 0.25}
    # 3,000·(1 − e^−0.75) + 1,000·(1 − e^−0.25) = 1,582.90 + 221.20.
    assert given(towns, shares[BIG], shares[SMALL]).people.sum() == pytest.approx(1804.1, abs=0.1)


def test_a_burst_decays_by_each_kernel_s_own_days():
    # A week later each kernel of d days says e^(−7/d) of what it said: 9.7 % of 3 days, 79 % of 30.
    burst = strikes_of([DAY - 1] * 20, *middle(BIG))
    record = History(burst, sites_of(burst, CELLS), CELLS, 30, LEAST_DAYS_KNOWN)
    now, later = (record.at(origin)[:, BIG] for origin in (DAY, DAY + 7))
    checked = 0
    for at, (days, km) in enumerate(kernel_names()):
        if km == 0 and np.isfinite(days):
            assert later[at] / now[at] == pytest.approx(np.exp(-7 / days), rel=1e-3)
            # 20 strikes, half a day old, over the days that such a decay averages in a year.
            rate = np.exp(-0.5 / days) * 30 / effective_days(days, LEAST_DAYS_KNOWN)
            assert now[at] == pytest.approx(20 * rate, rel=1e-3)
            checked += 1
    assert checked >= 3


@pytest.fixture
def layer(make_raster):
    """One town of 20,000 in a single cell, nobody else."""
    cells = np.zeros((120, 120))
    lon, lat = middle(BIG)
    cells[int((34 - lat) * 120), int((lon - 43) * 120)] = 20_000
    return open_layer(make_raster(cells))


def run(layer, days, places=None):
    lon, lat = zip(*(places or [middle(BIG)] * len(days)), strict=True)
    strikes = strikes_of(days, lon, lat)
    return risk_computed(
        Known(strikes, np.zeros(len(days), int), np.zeros((0, 2), int)), layer, DAY
    )


def test_one_event_in_one_cell(layer):
    # Nothing to fit on: the dispersion is 1, so that P = Λ / (1 + Λ) for all 20,000.
    result = run(layer, [DAY - 1])
    at = result.cells.index(CELLS.h3_ids[BIG])
    people, struck = (
        result.figures[at, NAMES.index(n), 0, 0] for n in ("people", "person_strikes")
    )
    rate = struck / 20_000
    assert people == pytest.approx(20_000 * rate / (1 + rate), rel=0.02)
    assert 0 < rate < 1


def test_a_hundred_thousand_events_on_one_day_all_over_the_box(layer):
    random = np.random.default_rng(3)
    n = 100_000
    places = np.stack([random.uniform(43.1, 43.9, n), random.uniform(33.1, 33.9, n)], 1).round(2)
    result = run(layer, [DAY - 1] * n, places.tolist())
    assert np.isfinite(result.figures).all()
    for horizon in range(len(HORIZONS)):
        chance = result.figures[:, NAMES.index("probability"), horizon, 0]
        assert ((chance >= 0) & (chance <= 1)).all()
    assert result.left_out == 0


def test_however_many_strikes_each_person_counts_once(towns):
    assert given(towns, 50.0, 50.0).people.sum() == pytest.approx(4000)
