"""Sums over geodesic discs and along arcs in windows of a raster, as machine code."""

import math

import numpy as np
from numba import njit

from scoring.engine.compiled import COMPILE
from scoring.engine.geodesy import FloatArray, IntArray
from scoring.engine.pieces import BOTH, add_discs, piece_memory, settle
from scoring.engine.slabs import slab_memory, slabs


@njit(**COMPILE)
def discs_in_window(
    prefix: FloatArray,
    corner: IntArray,
    grid: FloatArray,
    cx: FloatArray,
    lat: FloatArray,
    radii: FloatArray,
    chosen: IntArray,
    sums: FloatArray,
) -> None:
    """Add what discs hold in the rows of a window to ``sums``, float64[m · len(radii), 2].

    The two columns belong together: what a disc holds is their sum. prefix: as ``add_discs`` wants
    it; corner: row and column of its first cell in the raster; grid: north edge, cell height, cell
    width, degrees; cx and lat: float64[n], the discs' centres in columns and degrees; chosen:
    int64[m], which to take.
    """
    top, bottom = corner[0], corner[0] + prefix.shape[0]
    cell = math.radians(grid[2])
    largest = radii.max()
    y, k, weight, degrees = slab_memory(prefix.shape[0], grid[1], largest)
    row = np.zeros(len(y), np.int64)
    slab, pieces, owner = piece_memory()
    waiting = 0
    for i in range(len(chosen)):
        at = chosen[i]
        count, rho = slabs(lat[at], largest, top, bottom, grid, y, k, weight, degrees, row)
        waiting = add_discs(
            prefix, cx[at] - corner[1], radii, cell, rho, 0, count, y, k, row, weight, BOTH,
            i * len(radii), sums, slab, pieces, owner, waiting,
        )  # fmt: skip
    settle(waiting, pieces, owner, sums)


@njit(**COMPILE)
def arcs_in_window(
    prefix: FloatArray,
    corner: IntArray,
    grid: FloatArray,
    cx: FloatArray,
    lat: FloatArray,
    radius: FloatArray,
    side: IntArray,
    south: FloatArray,
    north: FloatArray,
    chosen: IntArray,
) -> float:
    """Return the sum of P along arcs, in rows of a window: together, what lies between them.

    side: EAST or WEST; south and north: the latitudes that an arc ends at (infinite: at the disc's
    own end); chosen: which of the arcs, whose other properties are those of their discs. The rest
    is as in ``discs_in_window``.
    """
    top, bottom = corner[0], corner[0] + prefix.shape[0]
    cell = math.radians(grid[2])
    y, k, weight, degrees = slab_memory(prefix.shape[0], grid[1], radius.max())
    row = np.zeros(len(y), np.int64)
    slab, pieces, owner = piece_memory()
    sums = np.zeros((1, 2))
    waiting = 0
    for i in range(len(chosen)):
        at = chosen[i]
        count, rho = slabs(lat[at], radius[at], top, bottom, grid, y, k, weight, degrees, row)
        low, high = south[at] - lat[at], north[at] - lat[at]
        first = 0
        while first < count and degrees[first + 1] >= high:
            first += 1
        while count > first and degrees[count - 1] <= low:
            count -= 1
        if first == count:
            continue
        # Within a slab latitude is linear in y: arcs that meet at a latitude meet in the row too.
        if degrees[count] < low:
            share = (low - degrees[count - 1]) / (degrees[count] - degrees[count - 1])
            y[count] = y[count - 1] + share * (y[count] - y[count - 1])
            k[count] = k[count - 1] + share * (k[count] - k[count - 1])
            degrees[count] = low
        if degrees[first] > high:
            share = (high - degrees[first + 1]) / (degrees[first] - degrees[first + 1])
            y[first] = y[first + 1] + share * (y[first] - y[first + 1])
            k[first] = k[first + 1] + share * (k[first] - k[first + 1])
        waiting = add_discs(
            prefix, cx[at] - corner[1], radius[at : at + 1], cell, rho, first, count, y, k, row,
            weight, side[at], 0, sums, slab, pieces, owner, waiting,
        )  # fmt: skip
    settle(waiting, pieces, owner, sums)
    return sums[0, 0] + sums[0, 1]


@njit(**COMPILE)
def cells_alike(
    cells: FloatArray, north: FloatArray, size: FloatArray, rows: int, disc: IntArray,
    cx: FloatArray, lat: FloatArray, radii: FloatArray, sums: FloatArray,
) -> None:  # fmt: skip
    """Add what discs hold in rows that are all alike to ``sums``, float64[n · len(radii), 2].

    cells: float64[1, columns + 1], the prefix sums of every row; north: float64[m], where the rows
    begin, for each disc; size: a cell's height and width, degrees; disc: int64[m], whose sums they
    are; cx, lat: float64[m], the centres in columns and degrees.
    """
    largest = radii.max()
    cell = math.radians(size[1])
    y, k, weight, degrees = slab_memory(rows, size[0], largest)
    row = np.zeros(len(y), np.int64)
    slab, pieces, owner = piece_memory()
    grid = np.array([0.0, size[0], size[1]])
    waiting = 0
    for i in range(len(disc)):
        grid[0] = north[i]
        count, rho = slabs(lat[i], largest, 0, rows, grid, y, k, weight, degrees, row)
        row[:count] = 0
        waiting = add_discs(
            cells, cx[i], radii, cell, rho, 0, count, y, k, row, weight, BOTH,
            disc[i] * len(radii), sums, slab, pieces, owner, waiting,
        )  # fmt: skip
    settle(waiting, pieces, owner, sums)


@njit(**COMPILE)
def add_parts(disc: IntArray, parts: FloatArray, sums: FloatArray) -> None:
    """Add parts, float64[m, r], to the discs they belong to, in the order given."""
    for i in range(len(disc)):
        for j in range(parts.shape[1]):
            sums[disc[i], j] += parts[i, j]
