"""Making one valid multipolygon in degrees out of what boundary files hold.

Files differ at the antimeridian: some cut there, some run on past 180°, some jump from 179° to
-179°. Ours are all cut there, as RFC 7946 §3.1.9 asks.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# A unit's edge is never this long, so a longer one is a jump across the antimeridian (degrees).
LONGEST_EDGE = 180.0
# What reprojection leaves beyond 180° by rounding needs no cut (degrees).
ROUNDING = 1e-6

Coordinates = NDArray[np.float64]


def multipolygon_of(geometry: BaseGeometry) -> tuple[shapely.MultiPolygon, bool]:
    """Return ``geometry`` (polygons, degrees) valid, flat and cut, and whether it had to be mended.

    The result is empty where nothing of the geometry has an area.
    """
    polygons = _polygons(shapely.force_2d(geometry))
    if _may_cross(geometry):
        polygons = [part for polygon in polygons for part in _polygons(_cut(polygon))]
    joined = shapely.MultiPolygon(polygons)
    if shapely.is_valid(joined):
        return joined, False
    return shapely.MultiPolygon(_polygons(shapely.make_valid(joined, method="structure"))), True


def _polygons(geometry: BaseGeometry) -> list[shapely.Polygon]:
    """Return the polygons of any geometry, leaving out lines and points where shapes only touch."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return [part for part in parts if isinstance(part, shapely.Polygon)]


def _may_cross(geometry: BaseGeometry) -> bool:
    """Return whether an edge jumps; the way from ring to ring counts as one, which does no harm."""
    coordinates = shapely.get_coordinates(geometry)
    beyond = np.any(np.abs(coordinates[:, 0]) > 180 + ROUNDING)
    return bool(beyond or np.any(_jumps(coordinates)))


def _jumps(ring: Coordinates) -> NDArray[np.bool_]:
    """Return which edges jump; along a pole a long edge is only the border of the map."""
    at_pole = (np.abs(ring[:-1, 1]) == 90) & (np.abs(ring[1:, 1]) == 90)
    return (np.abs(np.diff(ring[:, 0])) > LONGEST_EDGE) & ~at_pole


def _unwrapped(ring: Coordinates) -> Coordinates:
    """Return the ring running on past 180° where it jumped."""
    turns = np.where(_jumps(ring), -np.round(np.diff(ring[:, 0]) / 360), 0)
    moved = ring.copy()
    moved[1:, 0] += 360 * np.cumsum(turns)
    return moved


def _closed_over_pole(ring: Coordinates) -> Coordinates:
    """Return a ring once round the Earth (Antarctica) led over the pole that it encloses."""
    if abs(ring[-1, 0] - ring[0, 0]) < LONGEST_EDGE:
        return ring
    pole = np.copysign(90.0, np.mean(ring[:, 1]))
    way = [[ring[-1, 0], pole], [ring[0, 0], pole], ring[0]]
    return np.vstack([ring, way])


def _cut(polygon: shapely.Polygon) -> BaseGeometry:
    """Return a polygon that may cross the antimeridian as its parts between -180° and 180°."""
    if not _may_cross(polygon):
        return polygon
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
    shell, *holes = [_unwrapped(ring) for ring in rings]
    shell = _closed_over_pole(shell)
    for hole in holes:
        hole[:, 0] += 360 * np.round((shell[:, 0].mean() - hole[:, 0].mean()) / 360)
    whole = shapely.make_valid(shapely.Polygon(shell, holes), method="structure")
    return shapely.union_all([_turn_of(whole, 360.0 * turn) for turn in range(-2, 3)])


def _turn_of(whole: BaseGeometry, east: float) -> BaseGeometry:
    """Return what lies ``east`` degrees away from the map, moved onto it."""
    piece = shapely.intersection(whole, shapely.box(east - 180, -90, east + 180, 90))
    return shapely.transform(piece, lambda coordinates: coordinates - [east, 0.0])
