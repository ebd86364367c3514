"""Where risk is computed: boxes around where strikes are, within a stated number of cells.

A few strikes with wrong coordinates must not make the box a continent, nor stop the run: where all
squares of a degree with a strike ask for too many cells, those with few strikes are left out.
"""

import h3
import numpy as np
import shapely

from scoring.engine.geodesy import FloatArray

Box = tuple[float, float, float, float]
MOST_CELLS = 60_000
# Cells are computed so far around strikes, in degrees.
_MARGIN = 0.25
_EDGE = (-180.0, -85.0, 180.0, 85.0)


def regions_of(
    lon: FloatArray, lat: FloatArray, within: Box, resolution: int, most: int = MOST_CELLS
) -> list[Box]:
    """Return boxes (W, S, E, N, degrees), apart from each other, that hold most of the points.

    Their edges are whole degrees, so that a new strike seldom moves them, cut to ``within``.
    """
    if not len(lon):
        return []
    corners = np.concatenate(
        [
            np.floor([lon + dx, lat + dy])
            for dx in (-_MARGIN, _MARGIN)
            for dy in (-_MARGIN, _MARGIN)
        ],
        axis=1,
    )
    squares, counts = np.unique(corners, axis=1, return_counts=True)
    least = 1
    while True:
        kept = counts >= least
        if not kept.any():
            return []
        boxes = _apart(squares[:, kept].T)
        boxes = [cut for box in boxes if (cut := _cut(box, within))]
        sizes = [_cells(box, resolution) for box in boxes]
        if sum(sizes) <= most:
            return boxes
        least *= 2


def _apart(squares: FloatArray) -> list[Box]:
    """Return the boxes around squares that touch; boxes that overlap become one."""
    boxes = np.concatenate([squares, squares + 1], axis=1)
    while True:
        union = shapely.union_all([shapely.box(*box) for box in boxes.tolist()])
        merged = shapely.bounds(shapely.get_parts(union))
        if len(merged) == len(boxes):
            return sorted((w, s, e, n) for w, s, e, n in merged.tolist())
        boxes = merged


def _cut(box: Box, within: Box) -> Box | None:
    west, south = (max(a, b, c) for a, b, c in zip(box[:2], within[:2], _EDGE[:2], strict=True))
    east, north = (min(a, b, c) for a, b, c in zip(box[2:], within[2:], _EDGE[2:], strict=True))
    return (west, south, east, north) if west < east and south < north else None


def _cells(box: Box, resolution: int) -> float:
    west, south, east, north = np.radians(box)
    km2 = 6371.0**2 * (east - west) * (np.sin(north) - np.sin(south))
    return float(km2 / h3.average_hexagon_area(resolution, unit="km^2"))
