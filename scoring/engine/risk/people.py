"""People on a grid of pixels, taken from a finer or coarser raster by shared area."""

import math

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from scoring.engine.geodesy import FloatArray
from scoring.engine.grids import LayerLike, open_layer
from scoring.engine.hazard.cells import Grid

# Raster cells that are in memory at a time.
_CELLS = 4_000_000


def people_on(layer: LayerLike, grid: Grid) -> FloatArray:
    """Return the persons on each pixel of a grid, float64[grid.size].

    A raster cell that several pixels share is divided by area in degrees, so that no person is lost
    or counted twice. Cells without data, and what lies off the layer, hold nobody.
    """
    raster = open_layer(layer)
    left = math.floor((grid.west - raster.west) / raster.cell_width)
    east = grid.west + grid.columns * grid.step
    columns = math.ceil((east - raster.west) / raster.cell_width) - left
    north = grid.south + grid.rows * grid.step
    top = math.floor((raster.north - north) / raster.cell_height)
    bottom = math.ceil((raster.north - grid.south) / raster.cell_height)
    x = raster.west + (left + np.arange(columns + 1)) * raster.cell_width
    across = _shares(x, grid.west + np.arange(grid.columns + 1) * grid.step)
    edges = grid.south + np.arange(grid.rows + 1) * grid.step
    found = np.zeros((grid.rows, grid.columns))
    strip = max(1, _CELLS // columns)
    with raster.reader() as reader:
        for row in range(max(top, 0), min(bottom, raster.rows), strip):
            rows = min(strip, min(bottom, raster.rows) - row)
            people = np.nan_to_num(reader.counts(row, left, rows, columns)[::-1])
            y = raster.north - (row + rows - np.arange(rows + 1)) * raster.cell_height
            found += _shares(y, edges).T @ (across.T @ people.T).T
    return found.ravel()


def _shares(cells: npt.NDArray[np.floating], pixels: npt.NDArray[np.floating]) -> csr_array:
    """Return what share of each cell lies in each pixel, sparse [cells, pixels]; edges ascend."""
    inside = pixels[(pixels > cells[0]) & (pixels < cells[-1])]
    cuts = np.unique(np.concatenate([cells, inside]))
    middles = (cuts[1:] + cuts[:-1]) / 2
    of_cell = np.searchsorted(cells, middles) - 1
    of_pixel = np.searchsorted(pixels, middles) - 1
    on = (of_pixel >= 0) & (of_pixel < len(pixels) - 1)
    share = np.diff(cuts)[on] / np.diff(cells)[of_cell[on]]
    shape = len(cells) - 1, len(pixels) - 1
    return csr_array((share, (of_cell[on], of_pixel[on])), shape=shape)
