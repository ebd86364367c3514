"""Where the rows of a raster cut a geodesic disc, as machine code.

With δ = φ − φ₀, M and N the WGS 84 radii at the mid-latitude (φ + φ₀)/2 and ρ = √(MN), a disc's
half-width at the latitude φ follows from
    y = 2ρ sin(Mδ/2ρ),  S = √(r'² − y²),  r' = 2ρ sin(r/2ρ),
    2 sin(Δλ/2) = S / (N √(cos²φₘ − sin²(δ/2))),
which are Gauss's mid-latitude formulas, exact on a sphere. K = w/S, in columns a metre, is taken
as linear between the edges of a row (of a part of it, where rows are tall).
"""

import math

import numpy as np
from numba import njit

from scoring.engine.compiled import COMPILE
from scoring.engine.geodesy import E2, WGS84, FloatArray, IntArray

_A = WGS84.a
# Rows taller than this (degrees, some 1,500 m) are cut, so that K is linear to 1e-8.
_TALLEST = 0.0135
_HALF_RADIAN = math.pi / 360.0
# Numbers that the processor works on at a time: loops run on to a multiple of it.
LANES = 8


@njit(**COMPILE)
def slab_memory(rows: int, height: float, radius: float) -> tuple[FloatArray, ...]:
    """Return memory for the slabs of a disc in so many rows: y, k, weight and degrees."""
    reach = math.degrees(2.2 * radius / 6.3e6)
    size = 8 + min(rows, int(reach / height)) + int(reach / _TALLEST) + 2 * LANES
    return np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)


@njit(**COMPILE)
def slabs(
    lat: float,
    radius: float,
    top: int,
    bottom: int,
    grid: FloatArray,
    y: FloatArray,
    k: FloatArray,
    weight: FloatArray,
    degrees: FloatArray,
    row: IntArray,
) -> tuple[int, float]:
    """Cut the part of a disc in rows top … bottom − 1 into slabs; return their number and ρ.

    grid: north edge, cell height, cell width, degrees. Slab i lies in row[i], between y[i] (its
    northern edge) and y[i + 1], never on both sides of the centre; k: columns a metre at the
    edges; weight: rows a metre; degrees: how far north of the centre the edges are.
    """
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
    k0 = 1.0 / (n0 * c * math.radians(grid[2]))
    per_height = 1.0 / grid[1]
    count = _cut(lat, math.degrees(radius / m0) * 1.01, top, bottom, grid, degrees, row)
    for i in range(count + LANES - count % LANES):
        half_delta = _HALF_RADIAN * degrees[i]
        e2 = half_delta * half_delta
        flat = 2.0 * m0 * half_delta * (1.0 + half_delta * (m1 + half_delta * m2))
        u2 = flat * flat * per_rho2
        per_cosine = 1.0 / (
            1.0 - e2 * (0.5 - e2 * (1.0 / 24.0)) - t * half_delta * (1.0 - e2 * (1.0 / 6.0))
        )
        bend = e2 * per_c2 * per_cosine * per_cosine
        y[i] = flat * (1.0 - u2 * (1.0 / 24.0 - u2 * (1.0 / 1920.0)))
        k[i] = (
            k0
            * per_cosine
            * (1.0 + half_delta * (n1 + half_delta * n2))
            * (1.0 + bend * (0.5 + 0.375 * bend))
        )
    for i in range(count):
        weight[i] = (degrees[i] - degrees[i + 1]) * per_height / (y[i] - y[i + 1])
    return count, rho


@njit(**COMPILE)
def _cut(
    lat: float, reach: float, top: int, bottom: int, grid: FloatArray, degrees: FloatArray,
    row: IntArray,
) -> int:  # fmt: skip
    """Write the edges of slabs, degrees north of ``lat``, and their rows; return how many slabs."""
    north, height = grid[0], grid[1]
    middle, reach_rows = (north - lat) / height, reach / height
    count = 0
    for i in range(
        max(top, math.floor(middle - reach_rows) - 1),
        min(bottom, math.floor(middle + reach_rows) + 2),
    ):
        start = min(north - i * height - lat, reach)
        lower = max(north - (i + 1) * height - lat, -reach)
        if count == 0:
            degrees[0] = start
        while start > lower:
            stop = max(lower, start - _TALLEST)
            if start > 0.0 > stop:
                stop = 0.0
            row[count] = i - top
            count += 1
            degrees[count] = stop
            start = stop
    # Numbers beyond the last edge are worked on in vain, but must be some.
    degrees[count + 1 : count + LANES] = 0.0
    return count
