import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.hazard.cells import KM_PER_LATITUDE, KM_PER_LONGITUDE, Grid
from scoring.engine.hazard.smoothing import daily_surfaces, linear_shares, smoothed

GRID = Grid(44.0, 33.0, 0.05, 40, 60)
places = st.tuples(st.floats(44.0, 46.99), st.floats(33.0, 34.99))


@given(st.lists(places, min_size=1, max_size=20), st.sampled_from([2.0, 5.0, 30.0]))
@settings(max_examples=30, deadline=None)
def test_kernels_keep_their_mass_and_are_never_negative(points, width):
    lon, lat = np.array(points).T
    pixels, shares = linear_shares(GRID, lon, lat)
    laid = np.bincount(pixels.ravel(), shares.ravel(), GRID.size).reshape(1, GRID.rows, -1)
    surface = smoothed(GRID, laid, width)
    assert surface.min() >= 0
    assert surface.sum(dtype=float) == pytest.approx(len(points), rel=1e-4)


def test_a_point_becomes_the_gaussian_of_the_asked_width():
    lon, lat, width = 45.513, 34.027, 12.0
    pixels, shares = linear_shares(GRID, np.array([lon]), np.array([lat]))
    laid = np.bincount(pixels.ravel(), shares.ravel(), GRID.size).reshape(1, GRID.rows, -1)
    surface = smoothed(GRID, laid, width)[0]
    x, y = (a.reshape(GRID.rows, -1) for a in GRID.centres())
    km = KM_PER_LONGITUDE * np.cos(np.radians(y))
    squared = ((x - lon) * km) ** 2 + ((y - lat) * KM_PER_LATITUDE) ** 2
    area = GRID.step**2 * km * KM_PER_LATITUDE
    exact = area / (2 * np.pi * width**2) * np.exp(-squared / (2 * width**2))
    # A degree of longitude is taken at the row a point lies in, hence not nearer.
    assert np.abs(surface - exact).max() < 0.02 * exact.max()


def test_a_burst_decays_day_by_day():
    day = np.full(10, 100)
    surfaces = daily_surfaces(
        GRID, day, np.full(10, 45.0), np.full(10, 34.0),
        first_day=99, days=12, decay_days=5.0, width_km=5.0,
    )  # fmt: skip
    sums = surfaces.sum(axis=(1, 2), dtype=float)
    assert sums[:2].tolist() == [0, 0]  # not before the day after
    assert sums[2:] == pytest.approx(10 * np.exp(-np.arange(10) / 5.0), rel=1e-4)


def test_strikes_before_the_first_day_are_in_the_first_surface():
    kwargs = {"days": 1, "decay_days": 10.0, "width_km": 5.0}
    one = (np.array([90]), np.array([45.0]), np.array([34.0]))
    surface = daily_surfaces(GRID, *one, first_day=101, **kwargs)
    assert surface.sum() == pytest.approx(np.exp(-1), rel=1e-4)


def test_a_million_strikes_on_one_day_and_place():
    n = 1_000_000
    surfaces = daily_surfaces(
        GRID, np.full(n, 5), np.full(n, 45.0), np.full(n, 34.0),
        first_day=6, days=1, decay_days=10.0, width_km=5.0,
    )  # fmt: skip
    assert surfaces.sum(dtype=float) == pytest.approx(n, rel=1e-3)
