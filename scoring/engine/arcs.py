"""Sums over geodesic discs, row by row, as machine code.

In one row of the raster the people west of a column position x are P(x), piecewise linear between
the row's prefix sums. A disc holds in that row ∫ P(cx + w) − P(cx − w) dy, w being its half-width
at y. Between the columns that the arc crosses the integral is closed form: a trapezoid and a
circular segment. The work grows with the disc's rim, not with its area, and nothing is sampled.

Half-width: with δ = φ − φ₀, M and N the WGS 84 radii at the mid-latitude (φ + φ₀)/2 and ρ = √(MN),
    y = 2ρ sin(Mδ/2ρ),  S = √(r'² − y²),  r' = 2ρ sin(r/2ρ),
    2 sin(Δλ/2) = S / (N √(cos²φₘ − sin²(δ/2))),
which are Gauss's mid-latitude formulas, exact on a sphere. K = w/S, in columns a metre, is taken
as linear between the edges of a row (of a part of it, where rows are tall).

The kernels are serial and release the GIL. Numba's ``parallel=True`` must never be used: after a
fork, and beside the threads of a server, it was seen to return zeros without an error.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from scoring.engine.geodesy import E2, WGS84, FloatArray
from scoring.engine.prefix import COMPILE

IntArray = npt.NDArray[np.int64]

_A = WGS84.a
# Rows taller than this (degrees, some 1,500 m) are cut, so that K is linear to 1e-8.
_TALLEST = 0.0135
_HALF_RADIAN = math.pi / 360.0
BOTH, EAST, WEST = 0, 1, 2


@njit(inline="always", **COMPILE)
def _segment(cross: float, dot: float, square: float, per_square: float) -> float:
    """Return the area between a chord and its arc, the ends being at most a right angle apart.

    cross and dot: products of the ends seen from the centre; square: the radius squared.
    """
    q = cross * per_square
    if q < 0.25 and dot > 0.0:
        q2 = q * q
        series = 231 / 13312 + q2 * (143 / 10240)
        series = 35 / 1152 + q2 * (63 / 2816 + q2 * series)
        return 0.5 * square * q * q2 * (1 / 6 + q2 * (3 / 40 + q2 * (5 / 112 + q2 * series)))
    return 0.5 * (square * math.atan2(cross, dot) - cross)


@njit(**COMPILE)
def edges(
    lat: float,
    radius: float,
    top: int,
    bottom: int,
    grid: FloatArray,
    y: FloatArray,
    k: FloatArray,
    row: IntArray,
    weight: FloatArray,
    degrees: FloatArray,
) -> tuple[int, float]:
    """Cut the part of a disc in rows top … bottom − 1 into slabs; return their number and ρ.

    grid: north edge, cell height, cell width, degrees. Slab i lies in row[i], between y[i] (its
    northern edge) and y[i + 1], never on both sides of the centre; k: columns a metre at the
    edges; weight: rows a metre; degrees: how far north of the centre the edges are.
    """
    north, height, width = grid[0], grid[1], grid[2]
    phi = math.radians(lat)
    s, c = math.sin(phi), math.cos(phi)
    t = s / c
    w2 = 1.0 - E2 * s * s
    m0 = _A * (1.0 - E2) / (w2 * math.sqrt(w2))
    n0 = _A / math.sqrt(w2)
    f, g = E2 * s * c / w2, E2 * (c * c - s * s) / w2
    m1, m2 = 3.0 * f, 1.5 * g + 7.5 * f * f
    n1, n2 = -f, -0.5 * (g + f * f)
    rho = math.sqrt(m0 * n0)
    per_rho2, per_c2 = 1.0 / (rho * rho), 1.0 / (c * c)
    k0 = 1.0 / (n0 * c * math.radians(width))
    per_height = 1.0 / height
    reach = math.degrees(radius / m0) * 1.01
    count = 0
    first = True
    for i in range(top, bottom):
        upper = min(north - i * height - lat, reach)
        lower = max(north - (i + 1) * height - lat, -reach)
        if upper <= lower:
            continue
        start = upper
        while start > lower:
            stop = max(lower, start - _TALLEST)
            if start > 0.0 > stop:
                stop = 0.0
            for end in range(0 if first else 1, 2):
                half_delta = _HALF_RADIAN * (stop if end else start)
                e2 = half_delta * half_delta
                flat = 2.0 * m0 * half_delta * (1.0 + half_delta * (m1 + half_delta * m2))
                u2 = flat * flat * per_rho2
                per_cosine = 1.0 / (
                    1.0 - e2 * (0.5 - e2 * (1.0 / 24.0)) - t * half_delta * (1.0 - e2 * (1.0 / 6.0))
                )
                degrees[count + end] = stop if end else start
                bend = e2 * per_c2 * per_cosine * per_cosine
                y[count + end] = flat * (1.0 - u2 * (1.0 / 24.0 - u2 * (1.0 / 1920.0)))
                k[count + end] = (
                    k0
                    * per_cosine
                    * (1.0 + half_delta * (n1 + half_delta * n2))
                    * (1.0 + bend * (0.5 + 0.375 * bend))
                )
            first = False
            row[count] = i - top
            weight[count] = (start - stop) * per_height / (y[count] - y[count + 1])
            count += 1
            start = stop
    return count, rho


@njit(inline="always", **COMPILE)
def _bent(k: float, s: float, cell: float) -> float:
    """Return K with the difference between an arc of longitude and its chord."""
    z2 = k * s * cell
    z2 = z2 * z2
    return k * (1.0 + z2 * (1.0 / 24.0 + z2 * (3.0 / 640.0)))


@njit(inline="always", **COMPILE)
def _beyond(
    away: float, y_out: float, y_in: float, s_out: float, s_in: float, per_k: float,
    k_flat: float, k_rise: float, square: float, per_square: float,
) -> float:  # fmt: skip
    """Return ∫ (w − away) dy over the part of a slab where the arc lies beyond ``away`` columns."""
    s = min(max(away * per_k, s_in), s_out)
    y = min(max(math.sqrt(square - s * s), y_out), y_in)
    segment = _segment(s_out * y - s * y_out, s_out * s + y * y_out, square, per_square)
    area = 0.5 * (s_out + s) * (y - y_out) + segment
    return (
        k_flat * area
        + k_rise * (s_out * s_out * s_out - s * s * s) * (1.0 / 3.0)
        - away * (y - y_out)
    )


@njit(**COMPILE)
def disc_part(  # noqa: C901 (a call for each side would cost a tenth of the speed)
    prefix: FloatArray,
    cx: float,
    radius: float,
    cell: float,
    rho: float,
    count: int,
    y: FloatArray,
    k: FloatArray,
    row: IntArray,
    weight: FloatArray,
    sides: int,
    total: float,
) -> float:
    """Add to ``total`` the people of a disc in the slabs that ``edges`` cut; return the sum.

    sides: BOTH, or those west of the eastern arc alone, or less those west of the western arc.

    prefix: float64[rows, columns + 1], exclusive prefix sums of each row, row 0 being that of
    row[i] == 0; cx: the centre in columns from the first one; cell: a cell's width, radians.
    """
    last = prefix.shape[1] - 2
    u2 = (radius / rho) ** 2
    r = radius * (1.0 - u2 * (1.0 / 24.0 - u2 / 1920.0))
    square = r * r
    per_square = 1.0 / square
    for i in range(count):
        y_a, y_b = y[i], y[i + 1]
        if y_b >= r or y_a <= -r:
            continue
        if y_b >= 0.0:
            y_out, y_in, k_out, k_in = y_b, y_a, k[i + 1], k[i]
        else:
            y_out, y_in, k_out, k_in = -y_a, -y_b, k[i], k[i + 1]
        if y_in > r:
            k_in = k_out + (k_in - k_out) * (r - y_out) / (y_in - y_out)
            y_in = r
        tall = y_in - y_out
        if tall <= 0.0:
            continue
        s_out = math.sqrt(square - y_out * y_out)
        s_in = math.sqrt(square - y_in * y_in)
        k_out, k_in = _bent(k_out, s_out, cell), _bent(k_in, s_in, cell)
        k_rise = (k_in - k_out) / tall
        per_k = 2.0 / (k_in + k_out)
        k_flat = k_out - k_rise * y_out
        segment = _segment(
            s_out * y_in - s_in * y_out, s_out * s_in + y_in * y_out, square, per_square
        )
        area = 0.5 * (s_out + s_in) * tall + segment
        whole = k_flat * area + k_rise * (s_out * s_out * s_out - s_in * s_in * s_in) * (1.0 / 3.0)
        near, far = s_in * k_in, s_out * k_out
        cells = prefix[row[i]]
        people = 0.0

        west_far = min(max(math.floor(cx - far), 0), last)
        west = max(min(math.floor(cx - near), last), west_far)
        base = cells[west] if sides == BOTH else 0.0
        if sides != EAST:
            value = cells[west + 1] - cells[west]
            people = value * (whole - (cx - west) * tall) - (cells[west] - base) * tall
            for edge in range(west, west_far, -1):
                following = cells[edge] - cells[edge - 1]
                change = following - value
                if change != 0.0:
                    people += change * _beyond(
                        cx - edge, y_out, y_in, s_out, s_in, per_k, k_flat, k_rise, square,
                        per_square,
                    )  # fmt: skip
                value = following
        if sides != WEST:
            east_far = min(max(math.floor(cx + far), 0), last)
            east = min(max(math.floor(cx + near), 0), east_far)
            value = cells[east + 1] - cells[east]
            people += value * (whole - (east - cx) * tall) + (cells[east] - base) * tall
            for edge in range(east + 1, east_far + 1):
                following = cells[edge + 1] - cells[edge]
                change = following - value
                if change != 0.0:
                    people += change * _beyond(
                        edge - cx, y_out, y_in, s_out, s_in, per_k, k_flat, k_rise, square,
                        per_square,
                    )  # fmt: skip
                value = following
        total += people * weight[i]
    return total


@njit(**COMPILE)
def _slabs(
    rows: int, grid: FloatArray, radius: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, IntArray]:
    """Return memory for the slabs of a disc in so many rows: y, k, weight, degrees and row."""
    reach = math.degrees(2.2 * radius / 6.3e6)
    size = 8 + min(rows, int(reach / grid[1])) + int(reach / _TALLEST)
    memory = np.empty((4, size))
    return memory[0], memory[1], memory[2], memory[3], np.empty(size, np.int64)


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
    """Add what discs hold in the rows of a window to ``sums``, float64[m, len(radii)].

    prefix: as ``disc_part`` wants it; corner: row and column of its first cell in the raster; cx
    and lat: float64[n], the discs' centres in columns and degrees; chosen: int64[m], which to take.
    """
    top, bottom = corner[0], corner[0] + prefix.shape[0]
    cell = math.radians(grid[2])
    largest = radii.max()
    y, k, weight, degrees, row = _slabs(prefix.shape[0], grid, largest)
    for i in range(len(chosen)):
        at = chosen[i]
        count, rho = edges(lat[at], largest, top, bottom, grid, y, k, row, weight, degrees)
        for j in range(len(radii)):
            sums[i, j] = disc_part(
                prefix,
                cx[at] - corner[1],
                radii[j],
                cell,
                rho,
                count,
                y,
                k,
                row,
                weight,
                BOTH,
                sums[i, j],
            )


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
    y, k, weight, degrees, row = _slabs(prefix.shape[0], grid, radius.max())
    total = 0.0
    for i in range(len(chosen)):
        at = chosen[i]
        count, rho = edges(
            lat[at], radius[at], top, bottom, grid, y, k, row, weight, degrees
        )  # fmt: skip
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
        total += disc_part(
            prefix, cx[at] - corner[1], radius[at], math.radians(grid[2]), rho, count - first,
            y[first:], k[first:], row[first:], weight[first:], side[at], 0.0,
        )  # fmt: skip
    return total


@njit(**COMPILE)
def disc_cells(lat: FloatArray, radii: FloatArray, grid: FloatArray, sums: FloatArray) -> None:
    """Write how many cells of the grid, had it no edge, each disc holds: float64[n, len(radii)]."""
    largest = radii.max()
    reach = math.degrees(1.05 * largest / 6.3e6)
    rows = 1 + int(2.0 * reach / grid[1])
    y, k, weight, degrees, row = _slabs(rows, grid, largest)
    # One cell, wide enough for all discs, in every row.
    one = np.array([[0.0, 1.0]])
    wide = 360.0 / grid[2]
    about = grid.copy()
    for i in range(len(lat)):
        about[0] = lat[i] + 0.5 * rows * grid[1]
        about[2] = 360.0
        count, rho = edges(lat[i], largest, 0, rows, about, y, k, row, weight, degrees)
        row[:count] = 0
        for j in range(len(radii)):
            sums[i, j] = wide * disc_part(
                one, 0.5, radii[j], 2.0 * math.pi, rho, count, y, k, row, weight, BOTH, 0.0
            )


@njit(**COMPILE)
def cells_on_layer(
    grid: FloatArray, rows: int, columns: int, disc: IntArray, cx: FloatArray, lat: FloatArray,
    radii: FloatArray, sums: FloatArray,
) -> None:  # fmt: skip
    """Add how many cells of the layer each disc holds to ``sums``, float64[n, len(radii)].

    disc: int64[m], which disc an entry belongs to; cx, lat: its centre in columns and degrees.
    """
    largest = radii.max()
    reach = math.degrees(1.05 * largest / 6.3e6) / grid[1]
    y, k, weight, degrees, row = _slabs(rows, grid, largest)
    # One cell as wide as the layer, with a cell of nothing on either side.
    one = np.array([[0.0, 0.0, 1.0, 1.0]])
    about = np.array([grid[0], grid[1], grid[2] * columns])
    for i in range(len(disc)):
        middle = (grid[0] - lat[i]) / grid[1]
        top, bottom = max(int(middle - reach) - 1, 0), min(int(middle + reach) + 2, rows)
        count, rho = edges(lat[i], largest, top, bottom, about, y, k, row, weight, degrees)
        row[:count] = 0
        for j in range(len(radii)):
            sums[disc[i], j] += columns * disc_part(
                one, 1.0 + cx[i] / columns, radii[j], math.radians(about[2]), rho, count, y, k, row,
                weight, BOTH, 0.0,
            )  # fmt: skip


@njit(**COMPILE)
def add_parts(disc: IntArray, parts: FloatArray, sums: FloatArray) -> None:
    """Add parts, float64[m, r], to the discs they belong to, in the order given."""
    for i in range(len(disc)):
        for j in range(parts.shape[1]):
            sums[disc[i], j] += parts[i, j]
