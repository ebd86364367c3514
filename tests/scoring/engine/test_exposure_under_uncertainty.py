"""People around places that are known only vaguely."""

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.exposure import (
    exposure_under_uncertainty,
    population_within,
)
from scoring.engine.geodesy import WGS84
from scoring.engine.grids import open_layer
from scoring.engine.vague import weighted_percentiles

RADII = [1000.0, 2000.0, 5000.0]


@pytest.fixture
def town(make_raster):
    """Sixty by sixty cells with people here and there, 43–43.5° E and 33.5–34° N."""
    return open_layer(make_raster(np.random.default_rng(21).gamma(0.2, 300, (60, 60)).round()))


def _middles_within(layer, lon, lat, radius):
    lons = layer.west + (np.arange(layer.columns) + 0.5) * layer.cell_width
    lons, lats = (grid.ravel() for grid in np.meshgrid(lons, layer.row_latitudes(0, layer.rows)))
    distance = WGS84.inv(np.full_like(lons, lon), np.full_like(lats, lat), lons, lats)[2]
    with layer.reader() as reader:
        people = reader.counts(0, 0, layer.rows, layer.columns).ravel()
    near = distance <= radius
    return lons[near], lats[near], people[near]


@pytest.mark.parametrize("alpha", [0, 0.5, 1, 2])
def test_it_is_the_plain_sum_over_the_cells_inside(town, alpha):
    """Against one disc by polygon around every cell middle, weighted and sorted in the open."""
    place = (43.247, 33.752, 9000.0)
    low, best, high, expected = exposure_under_uncertainty(town, [place], RADII, alpha)
    lon, lat, people = _middles_within(town, *place)
    weights = people**alpha
    around = population_within(town, lon, lat, RADII)
    np.testing.assert_allclose(expected[0], weights @ around / weights.sum(), rtol=1e-5)
    for column in range(3):
        order = np.argsort(around[:, column])
        share = np.cumsum(weights[order]) / weights.sum()
        for figure, q in ((low, 0.1), (best, 0.5), (high, 0.9)):
            plain = around[order, column][share >= q][0]
            assert figure[0, column] == pytest.approx(plain, rel=1e-5)


def test_an_uncertainty_below_half_a_cell_is_a_point(town):
    place = (43.2461, 33.7522)
    figures = exposure_under_uncertainty(town, [(*place, 0.0), (*place, 380.0)], RADII)
    point = population_within(town, *place, RADII)[0]
    for figure in figures:
        assert figure.tolist() == [point.tolist()] * 2


def test_an_area_without_a_cell_middle_is_its_own_point(town):
    west_edge = 43.0 + 30 / 120
    figures = exposure_under_uncertainty(town, [(west_edge, 33.75, 400.0)], RADII)
    point = population_within(town, west_edge, 33.75, RADII)
    assert all(figure.tolist() == point.tolist() for figure in figures)
    sliver = shapely.box(west_edge - 1e-4, 33.75 - 1e-4, west_edge + 1e-4, 33.75 + 1e-4)
    figures = exposure_under_uncertainty(town, [sliver], RADII)
    np.testing.assert_allclose(figures[3], point, rtol=1e-3)


def test_where_nobody_lives_every_cell_weighs_the_same(make_raster):
    cells = np.zeros((60, 60))
    cells[:, 40] = 50.0
    layer = open_layer(make_raster(cells))
    place = (43.0 + 31.5 / 120, 33.75, 6000.0)
    expected = exposure_under_uncertainty(layer, [place], [5000.0])[3][0, 0]
    lon, lat, people = _middles_within(layer, *place)
    assert people.sum() == 0
    assert expected == pytest.approx(population_within(layer, lon, lat, [5000]).mean(), rel=1e-5)
    assert expected > 0


def test_a_polygon_may_be_the_place(town):
    square = shapely.box(43.1, 33.6, 43.3, 33.9)
    low, best, high, expected = exposure_under_uncertainty(town, [square], [2000.0])
    lons = town.west + (np.arange(60) + 0.5) * town.cell_width
    inside = [(x, y) for y in town.row_latitudes(0, 60) for x in lons if square.contains(
        shapely.Point(x, y))]  # fmt: skip
    lon, lat = np.array(inside).T
    with town.reader() as reader:
        grid = reader.counts(0, 0, 60, 60)
    columns = np.floor((lon - town.west) / town.cell_width).astype(int)
    rows = np.floor((town.north - lat) / town.cell_height).astype(int)
    weights = grid[rows, columns]
    around = population_within(town, lon, lat, [2000.0])[:, 0]
    assert expected[0, 0] == pytest.approx(np.average(around, weights=weights), rel=1e-5)
    assert low[0, 0] < best[0, 0] < high[0, 0]


