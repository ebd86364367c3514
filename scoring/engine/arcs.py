"""Sums over geodesic discs, row by row, as machine code.

In one row of the raster the people west of a column position x are P(x), piecewise linear between
the row's prefix sums. A disc holds in that row ∫ P(cx + w) − P(cx − w) dy, where w is its half-width
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
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scoring.engine.geodesy import E2, WGS84, FloatArray

IntArray = npt.NDArray[np.int64]

_A = WGS84.a
# Rows taller than this are worked on in parts, so that K is linear to 1e-8.
_TALLEST_M = 1500.0
_COMPILE: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}


@njit(inline="always", **_COMPILE)
def _segment(cross: float, dot: float, square: float) -> float:
    """Return the area between a chord and its arc, the ends being at most a right angle apart.

    cross and dot: products of the ends seen from the centre; square: the radius squared.
    """
    q = cross / square
    if q < 0.25 and dot > 0.0:
        q2 = q * q
        series = 231 / 13312 + q2 * (143 / 10240)
        series = 35 / 1152 + q2 * (63 / 2816 + q2 * series)
        return 0.5 * square * q * q2 * (1 / 6 + q2 * (3 / 40 + q2 * (5 / 112 + q2 * series)))
    return 0.5 * (square * math.atan2(cross, dot) - cross)


@njit(**_COMPILE)
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
) -> tuple[int, float]:
    """Cut the part of a disc in rows top … bottom − 1 into slabs; return their number and ρ.

    grid: north edge, cell height, cell width, degrees. Slab i lies in row[i], between y[i] (its
    northern edge) and y[i + 1], never on both sides of the centre; k: columns a metre at the
    edges; weight: rows a metre.
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
    k0 = 1.0 / (n0 * c * math.radians(width))
    reach = math.degrees(radius / m0) * 1.01
    count = 0
    for i in range(top, bottom):
        upper = min(north - i * height - lat, reach)
        lower = max(north - (i + 1) * height - lat, -reach)
        if upper <= lower:
            continue
        for half in range(2):
            high = upper if half == 0 else min(upper, 0.0)
            low = max(lower, 0.0) if half == 0 else lower
            if high <= low:
                continue
            parts = 1 + int(math.radians(high - low) * m0 / _TALLEST_M)
            for part in range(parts):
                start = high + (low - high) * part / parts
                stop = low if part == parts - 1 else high + (low - high) * (part + 1) / parts
                for end in range(2):
                    if end == 0 and count > 0:
                        continue
                    delta = math.radians(start if end == 0 else stop)
                    half_delta = 0.5 * delta
                    e2 = half_delta * half_delta
                    flat = m0 * delta * (1.0 + half_delta * (m1 + half_delta * m2))
                    u2 = flat / rho
                    u2 = u2 * u2
                    cosine = 1.0 - e2 * (0.5 - e2 / 24.0) - t * half_delta * (1.0 - e2 / 6.0)
                    bend = e2 / (c * c * cosine * cosine)
                    at = count if end == 0 else count + 1
                    y[at] = flat * (1.0 - u2 * (1.0 / 24.0 - u2 / 1920.0))
                    k[at] = (
                        k0
                        * (1.0 + half_delta * (n1 + half_delta * n2))
                        * (1.0 + bend * (0.5 + 0.375 * bend))
                        / cosine
                    )
                row[count] = i - top
                weight[count] = (start - stop) / (height * (y[count] - y[count + 1]))
                count += 1
    return count, rho


@njit(inline="always", **_COMPILE)
def _bent(k: float, s: float, cell: float) -> float:
    """Return K with the difference between an arc of longitude and its chord."""
    z2 = k * s * cell
    z2 = z2 * z2
    return k * (1.0 + z2 * (1.0 / 24.0 + z2 * (3.0 / 640.0)))


@njit(inline="always", **_COMPILE)
def _beyond(
    away: float, y_out: float, y_in: float, s_out: float, s_in: float, k_mid: float,
    k_flat: float, k_rise: float, square: float,
) -> float:  # fmt: skip
    """Return ∫ (w − away) dy over the part of a slab where the arc lies beyond ``away`` columns."""
    s = min(max(away / k_mid, s_in), s_out)
    y = min(max(math.sqrt(square - s * s), y_out), y_in)
    segment = _segment(s_out * y - s * y_out, s_out * s + y * y_out, square)
    area = 0.5 * (s_out + s) * (y - y_out) + segment
    return (
        k_flat * area
        + k_rise * (s_out * s_out * s_out - s * s * s) * (1.0 / 3.0)
        - away * (y - y_out)
    )


@njit(**_COMPILE)
def disc_part(
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
    total: float,
) -> float:
    """Add to ``total`` the people of a disc in the slabs that ``edges`` cut; return the sum.

    prefix: float64[rows, columns + 1], exclusive prefix sums of each row, row 0 being that of
    row[i] == 0; cx: the centre in columns from the first one; cell: a cell's width, radians.
    """
    last = prefix.shape[1] - 2
    u2 = (radius / rho) ** 2
    r = radius * (1.0 - u2 * (1.0 / 24.0 - u2 / 1920.0))
    square = r * r
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
        k_mid = 0.5 * (k_in + k_out)
        k_flat = k_out - k_rise * y_out
        segment = _segment(s_out * y_in - s_in * y_out, s_out * s_in + y_in * y_out, square)
        area = 0.5 * (s_out + s_in) * tall + segment
        whole = k_flat * area + k_rise * (s_out * s_out * s_out - s_in * s_in * s_in) * (1.0 / 3.0)
        near, far = s_in * k_in, s_out * k_out
        cells = prefix[row[i]]

        east_far = min(max(int(math.floor(cx + far)), 0), last)
        east = min(max(int(math.floor(cx + near)), 0), east_far)
        value = cells[east + 1] - cells[east]
        people = value * (whole - (east - cx) * tall)
        for edge in range(east + 1, east_far + 1):
            following = cells[edge + 1] - cells[edge]
            change = following - value
            if change != 0.0:
                people += change * _beyond(
                    edge - cx, y_out, y_in, s_out, s_in, k_mid, k_flat, k_rise, square
                )
            value = following

        west_far = min(max(int(math.floor(cx - far)), 0), last)
        west = max(min(int(math.floor(cx - near)), last), west_far)
        value = cells[west + 1] - cells[west]
        people += value * (whole - (cx - west) * tall)
        for edge in range(west, west_far, -1):
            following = cells[edge] - cells[edge - 1]
            change = following - value
            if change != 0.0:
                people += change * _beyond(
                    cx - edge, y_out, y_in, s_out, s_in, k_mid, k_flat, k_rise, square
                )
            value = following
        total += (people + (cells[east] - cells[west]) * tall) * weight[i]
    return total
