"""The squares of the graticule, one degree wide, by which points of the log are found.

``feed_square`` in the database (migration 0003) numbers them in the same way.
"""

from math import floor

from core.geo import BBox

# Beyond this many the squares of a box are no quicker than its dates.
MOST = 16


def square_of(longitude: float, latitude: float) -> int:
    """Return the number of the square that holds a point (degrees WGS 84)."""
    return (floor(latitude) + 90) * 361 + floor(longitude) + 180


def squares_of(bbox: BBox) -> list[int] | None:
    """Return the squares that a box touches; None where there are more than ``MOST``."""
    ranges = [
        (range(floor(west), floor(east) + 1), range(floor(south), floor(north) + 1))
        for west, south, east, north in bbox.boxes()
    ]
    if sum(len(across) * len(up) for across, up in ranges) > MOST:
        return None
    return sorted({square_of(x, y) for across, up in ranges for y in up for x in across})
