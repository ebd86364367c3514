"""A population raster as people per km² on the rows and columns of a picture."""

import numpy as np

from scoring.engine.geodesy import FloatArray, IntArray, cell_areas_km2
from scoring.engine.grids import Layer

# An edge that falls on a cell's is not to miss it by a rounding, in cells.
_ROUNDING = 1e-6


def densities(layer: Layer, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return persons per km² of each pixel, float64[rows, columns]; nan where there is no data.

    lon: the edges of the columns from west to east, degrees, float64[columns + 1]; lat: those of
    the rows from north to south, degrees, float64[rows + 1]. A pixel is of the cells that begin in
    it, at least of the one in which it begins. The cells of all pixels are read: keep them few.
    """
    row = np.floor((layer.north - lat) / layer.cell_height + _ROUNDING).astype(np.int64)
    column = np.floor((lon - layer.west) / layer.cell_width + _ROUNDING).astype(np.int64)
    rows, columns = _length(row), _length(column)
    with layer.reader() as reader:
        persons = reader.counts(int(row[0]), int(column[0]), rows, columns)
    middles = layer.row_latitudes(int(row[0]), rows)
    half = layer.cell_height / 2
    north, south = np.minimum(middles + half, 90), np.maximum(middles - half, -90)
    area = np.where(np.isnan(persons), 0, cell_areas_km2(south, north, layer.cell_width)[:, None])
    with np.errstate(invalid="ignore"):  # nobody knows: nought persons on nought km²
        return _summed(np.nan_to_num(persons), row, column) / _summed(area, row, column)


def _length(edges: IntArray) -> int:
    return int(max(edges[-1], edges[-2] + 1) - edges[0])


def _summed(cells: FloatArray, row: IntArray, column: IntArray) -> FloatArray:
    # Where two edges are in one cell, reduceat takes that cell.
    down = np.add.reduceat(cells, row[:-1] - row[0], axis=0)
    return np.asarray(np.add.reduceat(down, column[:-1] - column[0], axis=1))
