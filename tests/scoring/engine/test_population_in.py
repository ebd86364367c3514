"""People in a polygon, against published sums and by hand."""

import sqlite3

import numpy as np
import pytest
import shapely

from scoring.engine.exposure import population_in, populations_in
from scoring.engine.grids import open_layer

# The sums published with these files (exactextractr), in the order of the municipalities.
PUBLISHED = [14539.875, 4149.851, 66866.711, 5293.968, 31920.496, 9093.449]


def _municipalities(path):
    rows = sqlite3.connect(path).execute("SELECT geom FROM concelhos ORDER BY fid").fetchall()
    return [shapely.from_wkb(_wkb(blob)) for (blob,) in rows]


def _wkb(blob):
    """Strip the GeoPackage header (its envelope may have 0, 4, 6 or 8 numbers)."""
    envelope = (blob[3] >> 1) & 7
    return blob[8 + 8 * {0: 0, 1: 4, 2: 6, 3: 6, 4: 8}[envelope] :]


def test_sao_miguel_municipalities_as_published(shared_data):
    layer = open_layer(shared_data("sao_miguel/gpw_v411_2020_count_2020.tif"))
    people = populations_in(layer, _municipalities(shared_data("sao_miguel/concelhos.gpkg")))
    np.testing.assert_allclose(people, PUBLISHED, rtol=1e-6)


def test_density_agrees_with_counts_where_all_is_land(shared_data):
    """Where a cell is all land, persons per km² of land × the cell's true area are its persons.

    GPW reckons areas its own way, up to 0.17 % off the ellipsoid's.
    """
    count, density, land = (
        open_layer(shared_data(f"sao_miguel/gpw_v411_2020_{name}_2020.tif"), kind)
        for name, kind in [("count", "count"), ("density", "density"), ("land_area", "count")]
    )
    grids = []
    for layer in (count, density, land):
        with layer.reader() as reader:
            grids.append(np.nan_to_num(reader.counts(0, 0, layer.rows, layer.columns)))
    widest = grids[2].max(axis=1, keepdims=True)
    all_land = (grids[2] > 0.6) & (grids[2] > 0.9999 * widest)
    assert all_land.sum() > 500
    np.testing.assert_allclose(grids[1][all_land], grids[0][all_land], rtol=2e-3)


def test_a_cell_counts_by_the_fraction_inside(make_raster):
    path = make_raster([[100.0, 10.0], [1.0, 0.0]], west=0, north=2, cell=1)
    assert population_in(path, shapely.box(0.5, 0.75, 1.25, 2)) == pytest.approx(
        50 + 2.5 + 0.125, rel=1e-12
    )


def test_holes_and_parts_are_heeded(make_raster):
    path = make_raster(np.ones((4, 4)), west=0, north=4, cell=1)
    ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 3, 4, 4)])
    np.testing.assert_allclose(populations_in(path, [ring, parts]), [12, 2], rtol=1e-12)


def test_nobody_lives_off_the_layer_or_without_data(make_raster):
    path = make_raster([[5.0, -9.0]], west=0, north=1, cell=1, nodata=-9)
    boxes = [shapely.box(20, 20, 21, 21), shapely.box(1, 0, 2, 1), shapely.box(-5, -5, 1, 5)]
    np.testing.assert_array_equal(populations_in(path, boxes), [0, 0, 5])


def test_a_polygon_may_cross_the_antimeridian(make_raster):
    path = make_raster(np.arange(360.0)[np.newaxis], west=-180, north=1, cell=1)
    assert population_in(path, shapely.box(179, 0, 181, 1)) == pytest.approx(359 + 0)
    assert population_in(path, shapely.box(-182, 0, -179, 1)) == pytest.approx(358 + 359 + 0)


def test_mass_is_conserved_over_a_tiling(make_raster):
    cells = np.random.default_rng(7).gamma(0.3, 100, (30, 40))
    path = make_raster(cells, west=0, north=30, cell=1)
    cuts = shapely.voronoi_polygons(
        shapely.MultiPoint(np.random.default_rng(8).uniform(0, 30, (50, 2))),
        extend_to=shapely.box(0, 0, 40, 30),
    )
    tiles = shapely.intersection(shapely.get_parts(cuts), shapely.box(0, 0, 40, 30))
    assert populations_in(path, list(tiles)).sum() == pytest.approx(cells.sum(), rel=1e-9)


def test_many_polygons_give_each_what_it_gets_alone(make_raster):
    path = make_raster(np.random.default_rng(1).gamma(0.3, 100, (50, 50)), west=0, north=50, cell=1)
    rng = np.random.default_rng(2)
    shapes = [shapely.Point(*rng.uniform(0, 50, 2)).buffer(rng.uniform(0.1, 9)) for _ in range(40)]
    together = populations_in(path, shapes)
    alone = [population_in(path, shape) for shape in shapes]
    assert together.tolist() == alone


def test_it_refuses_polygons_it_would_misread(make_raster):
    path = make_raster(np.ones((2, 2)))
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    endless = shapely.Polygon([(0, 0), (np.inf, 1), (1, 0)])
    for shape, words in (
        (bowtie, "not valid"),
        (endless, "finite"),
        (shapely.Point(0, 0), "Point"),
    ):
        with pytest.raises(ValueError, match=words):
            population_in(path, shape)


def test_no_polygons_no_sums(make_raster):
    assert populations_in(make_raster(np.ones((2, 2))), []).shape == (0,)
