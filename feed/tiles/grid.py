"""The grid of web map tiles: zoom z has 2^z columns from 180° west, 2^z rows from 85.05° north."""

import math
from dataclasses import dataclass

from core.geo import BBox

DEEPEST_ZOOM = 22
NORTHERNMOST = math.degrees(math.atan(math.sinh(math.pi)))


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of the grid."""

    z: int
    x: int
    y: int

    def exists(self) -> bool:
        """Tell whether the grid has this tile."""
        return 0 <= self.z <= DEEPEST_ZOOM and max(self.x, self.y) < 2**self.z

    def ancestor(self, z: int) -> "Tile":
        """Return the tile of zoom z, at most its own, in which this one lies."""
        down = self.z - z
        return Tile(z, self.x >> down, self.y >> down)

    def bbox(self, margin: float = 0.0) -> BBox:
        """Return its edges in degrees, with a margin as a share of its width; cut at ±180°."""
        west, east = (self._longitude(self.x + by) for by in (-margin, 1 + margin))
        north, south = (self._latitude(self.y + by) for by in (-margin, 1 + margin))
        return BBox(west, south, east, north)

    def _longitude(self, column: float) -> float:
        return min(max(column / 2**self.z * 360 - 180, -180.0), 180.0)

    def _latitude(self, row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**self.z))))


def column_sql(longitude: str, squares: str) -> str:
    """Return SQL for a longitude's place from the west, in squares of which so many go round."""
    return f"(({longitude} + 180) / 360 * {squares})"


def row_sql(latitude: str, squares: str) -> str:
    """Return SQL for a latitude's place from the north; what is beyond the grid is at its edge."""
    inside = f"greatest(least({latitude}, {NORTHERNMOST}), -{NORTHERNMOST})"
    return f"((1 - asinh(tan(radians({inside}))) / pi()) / 2 * {squares})"
