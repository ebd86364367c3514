"""The countries behind a map: the outlines that come with the program, cut to what is looked at.

They are there to know one's way by, and take no side in any border.
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np
import shapely

from incidents.services.boundaries import DEMO_FILE

Box = tuple[float, float, float, float]
# Of the size of what can be told apart on a map.
_SMALLEST = 1.5


@lru_cache(maxsize=16)
def land_rings(view: Box, step: float) -> list[np.ndarray]:
    """Return the outlines within a view (west, south, east, north) as arrays of points, n × 2.

    Degrees WGS 84; a view across the antimeridian has an east beyond 180. ``step``: the degrees
    that can just be told apart; what is smaller is left out.
    """
    west, south, east, north = view
    rings = _cut((west, south, min(east, 180.0), north), step)
    if east > 180:
        rings += [
            np.add(ring, (360.0, 0.0)) for ring in _cut((-180.0, south, east - 360, north), step)
        ]
    return rings


def land_near(frame: Any) -> np.ndarray:
    """Return the polygons of all countries that meet a shape. Degrees WGS 84."""
    parts, tree = _parts()
    found: np.ndarray = parts[tree.query(frame, predicate="intersects")]
    return found


def _cut(view: Box, step: float) -> list[np.ndarray]:
    near = land_near(shapely.box(*view))
    bounds = shapely.bounds(near)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    coarse = shapely.simplify(near[size > _SMALLEST * step], step)
    shown = shapely.get_parts(shapely.clip_by_rect(coarse, *view))
    polygons = shown[shapely.get_type_id(shown) == shapely.GeometryType.POLYGON]
    outer = shapely.get_exterior_ring(polygons)
    return [shapely.get_coordinates(ring) for ring in outer if not ring.is_empty]


@cache
def _parts() -> tuple[np.ndarray, shapely.STRtree]:
    whole = shapely.from_geojson(DEMO_FILE.read_text())
    parts = shapely.get_parts(shapely.get_parts(whole))
    return parts, shapely.STRtree(parts)
