"""People per km² on the pixels of a picture."""

import numpy as np
import pytest

from scoring.engine.densities import densities
from scoring.engine.geodesy import cell_areas_km2
from scoring.engine.grids import open_layer

CELL = 1 / 120
WEST, NORTH = 43.0, 34.0


def edges(first, cells, step):
    return first + np.arange(cells + 1) * step


def test_a_pixel_that_is_a_cell_has_its_density(make_raster):
    cells = np.arange(1.0, 26.0).reshape(5, 5)
    layer = open_layer(make_raster(cells))
    inner = 0.1 * CELL  # from inside a cell to inside the next one
    found = densities(layer, edges(WEST + inner, 4, CELL), edges(NORTH - inner, 4, -CELL))
    south = NORTH - np.arange(1, 5) * CELL
    area = cell_areas_km2(south, south + CELL, CELL)
    assert found == pytest.approx(cells[:4, :4] / area[:, None])


def test_a_pixel_of_many_cells_has_their_people_on_their_land(make_raster):
    cells = np.full((6, 6), 7.0)
    cells[:, 0] = -1  # no data: neither people nor land
    layer = open_layer(make_raster(cells, nodata=-1.0))
    found = densities(layer, edges(WEST, 1, 6 * CELL), edges(NORTH, 1, -6 * CELL))
    south = NORTH - np.arange(1, 7) * CELL
    area = 5 * cell_areas_km2(south, south + CELL, CELL).sum()
    assert found == pytest.approx(np.array([[7 * 30 / area]]))


def test_pixels_finer_than_cells_repeat_them(make_raster):
    layer = open_layer(make_raster(np.array([[1.0, 2.0], [3.0, 4.0]])))
    tenth = CELL / 10
    found = densities(
        layer, edges(WEST + tenth / 2, 18, tenth), edges(NORTH - tenth / 2, 18, -tenth)
    )
    assert len(np.unique(found.round(9))) == 4


def test_where_nothing_is_known_there_is_no_number(make_raster):
    layer = open_layer(make_raster(np.full((4, 4), 3.0)))
    assert np.isnan(densities(layer, edges(10.0, 8, 0.1), edges(5.0, 8, -0.1))).all()


def test_a_layer_across_the_antimeridian_is_found_from_either_side(make_raster):
    layer = open_layer(make_raster(np.full((4, 240), 3.0), west=179.0))
    lat = edges(NORTH - CELL / 2, 2, -CELL)
    for west in (-179.5, 179.5):
        assert not np.isnan(densities(layer, edges(west, 4, CELL), lat)).any()