def test_coverage_is_the_expected_share_with_data(make_raster):
    cells = np.full((60, 60), 10.0)
    cells[:, 30:] = -1
    layer = open_layer(make_raster(cells, nodata=-1))
    places = [(43.25, 33.75, 4000.0), (43.1, 33.75, 2000.0), (43.25, 33.75, 0.0)]
    coverage = exposure_under_uncertainty(layer, places, [2000.0], with_coverage=True)[4][:, 0]
    assert 0.5 < coverage[0] < 1
    assert coverage[1] == 1
    assert coverage[2] == pytest.approx(0.5, rel=1e-3)


def test_an_area_across_the_antimeridian_is_whole(make_raster):
    cells = np.random.default_rng(3).gamma(0.5, 50, (40, 3600)).round()
    around = open_layer(make_raster(cells, west=-180, north=2, cell=0.1, name="a.tif"))
    turned = np.roll(cells, 1800, axis=1)
    shifted = open_layer(make_raster(turned, west=0, north=2, cell=0.1, name="b.tif"))
    areas = [(179.97, 0.1, 80_000.0), (-179.8, -0.4, 60_000.0)]
    figures = exposure_under_uncertainty(around, areas, [20_000.0])
    others = exposure_under_uncertainty(shifted, areas, [20_000.0])
    for ours, theirs in zip(figures, others, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    assert (figures[0] > 0).all()


def test_a_place_off_the_layer_or_at_the_pole_has_nobody(town):
    areas = [(10.0, 10.0, 20_000.0), (43.2, 89.9, 20_000.0), (10.0, 10.0, 0.0)]
    *figures, coverage = exposure_under_uncertainty(town, areas, RADII, with_coverage=True)
    assert all((figure == 0).all() for figure in figures)
    assert (coverage == 0).all()


def test_equal_places_are_one_and_a_batch_is_its_singles_bit_for_bit(town):
    rng = np.random.default_rng(9)
    areas = [
        (float(x), float(y), float(r))
        for x, y, r in zip(
            rng.uniform(43, 43.5, 20), rng.uniform(33.5, 34, 20), rng.choice([0, 900, 7000], 20),
            strict=True,
        )
    ]  # fmt: skip
    areas += [areas[3], shapely.box(43.1, 33.6, 43.2, 33.7), areas[5]]
    together = exposure_under_uncertainty(town, areas, RADII, with_coverage=True)
    backwards = exposure_under_uncertainty(town, areas[::-1], RADII, with_coverage=True)
    for i, area in enumerate(areas):
        alone = exposure_under_uncertainty(town, [area], RADII, with_coverage=True)
        for figure, mirrored, single in zip(together, backwards, alone, strict=True):
            assert figure[i].tolist() == mirrored[-1 - i].tolist() == single[0].tolist()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_percentiles_are_ordered_values_of_the_sample(data):
    values = data.draw(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
    weights = data.draw(st.lists(st.floats(1e-3, 1e5), min_size=len(values), max_size=len(values)))
    sample, weight = np.array(values), np.array(weights)
    found = weighted_percentiles(sample, weight, (0.1, 0.5, 0.9))
    assert (np.diff(found) >= 0).all()
    for value, share in zip(found, (0.1, 0.5, 0.9), strict=True):
        assert value in sample
        assert weight[sample <= value].sum() >= share * weight.sum() * (1 - 1e-9)
        assert weight[sample < value].sum() <= share * weight.sum() * (1 + 1e-9)


@pytest.mark.parametrize(
    "area",
    [(np.nan, 33.0, 5.0), (43.0, 91.0, 5.0), (43.0, 33.0, -1.0), (43.0, 33.0, np.inf),
     shapely.Polygon()],
)  # fmt: skip
def test_it_refuses_what_is_no_area(town, area):
    with pytest.raises(ValueError, match=r"finite|within|negative|empty"):
        exposure_under_uncertainty(town, [area], RADII)


def test_it_refuses_a_negative_alpha_and_discs_above_100_km(town):
    with pytest.raises(ValueError, match="alpha"):
        exposure_under_uncertainty(town, [(43.2, 33.7, 0.0)], RADII, alpha=-1)
    with pytest.raises(ValueError, match="100 km"):
        exposure_under_uncertainty(town, [(43.2, 33.7, 0.0)], [200_000.0])


def test_an_area_of_80_km_at_30_arc_seconds_takes_a_blink(make_raster):
    """27,000 centres and three radii, some 20 ms; the bound is to catch a loop, not a slow day."""
    cells = np.random.default_rng(1).gamma(0.2, 300, (300, 300)).astype(np.float32)
    layer = open_layer(
        make_raster(cells, tiled=True, blockxsize=256, blockysize=256, compress="deflate")
    )
    place = (43.0 + 150 / 120, 34.0 - 150 / 120, 80_000.0)
    seconds = []
    for _ in range(5):
        start = time.process_time()
        exposure_under_uncertainty(layer, [place], RADII)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.1
