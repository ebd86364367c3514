"""People within reach of any of many strikes, each once."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.engine.exposure import (
    exposure_under_uncertainty,
    open_layer,
    population_in,
    population_within,
    population_within_union,
)
from tests.scoring.engine.discs_by_polygon import fine_circle

SHARED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def layer(make_raster):
    """120 × 120 rough cells of 30 arc-seconds, 43–44° E, 33–34° N."""
    return open_layer(make_raster(np.random.default_rng(1).gamma(0.2, 300, (120, 120))))


def _dissolved(lon, lat, radius):
    radius = np.broadcast_to(radius, np.shape(lon))
    return shapely.union_all([fine_circle(*disc) for disc in zip(lon, lat, radius, strict=True)])


@SHARED
@given(seed=st.integers(0, 10_000), n=st.integers(1, 30), spread=st.sampled_from([0.0, 0.02, 0.3]))
def test_it_is_the_sum_over_the_dissolved_polygon(layer, seed, n, spread):
    rng = np.random.default_rng(seed)
    lon, lat = 43.5 + spread * rng.uniform(-1, 1, n), 33.5 + spread * rng.uniform(-1, 1, n)
    radius = rng.choice([200.0, 900.0, 5000.0, 12_000.0], n)
    people = population_within_union(layer, lon, lat, radius)
    assert people == pytest.approx(population_in(layer, _dissolved(lon, lat, radius)), rel=1e-5)
    each = np.array([
        population_within(layer, x, y, r)[0, 0] for x, y, r in zip(lon, lat, radius, strict=True)
    ])  # fmt: skip
    assert each.max() * (1 - 1e-9) <= people <= each.sum() * (1 + 1e-9)


def test_many_overlapping_discs(layer):
    rng = np.random.default_rng(2)
    lon, lat = rng.normal(43.5, 0.15, 2000), rng.normal(33.5, 0.15, 2000)
    people = population_within_union(layer, lon, lat, 3000.0)
    assert people == pytest.approx(population_in(layer, _dissolved(lon, lat, 3000.0)), rel=1e-5)


def test_equal_and_hidden_discs_count_once(layer):
    alone = population_within_union(layer, 43.5, 33.5, 5000.0)
    lon, lat = [43.5, 43.5, 43.51, 43.5], [33.5, 33.5, 33.5, 33.5]
    again = population_within_union(layer, lon, lat, [5000.0, 5000.0, 900.0, 0.0])
    assert again == alone == pytest.approx(population_within(layer, 43.5, 33.5, 5000.0)[0, 0])


def test_a_ring_of_discs_leaves_its_middle_out(layer):
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    lon, lat = 43.5 + 0.25 * np.cos(turn), 33.5 + 0.2 * np.sin(turn)
    people = population_within_union(layer, lon, lat, 3000.0)
    ring = _dissolved(lon, lat, 3000.0)
    assert len(ring.interiors) == 1
    assert people == pytest.approx(population_in(layer, ring), rel=1e-5)


def test_a_polygon_clips_it(layer):
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(43.1, 43.9, 60), rng.uniform(33.1, 33.9, 60)
    within = shapely.Point(43.5, 33.5).buffer(0.3).difference(shapely.box(43.4, 33.4, 43.5, 33.5))
    people = population_within_union(layer, lon, lat, 5000.0, within=within)
    clipped = _dissolved(lon, lat, 5000.0).intersection(within)
    assert people == pytest.approx(population_in(layer, clipped), rel=2e-5)
    off = shapely.box(10, 10, 11, 11)
    assert population_within_union(layer, lon, lat, 5000.0, within=off) == 0


def test_across_the_antimeridian_off_the_layer_and_at_the_pole(make_raster):
    cells = np.random.default_rng(4).gamma(0.3, 100, (360, 720))
    layer = open_layer(make_raster(cells, west=-180, north=90, cell=0.5))
    lon, lat = np.array([179.9, -179.8, 30.0]), np.array([1.0, 1.2, 20.0])
    parts = population_within_union(layer, lon[:2], lat[:2], 90_000.0)
    parts += population_within_union(layer, lon[2:], lat[2:], 90_000.0)
    assert population_within_union(layer, lon, lat, 90_000.0) == pytest.approx(parts, rel=1e-6)
    turned = population_within_union(layer, [-180.1, -179.8], [1.0, 1.2], 90_000.0)
    whole = population_within_union(layer, lon[:2], lat[:2], 90_000.0)
    assert turned == pytest.approx(whole, rel=1e-9)
    assert population_within_union(layer, [10.0], [88.0], 50_000.0) == pytest.approx(
        population_within(layer, 10.0, 88.0, 50_000.0)[0, 0]
    )


def test_a_polygon_past_180_degrees_clips_points_given_on_either_side(make_raster):
    cells = np.random.default_rng(4).gamma(0.3, 100, (360, 720))
    layer = open_layer(make_raster(cells, west=-180, north=90, cell=0.5))
    lat = [1.0, 1.2, 3.0]
    sides = [
        population_within_union(layer, lon, lat, 90_000.0, within=within)
        for lon in ([179.9, -179.8, 179.0], [-180.1, 180.2, 179.0])
        for within in (shapely.box(179.2, 0, 181, 4), shapely.box(-180.8, 0, -179, 4))
    ]
    assert sides == pytest.approx([sides[0]] * 4, rel=1e-6)
    assert sides[0] > 0


def test_nobody_and_nothing(layer):
    assert population_within_union(layer, [], [], 5000.0) == 0
    assert population_within_union(layer, [10.0], [10.0], 5000.0) == 0
    with pytest.raises(ValueError, match="index 1 "):
        population_within_union(layer, [43.5, np.nan], [33.5, 33.5], 5000.0)
    with pytest.raises(ValueError, match="radii"):
        population_within_union(layer, [43.5, 43.5, 43.5], [33.5] * 3, [1.0, 2.0])


def test_one_vague_strike_is_expected_to_reach_what_its_exposure_says(layer):
    area = (43.5, 33.5, 9000.0)
    expected = exposure_under_uncertainty(layer, [area], [4000.0])[3][0, 0]
    people = population_within_union(layer, [43.5], [33.5], 4000.0, areas=[area])
    assert people == pytest.approx(expected, rel=1e-3)


def test_strikes_known_exactly_are_nearly_their_union(layer):
    lon, lat = [43.3, 43.35, 43.7], [33.5, 33.52, 33.4]
    areas = [(x, y, 0.0) for x, y in zip(lon, lat, strict=True)]
    people = population_within_union(layer, lon, lat, 5000.0, areas=areas)
    assert people == pytest.approx(population_within_union(layer, lon, lat, 5000.0), rel=0.02)
    apart = population_within_union(layer, lon[1:], lat[1:], 5000.0, areas=areas[1:])
    assert apart == pytest.approx(
        population_within(layer, lon[1:], lat[1:], 5000.0).sum(), rel=1e-6
    )


def test_the_expected_union_is_one_minus_missing_all(layer):
    """Two vague strikes over the same place: 1 − (1 − p)², cell by cell, clipped by halves."""
    area = shapely.box(43.4, 33.4, 43.5, 33.5)
    one = population_within_union(layer, [43.4], [33.4], 3000.0, areas=[area])
    two = population_within_union(layer, [43.4] * 2, [33.4] * 2, 3000.0, areas=[area] * 2)
    assert one < two < 2 * one
    halves = [
        population_within_union(
            layer, [43.4] * 2, [33.4] * 2, 3000.0, shapely.box(*box), areas=[area] * 2
        )
        for box in ((43, 33, 43.451, 34), (43.451, 33, 44, 34))
    ]
    assert sum(halves) == pytest.approx(two, rel=1e-6)
