"""The overview drawn as SVG by the server: land, risk cells and incidents, north up.

Plate carrée, widened at the extent's middle latitude as it is there. Degrees in, pixels out.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from core.geo import BBox
from feed.pages.land import land_rings
from monitor.overview.reading import Dot

WIDTH, HEIGHT = 960, 540
_LEAST_DEGREES = 0.5
# Around the outermost points, as a share of how far they are apart.
_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws. ``cells``: class and path; ``dots``: x, y, radius, grade.

    ``bbox``: what must be seen; ``ring``: the corners of what is drawn, which is more.
    """

    land: str
    cells: list[tuple[int, str]]
    dots: list[tuple[str, str, str, str]]
    bbox: str
    ring: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    south: float
    east: float
    north: float

    def pixels(self, places: Any) -> str:
        """Return (longitude, latitude) as the points of a path."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*one) for one in places))

    def ring(self) -> str:
        """Return its corners as JSON, closed; what a question about its people can start from."""
        box = shapely.box(self.west, self.south, self.east, self.north)
        corners = [[round(lon, 3), round(lat, 3)] for lon, lat in box.exterior.coords]
        return json.dumps(corners)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place is drawn; east of the antimeridian goes on to the east."""
        if lon < self.west:
            lon += 360
        x = (lon - self.west) / (self.east - self.west) * WIDTH
        return x, (self.north - lat) / (self.north - self.south) * HEIGHT


def overview_draw(found: Sequence[Dot], cells: dict[str, Any], bbox: BBox | None) -> Drawing:
    """Return what was found within an extent, or all of it where none is given.

    ``cells``: GeoJSON, as ``cells_of`` returns them.
    """
    extent = _extent(bbox, [(dot.lon, dot.lat) for dot in found])
    frame = _frame(*extent)
    dots = []
    for dot in found:
        x, y = frame.at(dot.lon, dot.lat)
        radius = 4.5 if dot.number == 1 else min(4 + 2.2 * math.log2(dot.number), 26)
        dots.append((f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", dot.grade))
    outlines = [
        (one["properties"]["risk_class"], frame.pixels(one["geometry"]["coordinates"][0]) + "Z")
        for one in cells["features"]
    ]
    west, south, east, north = extent
    shown = f"{west:.4f},{south:.4f},{_turned(east):.4f},{north:.4f}"
    return Drawing(_land(frame), outlines, dots, bbox=shown, ring=frame.ring())


def _turned(longitude: float) -> float:
    return longitude - 360 if longitude > 180 else longitude


def _extent(
    bbox: BBox | None, points: list[tuple[float, float]]
) -> tuple[float, float, float, float]:
    """Return west, south, east and north; without a box, what holds the points and some more."""
    if bbox:
        east = bbox.east if bbox.east >= bbox.west else bbox.east + 360
        return bbox.west, bbox.south, east, bbox.north
    if not points:
        return -180.0, -60.0, 180.0, 80.0
    lons, lats = ([one[axis] for one in points] for axis in (0, 1))
    margin = max((max(one) - min(one)) * _MARGIN for one in (lons, lats))
    margin = max(margin, _LEAST_DEGREES / 2)
    return (
        max(min(lons) - margin, -180.0),
        max(min(lats) - margin, -90.0),
        min(max(lons) + margin, 180.0),
        min(max(lats) + margin, 90.0),
    )


def _frame(west: float, south: float, east: float, north: float) -> _Frame:
    """Return an extent, widened to the picture's shape."""
    middle, level = (west + east) / 2, (south + north) / 2
    shrink = max(math.cos(math.radians(level)), 0.1)
    tall = max(north - south, (east - west) * shrink * HEIGHT / WIDTH, _LEAST_DEGREES)
    tall = min(tall, 180.0)
    wide = min(tall / shrink * WIDTH / HEIGHT, 360.0)
    bottom = min(max(level - tall / 2, -90.0), 90.0 - tall)
    left = max(middle - wide / 2, -180.0)
    return _Frame(left, bottom, left + wide, bottom + tall)


def _land(frame: _Frame) -> str:
    detail = (frame.east - frame.west) / WIDTH
    rings = land_rings((frame.west, frame.south, frame.east, frame.north), detail)
    return "".join(frame.pixels(ring.tolist()) + "Z" for ring in rings)
