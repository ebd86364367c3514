"""Sums of Gaussian kernels on a regular grid, and one such surface for each day.

Points are shared linearly among the four nearest pixel middles, which adds step²/6 to the
variance of what follows; the kernel is narrowed by as much. The convolution is separable, its
east-west half anew for each row, since a degree of longitude shrinks northwards. What would fall
outside the grid stays inside: nothing is lost at the edge.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import KM_PER_LATITUDE, KM_PER_LONGITUDE, Grid, IntArray

# A Gaussian is cut where it has fallen to 3e-4 of its peak.
REACH = 4.0


def linear_shares(grid: Grid, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the four pixels that share each point, and their shares, both [n, 4].

    Points must lie on the grid. At its edge the outermost pixels take the whole.
    """
    x = np.clip((lon - grid.west) / grid.step - 0.5, 0, grid.columns - 1)
    y = np.clip((lat - grid.south) / grid.step - 0.5, 0, grid.rows - 1)
    left, below = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, above = np.minimum(left + 1, grid.columns - 1), np.minimum(below + 1, grid.rows - 1)
    fx, fy = x - left, y - below
    pixels = [below * grid.columns + left, below * grid.columns + right]
    pixels += [above * grid.columns + left, above * grid.columns + right]
    shares = [(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx]
    return np.stack(pixels, 1), np.stack(shares, 1)


def smoothed(
    grid: Grid, surfaces: npt.NDArray[np.floating], width_km: float, *, binned: bool = True
) -> npt.NDArray[np.float32]:
    """Return surfaces float[k, rows, columns] convolved with a Gaussian of this width, float32.

    ``binned``: they come from ``linear_shares``, whose own variance is then taken off.
    """
    variance = np.full(2, width_km**2)
    north_south = _taps(np.array([grid.step * KM_PER_LATITUDE]), variance[:1], binned)
    steps = grid.step * KM_PER_LONGITUDE * np.cos(np.radians(grid.row_latitudes()))
    east_west = _taps(steps, np.full(grid.rows, width_km**2), binned)
    out = np.zeros(surfaces.shape, np.float32)
    _convolve(np.ascontiguousarray(surfaces, np.float32), east_west, north_south[0], out)
    return out


def daily_surfaces(
    grid: Grid,
    day: IntArray,
    lon: FloatArray,
    lat: FloatArray,
    *,
    first_day: int,
    days: int,
    decay_days: float,
    width_km: float,
) -> npt.NDArray[np.float32]:
    """Return the decayed kernel sums at the start of each day, float32[days, rows, columns].

    Each strike adds one, spread with the width and fading by e in ``decay_days``; a strike counts
    from the day after its own. What was before ``first_day`` is in the first surface already. Each
    day costs one convolution, of what that day brought. Points off the grid are left out.
    """
    on = (grid.place(lon, lat) >= 0) & (day < first_day + days - 1)
    day, lon, lat = day[on], lon[on], lat[on]
    slot = np.maximum(day - (first_day - 1), 0)
    weight = np.exp(-np.maximum(first_day - 1 - day, 0) / decay_days)
    counts = np.zeros((days, grid.rows, grid.columns), np.float32)
    _bin_days(counts, slot, lon, lat, weight, grid.west, grid.south, grid.step)
    surfaces = smoothed(grid, counts, width_km)
    _accumulate(surfaces, np.float32(np.exp(-1.0 / decay_days)))
    return surfaces


def _taps(step_km: FloatArray, variance: FloatArray, binned: bool) -> npt.NDArray[np.float32]:
    """Return one half of each row's kernel from its middle outwards, float32[n, reach], sum 1."""
    variance = np.maximum(variance - step_km**2 / 6 * binned, 0)
    reach = int(np.ceil(REACH * np.sqrt(variance / step_km**2).max())) + 1
    far = (np.arange(reach) * step_km[:, None]) ** 2
    taps = np.exp(-far / (2 * np.maximum(variance, 1e-9))[:, None])
    return (taps / (2 * taps.sum(1, keepdims=True) - taps[:, :1])).astype(np.float32)


@njit(nogil=True, cache=True)
def _convolve(surfaces, east_west, north_south, out):  # type: ignore[no-untyped-def]
    layers, rows, columns = surfaces.shape
    rise = north_south.shape[0]
    line = np.zeros(columns, np.float32)
    for k in range(layers):
        for r in range(rows):
            line[:] = 0
            if not _spread_row(surfaces[k, r], east_west[r], line):
                continue
            low, high = max(0, r - rise + 1), min(rows, r + rise)
            inside = _inside(north_south, r, low, high)
            for y in range(low, high):
                share = north_south[abs(y - r)] / inside
                for c in range(columns):
                    out[k, y, c] += share * line[c]


@njit(nogil=True, cache=True)
def _spread_row(row, taps, line):  # type: ignore[no-untyped-def]
    found = False
    columns, reach = len(row), len(taps)
    for c in range(columns):
        if row[c] == 0:
            continue
        found = True
        low, high = max(0, c - reach + 1), min(columns, c + reach)
        value = row[c] / _inside(taps, c, low, high)
        for x in range(low, c):
            line[x] += value * taps[c - x]
        for x in range(c, high):
            line[x] += value * taps[x - c]
    return found


@njit(nogil=True, cache=True)
def _inside(taps, middle, low, high):  # type: ignore[no-untyped-def]
    """Return how much of a kernel lies within low to high; what falls outside is shared inside."""
    reach = len(taps)
    total = np.float32(1)
    for far in range(middle - low + 1, reach):
        total -= taps[far]
    for far in range(high - middle, reach):
        total -= taps[far]
    return total


@njit(nogil=True, cache=True)
def _bin_days(counts, slot, lon, lat, weight, west, south, step):  # type: ignore[no-untyped-def]
    _, rows, columns = counts.shape
    for i in range(len(slot)):
        x = min(max((lon[i] - west) / step - 0.5, 0.0), columns - 1.0)
        y = min(max((lat[i] - south) / step - 0.5, 0.0), rows - 1.0)
        left, below = int(x), int(y)
        right, above = min(left + 1, columns - 1), min(below + 1, rows - 1)
        fx, fy = x - left, y - below
        k = slot[i]
        counts[k, below, left] += weight[i] * (1 - fy) * (1 - fx)
        counts[k, below, right] += weight[i] * (1 - fy) * fx
        counts[k, above, left] += weight[i] * fy * (1 - fx)
        counts[k, above, right] += weight[i] * fy * fx


@njit(nogil=True, cache=True)
def _accumulate(surfaces, fade):  # type: ignore[no-untyped-def]
    for k in range(1, surfaces.shape[0]):
        for r in range(surfaces.shape[1]):
            for c in range(surfaces.shape[2]):
                surfaces[k, r, c] += fade * surfaces[k - 1, r, c]
