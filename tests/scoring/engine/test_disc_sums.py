"""Sums over discs around cell middles, against exactextract's polygons."""

import numpy as np
import pytest

from scoring.engine.discs import disc_reach, disc_sums
from scoring.engine.exposure import population_within
from scoring.engine.grids import open_layer

ROWS, COLUMNS = 70, 9


def _both_ways(path, north_row, radius):
    """Return the sums around the middles of a block of cells: ours, and by polygons."""
    layer = open_layer(path)
    lat = layer.row_latitudes(north_row, ROWS)
    cell = {"cell_height": layer.cell_height, "cell_width": layer.cell_width}
    pad = disc_reach(radius, lat, **cell)
    column = layer.columns // 2
    with layer.reader() as reader:
        cells = reader.counts(
            north_row - pad[0], column - pad[1], ROWS + 2 * pad[0], COLUMNS + 2 * pad[1]
        )
    ours = disc_sums(np.nan_to_num(cells), lat, radius, pad=pad, **cell)
    lon = layer.west + (np.arange(column, column + COLUMNS) + 0.5) * layer.cell_width
    lons, lats = np.meshgrid(lon, lat)
    polygons = population_within(layer, lons.ravel(), lats.ravel(), [radius])
    return ours, polygons.reshape(ROWS, COLUMNS)


def _assert_close(ours, polygons, each=1e-4, mean=1e-7):
    assert (np.abs(ours - polygons) <= each * np.maximum(polygons, 1)).all()
    assert ours.sum() == pytest.approx(polygons.sum(), rel=mean)


@pytest.mark.parametrize("radius", [100.0, 463.0, 1000.0, 2000.0, 5000.0, 20_000.0])
@pytest.mark.parametrize("north", [34.6, 0.4, -33.0])
def test_they_agree_with_polygons(make_raster, radius, north):
    cells = np.random.default_rng(11).gamma(0.2, 300, (130, 80))
    mean = 1e-7 if radius <= 5000 else 1e-6
    _assert_close(*_both_ways(make_raster(cells, north=north), 30, radius), mean=mean)


def test_they_agree_with_polygons_at_80_degrees(make_raster):
    cells = np.random.default_rng(12).gamma(0.2, 300, (110, 200))
    _assert_close(*_both_ways(make_raster(cells, north=80.5), 20, 5000.0), each=3e-4, mean=1e-5)


def test_cells_need_not_be_square(make_raster):
    from rasterio.transform import Affine

    cells = np.random.default_rng(13).gamma(0.2, 300, (130, 160))
    oblong = Affine(0.004, 0, 43, 0, -0.01, 34)
    _assert_close(*_both_ways(make_raster(cells, transform=oblong), 30, 5000.0))


def test_a_disc_over_empty_cells_beside_a_city_is_exactly_empty(make_raster):
    cells = np.zeros((100, 100))
    cells[:, :20] = 1e6
    layer = open_layer(make_raster(cells))
    lat = layer.row_latitudes(20, 60)
    cell = {"cell_height": layer.cell_height, "cell_width": layer.cell_width}
    pad = disc_reach(5000.0, lat, **cell)
    sums = disc_sums(cells[20 - pad[0] : 80 + pad[0]], lat, 5000.0, pad=pad, **cell)
    assert (sums >= 0).all()
    assert (sums[:, 30:] == 0).all()
