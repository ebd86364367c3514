"""Sums inside a disc's two arcs, in closed form, many pieces at a time.

In one row of the raster the people west of a column position x are P(x), piecewise linear between
the row's prefix sums. A disc holds in that row ∫ P(cx + w) − P(cx − w) dy, w being its half-width
at y. Between the columns that the arc crosses the integral is closed form: a trapezoid and a
circular segment. The work grows with the disc's rim, not with its area, and nothing is sampled.

What is worked out is a loop without branches over flat arrays, which the compiler turns into
vector instructions; what depends on the cells is a loop of its own. Neither reorders or fuses an
operation: a disc's sum has the same bits wherever it stands among others. It is kept in two, what
slabs hold and what the pieces beyond each crossed edge change, each added up in its own order.

The kernels are serial and release the GIL. Numba's ``parallel=True`` must never be used: after a
fork, and beside the threads of a server, it was seen to return zeros without an error.
"""

import math

import numpy as np
from numba import njit

from scoring.engine.compiled import COMPILE
from scoring.engine.geodesy import FloatArray, IntArray
from scoring.engine.slabs import LANES

BOTH, EAST, WEST = 0, 1, 2
_TINY = 1e-300

# Slabs and pieces worked out at a time, and where each of their numbers begins in memory. One
# piece of memory, so that the compiler sees that what is written is not read again.
_SLABS = 264
_Y_OUT, _S_OUT, _S_IN, _TALL, _PER_K, _K_FLAT, _K_RISE, _WHOLE, _NEAR, _FAR = range(
    0, 10 * _SLABS, _SLABS
)
_PIECES = 1032
_S, _Y0, _S0, _SQUARE, _FLAT, _RISE, _AWAY, _CHANGE, _PEOPLE = range(0, 9 * _PIECES, _PIECES)


@njit(**COMPILE)
def piece_memory() -> tuple[FloatArray, FloatArray, IntArray]:
    """Return memory for slabs, for pieces, and for whose pieces they are."""
    return np.zeros(10 * _SLABS), np.zeros(9 * _PIECES), np.zeros(_PIECES, np.int64)


@njit(inline="always", **COMPILE)
def _segment(cross: float, dot: float, square: float) -> float:
    """Return the area between a chord and its arc, the ends being at most a right angle apart.

    cross and dot: products of the ends seen from the centre; square: the radius squared. With t
    the tangent of half the angle it is square · (atan t − t/(1 + t²)), here to 2e-13 of itself.
    """
    t = cross / (square + dot)
    x = t * t
    z = x * x
    even = 0.9260248714338818 + z * (0.7783974584132551 + z * (
        0.38799073177185617 + z * (0.06911299070707173 + z * 0.0016447669418994336)
    ))  # fmt: skip
    even = 0.6666666666665053 + z * (
        0.8571428477879203 + z * (0.909083276603806 + z * (0.9325124795257008 + z * even))
    )
    odd = -0.8821836965645307 + z * (
        -0.6037462219465624 + z * (-0.1935446218137804 + z * -0.01554997984902002)
    )
    odd = -0.7999999999050997 + z * (
        -0.8888885217250957 + z * (-0.9229799237132221 + z * (-0.9362849609370255 + z * odd))
    )
    return square * t * x * (even + x * odd)


@njit(inline="always", **COMPILE)
def _bent(k: float, s: float, cell: float) -> float:
    """Return K with the difference between an arc of longitude and its chord."""
    z2 = k * s * cell
    z2 = z2 * z2
    return k * (1.0 + z2 * (1.0 / 24.0 + z2 * (3.0 / 640.0)))


@njit(**COMPILE)
def _shapes(
    first: int, count: int, y: FloatArray, k: FloatArray, r: float, cell: float, slab: FloatArray
) -> None:
    """Work out slabs from ``first`` on: where the arc enters and leaves, and what it encloses."""
    square = r * r
    for i in range(count):
        y_a, y_b = y[first + i], y[first + i + 1]
        k_a, k_b = k[first + i], k[first + i + 1]
        north = y_b >= 0.0
        y_out, y_far = (y_b, y_a) if north else (-y_a, -y_b)
        k_out, k_far = (k_b, k_a) if north else (k_a, k_b)
        y_in = min(y_far, r)
        tall = y_in - y_out
        k_in = k_out + (k_far - k_out) * (tall / max(y_far - y_out, _TINY))
        s_out = math.sqrt(max(square - y_out * y_out, 0.0))
        s_in = math.sqrt(max(square - y_in * y_in, 0.0))
        k_out, k_in = _bent(k_out, s_out, cell), _bent(k_in, s_in, cell)
        k_rise = (k_in - k_out) / max(tall, _TINY)
        k_flat = k_out - k_rise * y_out
        segment = _segment(s_out * y_in - s_in * y_out, s_out * s_in + y_in * y_out, square)
        area = 0.5 * (s_out + s_in) * tall + segment
        cubes = s_out * s_out * s_out - s_in * s_in * s_in
        slab[_Y_OUT + i] = y_out
        slab[_S_OUT + i] = s_out
        slab[_S_IN + i] = s_in
        slab[_TALL + i] = tall
        slab[_PER_K + i] = 2.0 / (k_in + k_out)
        slab[_K_FLAT + i] = k_flat
        slab[_K_RISE + i] = k_rise
        slab[_WHOLE + i] = k_flat * area + k_rise * cubes * (1.0 / 3.0)
        slab[_NEAR + i] = s_in * k_in
        slab[_FAR + i] = s_out * k_out


