"""What callers hand over by mistake: refused in words, or taken for what it means."""

import numpy as np
import pytest
import shapely

from scoring.engine.exposure import (
    exposure_under_uncertainty,
    population_in,
    population_within,
    population_within_union,
)
from scoring.engine.geodesy import WGS84
from tests.scoring.conftest import ARC_30

HERE = 43.2, 33.7


@pytest.fixture
def path(make_raster):
    return make_raster(np.random.default_rng(1).gamma(0.2, 300, (60, 60)).astype(np.float32))


@pytest.mark.parametrize(
    ("lon", "lat", "radii", "message"),
    [
        (np.ma.masked_array([43.2, 43.3], [False, True]), [33.7, 33.7], 1000, "index 1"),
        ([43.2, 43.3], [33.7], 1000, "2 longitudes and 1 latitudes"),
        ([[43.2, 43.3]], [[33.7, 33.6]], 1000, r"shape \(1, 2\)"),
        ([43.2], [33.7], [[1000, 2000]], r"shape \(1, 2\)"),
        ([43.2], [33.7], np.ma.masked_array([1000.0], [True]), "finite"),
        ([43.2], [33.7], 5_000_001, "at most 5,000 km"),
        ([43.2], [33.7], 1e300, "at most 5,000 km"),
        ([None], [33.7], 1000, "finite"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(path, lon, lat, radii, message):
    with pytest.raises(ValueError, match=message):
        population_within(path, lon, lat, radii)
    with pytest.raises(ValueError, match=message):
        population_within_union(path, lon, lat, radii)


@pytest.mark.parametrize(("option", "value"), [("threads", 0), ("threads", -1), ("block", 0)])
def test_no_threads_and_no_rows_are_refused_and_not_taken_for_nobody(path, option, value):
    with pytest.raises(ValueError, match="at least one"):
        population_within(path, *HERE, 1000, **{option: value})


@pytest.mark.parametrize("alpha", [-0.1, 10.1, 1000.0, np.nan, np.inf])
def test_an_alpha_that_overflows_is_refused(path, alpha):
    with pytest.raises(ValueError, match="alpha"):
        exposure_under_uncertainty(path, [(*HERE, 8000.0)], [1000], alpha)


def test_lists_small_numbers_and_single_ones_mean_the_same(path):
    whole = population_within(path, [43.25], [33.75], [1000])
    for lon, lat, radius in (
        (43.25, 33.75, 1000),
        (np.float32(43.25), np.array(33.75), np.int32(1000)),
        ((43.25,), np.array([33.75], np.float32), np.array([1000], np.uint16)),
    ):
        assert population_within(path, lon, lat, radius).tolist() == whole.tolist()
    assert population_within(path, [], [], [1000]).shape == (0, 1)
    assert population_within(path, [43.25], [33.75], []).shape == (1, 0)


def test_nothing_is_within_an_empty_polygon(path):
    empty = shapely.Polygon()
    assert population_within_union(path, *HERE, 1000, within=empty) == 0
    areas = [(*HERE, 3000.0)]
    assert population_within_union(path, *HERE, 1000, within=empty, areas=areas) == 0
    assert population_within_union(path, [], [], 1000, areas=[]) == 0
    assert population_in(path, empty) == 0


@pytest.mark.parametrize("west", [-180, 0, 165, 180])
def test_a_place_is_the_same_on_every_turn_of_the_globe(make_raster, west):
    cells = np.random.default_rng(2).gamma(0.5, 30, (20, 360)).astype(np.float32)
    path = make_raster(cells, west=west, north=10, cell=1.0)
    for turns in ([180, -180], [181, -179], [-1, 359], [0, 360, -360]):
        people = population_within(path, turns, [0.3] * len(turns), 200_000).ravel()
        assert people[0] > 0
        np.testing.assert_allclose(people, people[0], rtol=1e-9)
        inside = [population_in(path, shapely.box(lon - 2, -2, lon + 2, 2)) for lon in turns]
        np.testing.assert_allclose(inside, inside[0], rtol=1e-9)
    assert population_in(path, shapely.box(539, -1, 541, 1)) == pytest.approx(
        population_in(path, shapely.box(179, -1, 181, 1)), rel=1e-9
    )


def test_vague_strikes_on_either_side_of_180_count_nobody_twice(make_raster):
    cells = np.random.default_rng(3).gamma(0.5, 30, (60, 360)).astype(np.float32)
    path = make_raster(cells, west=-180, north=30, cell=1.0)
    lon, lat = [179.2, -179.1], [0.2, 0.1]

    def expected(west, east, **options):
        areas = [(west, 0.2, 150_000.0), (east, 0.1, 150_000.0)]
        return population_within_union(path, lon, lat, 300_000, areas=areas, **options)

    whole = expected(179.2, 180.9)
    assert expected(179.2, -179.1) == pytest.approx(whole, rel=1e-9)
    assert expected(-180.8, 180.9) == pytest.approx(whole, rel=1e-9)
    for turn in (0, -360):
        clip = shapely.box(178.5 + turn, -1, 182 + turn, 1)
        clipped = expected(179.2, -179.1, within=clip)
        assert clipped == pytest.approx(expected(179.2, 180.9, within=clip), rel=1e-9)
        assert 0 < clipped <= population_in(path, clip)


@pytest.mark.parametrize("seed", range(12))
def test_a_disc_is_what_a_fine_sampling_finds(make_raster, seed):
    rng, fine = np.random.default_rng(seed), 8
    cells = rng.gamma(0.3, 90, (60, 60))
    lon, lat, radius = rng.uniform(43.2, 43.3), rng.uniform(33.7, 33.8), rng.uniform(300, 6000)
    steps = (np.arange(60 * fine) + 0.5) * ARC_30 / fine
    far_lon, far_lat = (each.ravel() for each in np.meshgrid(43 + steps, 34 - steps))
    here = np.full(len(far_lon), lon), np.full(len(far_lon), lat)
    _, _, away = WGS84.inv(*here, far_lon, far_lat)
    hit = (away <= radius).reshape(60, fine, 60, fine).mean(axis=(1, 3))
    people = population_within(make_raster(cells), lon, lat, radius)[0, 0]
    # Of a cell on the rim, a sampling of 8 by 8 knows about an eighth of its people not.
    rim = cells[(hit > 0) & (hit < 1)].sum()
    assert abs(people - (cells * hit).sum()) <= rim / fine
