"""The outline of many overlapping discs: which arcs of which circles it consists of.

On the conformal sphere a geodesic disc of some kilometres is a circle to 1e-8 of its radius, and
in stereographic projection a circle stays one. So the arcs are found between circles in a plane.
Where two circles meet is worked out once and used by both, so that the outline is closed.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from scoring.engine.compiled import COMPILE
from scoring.engine.geodesy import E, FloatArray, IntArray, curvature_radii
from scoring.engine.pieces import EAST, WEST

# Beyond this distance (radians) from their middle, discs are not put into one plane.
_FARTHEST = 2.0


@dataclass(frozen=True, slots=True)
class Outline:
    """Arcs of an outline; arrays have an item for each.

    disc: which disc's it is; side: pieces.EAST or WEST; south and north: the latitudes of its ends,
    infinite where it goes on to the disc's own southern or northern end.
    """

    disc: IntArray
    side: IntArray
    south: FloatArray
    north: FloatArray


def outline(lon: FloatArray, lat: FloatArray, radius_m: FloatArray) -> Outline | None:
    """Return the outline of the union of discs, None where they are too far apart for one plane.

    lon, lat: degrees, within 85° N and S; radius_m: metres above 0. Arrays are float64[n].
    """
    m, _ = curvature_radii(lat)
    # The disc's ends on its meridian; Gauss's radius at half the way is good to 1e-9.
    ends = [_meridian_end(lat, radius_m * sign, m) for sign in (1.0, -1.0)]
    chi_north, chi_south = _conformal(ends[0]), _conformal(ends[1])
    middle, angle = (chi_north + chi_south) / 2, (chi_north - chi_south) / 2
    lam = np.radians(lon)
    vector = _vectors(lam, middle)
    axis = vector.mean(axis=0)
    length = np.linalg.norm(axis)
    if length < 1e-3 or (vector @ (axis / length)).min() < math.cos(_FARTHEST):
        return None
    frame = _frame(axis / length)
    x, y, r = _circles_in_plane(vector @ frame.T, angle)
    heads = [_stereographic(_vectors(lam, chi) @ frame.T) for chi in (chi_north, chi_south)]
    order = np.argsort(y - r, kind="stable")
    disc, side, ends = _arcs(x[order], y[order], r[order], heads[0][order], heads[1][order])
    south, north = _latitudes(ends.reshape(-1, 2), frame).reshape(-1, 2).T
    return Outline(
        disc=order[disc],
        side=side,
        south=np.where(np.isnan(south), -np.inf, south),
        north=np.where(np.isnan(north), np.inf, north),
    )


def _meridian_end(lat: FloatArray, away_m: FloatArray, m: FloatArray) -> FloatArray:
    end = lat + np.degrees(away_m / m)
    for _ in range(3):
        end = lat + np.degrees(away_m / curvature_radii((lat + end) / 2)[0])
    return end


def _conformal(lat: FloatArray) -> FloatArray:
    """Return the conformal latitude, radians (Snyder 1987, equation 3-1)."""
    sine = np.sin(np.radians(lat))
    return np.asarray(np.arcsin(np.tanh(np.arctanh(sine) - E * np.arctanh(E * sine))))


def _vectors(lam: FloatArray, chi: FloatArray) -> FloatArray:
    """Return points of the unit sphere as float64[n, 3]."""
    return np.stack([np.cos(chi) * np.cos(lam), np.cos(chi) * np.sin(lam), np.sin(chi)], axis=-1)


def _frame(axis: FloatArray) -> FloatArray:
    """Return unit vectors east, north and up at a point of the sphere, float64[3, 3]."""
    east = np.array([-axis[1], axis[0], 0.0])
    length = np.linalg.norm(east)
    east = east / length if length > 1e-12 else np.array([1.0, 0.0, 0.0])
    return np.array([east, np.cross(axis, east), axis])


def _stereographic(vector: FloatArray) -> FloatArray:
    return np.asarray(vector[:, :2] / (1.0 + vector[:, 2:]))


def _circles_in_plane(
    vector: FloatArray, angle: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x, y and radius of the images of circles with these centres and angular radii."""
    across = np.hypot(vector[:, 0], vector[:, 1])
    away = np.arctan2(across, vector[:, 2])
    near, far = np.tan((away - angle) / 2), np.tan((away + angle) / 2)
    centre = np.divide((near + far) / 2, across, out=np.zeros_like(across), where=across > 0)
    return vector[:, 0] * centre, vector[:, 1] * centre, (far - near) / 2


def _latitudes(points: FloatArray, frame: FloatArray) -> FloatArray:
    """Return the latitudes, degrees, of points in the plane, float64[n, 2]."""
    square = (points**2).sum(axis=1)
    vector = np.column_stack([2 * points, 1 - square]) / (1 + square)[:, np.newaxis]
    chi = np.arctanh(np.clip(vector @ frame[:, 2], -1, 1))
    sine = np.tanh(chi)
    for _ in range(6):
        sine = np.tanh(chi + E * np.arctanh(E * sine))
    return np.asarray(np.degrees(np.arcsin(sine)))


@njit(inline="always", **COMPILE)
def _turn(x: float, y: float) -> float:
    """Return a number that grows with the angle of a direction, from 0 (east) to 4."""
    share = y / (abs(x) + abs(y))
    if x < 0.0:
        return 2.0 - share
    return share if y >= 0.0 else 4.0 + share


@njit(inline="always", **COMPILE)
def _meet(xa: float, ya: float, ra: float, xb: float, yb: float, rb: float) -> tuple[float, ...]:
    """Return the points right and left of the way from a to b in which their circles meet."""
    dx, dy = xb - xa, yb - ya
    square = dx * dx + dy * dy
    along = 0.5 + 0.5 * (ra - rb) * (ra + rb) / square
    aside = math.sqrt(max(ra * ra / square - along * along, 0.0))
    px, py = xa + along * dx, ya + along * dy
    return px + aside * dy, py - aside * dx, px - aside * dy, py + aside * dx