@njit(**COMPILE)
def settle(count: int, pieces: FloatArray, owner: IntArray, sums: FloatArray) -> None:
    """Add to ``sums``, float64[m, 2], what the pieces beyond crossed edges change."""
    for i in range(count):
        s, y_out, s_out = pieces[_S + i], pieces[_Y0 + i], pieces[_S0 + i]
        square = pieces[_SQUARE + i]
        y = max(math.sqrt(max(square - s * s, 0.0)), y_out)
        segment = _segment(s_out * y - s * y_out, s_out * s + y * y_out, square)
        area = 0.5 * (s_out + s) * (y - y_out) + segment
        beyond = (
            pieces[_FLAT + i] * area
            + pieces[_RISE + i] * (s_out * s_out * s_out - s * s * s) * (1.0 / 3.0)
            - pieces[_AWAY + i] * (y - y_out)
        )
        pieces[_PEOPLE + i] = pieces[_CHANGE + i] * beyond
    own, total = owner[0], sums[owner[0], 1]
    for i in range(count):
        if owner[i] != own:
            sums[own, 1] = total
            own, total = owner[i], sums[owner[i], 1]
        total += pieces[_PEOPLE + i]
    sums[own, 1] = total


@njit(**COMPILE)
def _reached(y: FloatArray, r: float, first: int, stop: int) -> tuple[int, int]:
    """Return which of the slabs first … stop − 1 a disc of radius r touches."""
    while first < stop and y[first + 1] >= r:
        first += 1
    while first < stop and y[stop - 1] <= -r:
        stop -= 1
    return first, stop


@njit(**COMPILE)
def add_discs(
    prefix: FloatArray, cx: float, radii: FloatArray, cell: float, rho: float, begin: int, end: int,
    y: FloatArray, k: FloatArray, row: IntArray, weight: FloatArray, side: int, own: int,
    sums: FloatArray, slab: FloatArray, pieces: FloatArray, owner: IntArray, waiting: int,
) -> int:  # fmt: skip
    """Add to ``sums`` the people of discs with one centre in the slabs begin … end − 1.

    side: BOTH, or those west of the eastern arc alone, or less those west of the western arc.
    prefix: float64[rows, columns + 1], exclusive prefix sums of each row, row 0 being that of
    row[i] == 0; cx: the centre in columns from the first one; cell: a cell's width, radians; own:
    where the sums of the first radius are, those of the others following. waiting: how many pieces
    were noted and not settled before; the result is how many there are now.
    """
    last = prefix.shape[1] - 2
    for j in range(len(radii)):
        u2 = (radii[j] / rho) ** 2
        r = radii[j] * (1.0 - u2 * (1.0 / 24.0 - u2 / 1920.0))
        first, stop = _reached(y, r, begin, end)
        for i in range(first, stop):
            at = (i - first) % _SLABS
            if at == 0:
                # To the end of a vector: what comes after the last slab is of no use or harm.
                count = min(_SLABS, stop - i + (first - stop) % LANES, len(y) - 1 - i)
                _shapes(i, count, y, k, r, cell, slab)
            tall, base, people = slab[_TALL + at], 0.0, 0.0
            for step in range(-1 if side != EAST else 1, 2 if side != WEST else 0, 2):
                column = math.floor(cx + step * slab[_NEAR + at])
                far = min(max(math.floor(cx + step * slab[_FAR + at]), 0), last)
                column = max(min(column, last), far) if step < 0 else min(max(column, 0), far)
                before = prefix[row[i], column]
                if step < 0 and side == BOTH:
                    base = before
                value = prefix[row[i], column + 1] - before
                people += value * (slab[_WHOLE + at] - step * (column - cx) * tall)
                people += step * (before - base) * tall
                while column != far:
                    edge = column + (step > 0)
                    column += step
                    following = prefix[row[i], column + 1] - prefix[row[i], column]
                    change = (following - value) * weight[i]
                    value = following
                    if change == 0.0:
                        continue
                    away = step * (edge - cx)
                    s = min(max(away * slab[_PER_K + at], slab[_S_IN + at]), slab[_S_OUT + at])
                    pieces[_S + waiting] = s
                    pieces[_Y0 + waiting] = slab[_Y_OUT + at]
                    pieces[_S0 + waiting] = slab[_S_OUT + at]
                    pieces[_SQUARE + waiting] = r * r
                    pieces[_FLAT + waiting] = slab[_K_FLAT + at]
                    pieces[_RISE + waiting] = slab[_K_RISE + at]
                    pieces[_AWAY + waiting] = away
                    pieces[_CHANGE + waiting] = change
                    owner[waiting] = own + j
                    waiting += 1
                    if waiting == _PIECES:
                        settle(waiting, pieces, owner, sums)
                        waiting = 0
            sums[own + j, 0] += people * weight[i]
    return waiting
