"""Sums over discs in closed form, against fine polygons and against themselves."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine

from scoring.engine.exposure import open_layer, population_in, population_within
from tests.scoring.engine.discs_by_polygon import assert_agree, fine_circle, fine_sums

RADII = [1000.0, 2000.0, 5000.0]
ARC_3 = 1 / 1200
SHARED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def rough(make_raster):
    """A rough layer of 300 × 260 cells of 3 arc-seconds, in odd tiles."""
    cells = np.random.default_rng(2).gamma(0.2, 5, (300, 260)).astype(np.float32)
    return open_layer(
        make_raster(cells, cell=ARC_3, tiled=True, blockxsize=64, blockysize=32, compress="deflate")
    )


def _points(layer, n, seed=0):
    west, south, east, north = layer.bounds
    rng = np.random.default_rng(seed)
    return rng.uniform(west, east, n), rng.uniform(south, north, n)


def test_a_thousand_discs_on_a_real_grid_of_densities(shared_data):
    layer = open_layer(shared_data("gpw_nigeria_2010_density.tif"), "density")
    lon, lat = _points(layer, 1000)
    radius = np.random.default_rng(1).choice([400.0, *RADII], 1000)
    ours = population_within(layer, lon, lat, [400.0, *RADII])
    chosen = np.searchsorted([400.0, *RADII], radius)
    referee = np.concatenate(
        [fine_sums(layer, [x], [y], [r])[0] for x, y, r in zip(lon, lat, radius, strict=True)]
    )
    assert_agree(ours[np.arange(1000), chosen], referee)


@pytest.mark.parametrize("north", [0.1, 34.0, -33.0, 60.2, 80.0])
def test_a_fine_and_rough_grid_anywhere(make_raster, north):
    wide = 1 + int(300 / np.cos(np.radians(abs(north) + 0.3)))
    cells = np.random.default_rng(3).gamma(0.1, 30, (300, wide))
    layer = open_layer(make_raster(cells, cell=ARC_3, north=north))
    lon, lat = _points(layer, 25)
    radii = [10.0, 60.0, *RADII]
    assert_agree(population_within(layer, lon, lat, radii), fine_sums(layer, lon, lat, radii))


@pytest.mark.parametrize(
    ("width", "height"), [(0.002, 0.03), (0.05, 0.001), (0.5, 0.5), (3.0, 2.0)]
)
def test_cells_of_any_shape(make_raster, width, height):
    cells = np.random.default_rng(4).gamma(0.3, 100, (40, 40))
    grid = Affine(width, 0, 10, 0, -height, 35 + 20 * height)
    layer = open_layer(make_raster(cells, transform=grid))
    rng = np.random.default_rng(5)
    lon, lat = 10 + width * rng.uniform(10, 30, 20), 35 + height * rng.uniform(-10, 10, 20)
    lat = lat.clip(-60, 60)
    radii = [*RADII, 60_000.0]
    assert_agree(population_within(layer, lon, lat, radii), fine_sums(layer, lon, lat, radii))


def test_near_the_poles_and_with_radii_of_continents(make_raster):
    cells = np.random.default_rng(6).gamma(0.3, 100, (360, 720))
    layer = open_layer(make_raster(cells, west=-180, north=90, cell=0.5))
    lon, lat = np.array([10.0, -170.0, 50.0, 179.9]), np.array([84.99, 86.0, -85.5, 40.0])
    people = population_within(layer, lon, lat, [50_000.0, 400_000.0])
    np.testing.assert_allclose(people, fine_sums(layer, lon, lat, [50_000.0, 400_000.0]), rtol=3e-4)


def test_threads_and_order_change_no_bit(rough):
    lon, lat = _points(rough, 400)
    first = population_within(rough, lon, lat, RADII, threads=1, block=32)
    shuffled = np.random.default_rng(7).permutation(400)
    for threads in (1, 2, 5):
        again = population_within(
            rough, lon[shuffled], lat[shuffled], RADII, threads=threads, block=32
        )
        assert again.tolist() == first[shuffled].tolist()


@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_blocks_change_nothing_but_rounding(rough, block):
    lon, lat = _points(rough, 60)
    people = population_within(rough, lon, lat, RADII)
    np.testing.assert_allclose(
        population_within(rough, lon, lat, RADII, block=block), people, rtol=1e-12
    )


@SHARED
@given(
    x=st.floats(43.0, 43.2), y=st.floats(33.8, 34.0), radius=st.floats(0, 6000),
    more=st.floats(0, 500),
)  # fmt: skip
def test_a_larger_disc_never_holds_fewer(rough, x, y, radius, more):
    small, large = population_within(rough, x, y, [radius, radius + more])[0]
    assert 0 <= small <= large * (1 + 1e-12)


@SHARED
@given(x=st.floats(43.03, 43.18), y=st.floats(33.78, 33.97), radius=st.floats(20, 1500))
def test_any_disc_agrees_with_the_referee(rough, x, y, radius):
    assert_agree(population_within(rough, x, y, radius), fine_sums(rough, [x], [y], [radius]))


def test_nodata_nan_and_empty_cells_are_nobody_to_the_last_bit(make_raster):
    cells = np.zeros((200, 200), dtype=np.float32)
    cells[:, :40] = 1.1e6
    cells[::3, 90:] = np.nan
    cells[1::3, 90:] = -9999
    layer = open_layer(make_raster(cells, cell=ARC_3, nodata=-9999))
    lon, lat = _points(layer, 200)
    people = population_within(layer, lon, lat, [1000.0])[:, 0]
    far = lon > 43.0 + 40 * ARC_3 + 0.02
    assert (people[far] == 0).all()
    assert (people >= 0).all()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float64"])
def test_any_type_of_number_counts_the_same(make_raster, dtype):
    cells = np.random.default_rng(8).integers(0, 120, (60, 60))
    plain = make_raster(cells.astype(np.float32), name="plain.tif")
    typed = make_raster(cells.astype(dtype), name="typed.tif", nodata=7)
    none = make_raster(np.where(cells == 7, 0, cells).astype(np.float32), name="none.tif")
    lon, lat = _points(open_layer(plain), 20)
    assert population_within(typed, lon, lat, RADII).tolist() == (
        population_within(none, lon, lat, RADII).tolist()
    )


def test_what_is_no_coordinate_is_named_by_its_index(rough):
    with pytest.raises(ValueError, match="index 2 "):
        population_within(rough, [43.1, 43.1, np.nan], [33.9] * 3, RADII)
    with pytest.raises(ValueError, match="index 1 "):
        population_within(rough, [43.1, 43.1], [33.9, -91], RADII)


def test_no_points_and_no_radii(rough):
    assert population_within(rough, [], [], RADII).shape == (0, 3)
    assert population_within(rough, [43.1], [33.9], []).shape == (1, 0)


def test_radii_come_back_in_the_order_asked(rough):
    up = population_within(rough, 43.1, 33.9, RADII)[0]
    assert population_within(rough, 43.1, 33.9, [5000, 0, 1000])[0].tolist() == [up[2], 0.0, up[0]]


def test_a_disc_is_what_a_polygon_of_it_is(rough):
    disc = fine_circle(43.1, 33.9, 3000.0)
    assert_agree(population_within(rough, 43.1, 33.9, 3000.0), population_in(rough, disc))