@njit(**COMPILE)
def _arcs(x, y, r, heads, feet):  # type: ignore[no-untyped-def]
    """Return disc, side and ends of the arcs that no other disc covers. Sorted by y − r.

    An end is a point of the plane, nan where it is the disc's own northern or southern end.
    """
    n = len(x)
    highest = r.max()
    # Empty lists whose types the compiler knows.
    disc, side, ends = [0][:0], [0][:0], [0.0][:0]
    begin, end, points = np.empty(n), np.empty(n), np.empty((n, 4))
    low = 0
    for i in range(n):
        while y[low] - r[low] < y[i] - r[i] - 2.0 * highest:
            low += 1
        count = _covers(i, low, x, y, r, begin, end, points)
        if count < 0:
            continue
        head = _turn(heads[i, 0] - x[i], heads[i, 1] - y[i])
        foot = _turn(feet[i, 0] - x[i], feet[i, 1] - y[i])
        if count == 0:
            for which in (EAST, WEST):
                disc.append(i)
                side.append(which)
                ends.extend([math.nan, math.nan, math.nan, math.nan])
            continue
        order = np.argsort(begin[:count])
        # What runs on past the full turn covers the beginning too.
        previous = np.argmax(end[:count])
        reached = end[previous] - 4.0
        for at in order:
            if begin[at] > reached:
                _cut(
                    i, reached, begin[at], points[previous, 2:], points[at, :2], head, foot,
                    disc, side, ends,
                )  # fmt: skip
            if end[at] > reached:
                reached, previous = end[at], at
    return np.array(disc), np.array(side), np.array(ends)


@njit(**COMPILE)
def _covers(i, low, x, y, r, begin, end, points):  # type: ignore[no-untyped-def]
    """Write what others cover of circle i: from where, to where; return how many, −1 if hidden.

    Only discs from ``low`` on can: they are sorted by their lower ends.
    """
    if _hidden(i, low, x, y, r):
        return -1
    count = 0
    for j in range(low, len(x)):
        if y[j] - r[j] >= y[i] + r[i]:
            break
        how = _overlap(x[j] - x[i], y[j] - y[i], r[i], r[j])
        if j == i or how == 0:
            continue
        if how == 2:
            if r[i] < r[j] or (r[i] == r[j] and j < i):
                return -1
            continue
        if i < j:
            ax, ay, bx, by = _meet(x[i], y[i], r[i], x[j], y[j], r[j])
        else:
            bx, by, ax, ay = _meet(x[j], y[j], r[j], x[i], y[i], r[i])
        start, stop = _turn(ax - x[i], ay - y[i]), _turn(bx - x[i], by - y[i])
        begin[count], end[count] = start, stop if stop > start else stop + 4.0
        points[count, 0], points[count, 1] = ax, ay
        points[count, 2], points[count, 3] = bx, by
        count += 1
    return count


@njit(inline="always", **COMPILE)
def _overlap(dx: float, dy: float, ra: float, rb: float) -> int:
    """Tell whether circles are apart (0), meet (1) or one lies in the other (2)."""
    square = dx * dx + dy * dy
    if square >= (ra + rb) ** 2:
        return 0
    return 2 if square <= (ra - rb) ** 2 else 1


@njit(**COMPILE)
def _hidden(i, low, x, y, r):  # type: ignore[no-untyped-def]
    """Tell, of most circles that others cover all round, that they do.

    Which 64ths of the circle lie in another's disc is one number's bits. Those next in the order,
    which are the nearest in y, are asked first: in a crowd a few of them will do.
    """
    covered = np.uint64(0)
    for away in range(1, len(x)):
        live = False
        for j in (i - away, i + away):
            if j < low or j >= len(x) or y[j] - r[j] >= y[i] + r[i]:
                continue
            live = True
            if _overlap(x[j] - x[i], y[j] - y[i], r[i], r[j]) != 1:
                continue
            ax, ay, bx, by = _meet(x[i], y[i], r[i], x[j], y[j], r[j])
            start, stop = _turn(ax - x[i], ay - y[i]), _turn(bx - x[i], by - y[i])
            first = math.ceil(16.0 * start + 1e-6)
            last = math.floor(16.0 * (stop if stop > start else stop + 4.0) - 1e-6)
            if last - first <= 0:
                continue
            bits = (np.uint64(1) << np.uint64(min(last - first, 63))) - np.uint64(1)
            turn = np.uint64(first % 64)
            covered |= bits << turn
            if turn:
                covered |= bits >> (np.uint64(64) - turn)
            if covered == ~np.uint64(0):
                return True
        if not live:
            return False
    return False


@njit(**COMPILE)
def _cut(i, start, stop, a, b, head, foot, disc, side, ends):  # type: ignore[no-untyped-def]
    """Add the arc from a to b, anticlockwise, cut where it passes its northern and southern end."""
    here_x, here_y = a[0], a[1]
    eastern = (head - start) % 4.0 < (foot - start) % 4.0
    while True:
        ahead = start + ((head if eastern else foot) - start) % 4.0
        last = ahead >= stop
        there_x, there_y = (b[0], b[1]) if last else (math.nan, math.nan)
        disc.append(i)
        if eastern:
            side.append(EAST)
            ends.extend([here_x, here_y, there_x, there_y])
        else:
            side.append(WEST)
            ends.extend([there_x, there_y, here_x, here_y])
        if last:
            return
        here_x, here_y = math.nan, math.nan
        start, eastern = ahead, not eastern
