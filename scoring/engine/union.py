"""People within reach of any of many strikes, each once."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely

from scoring.engine import arcs
from scoring.engine.expected import expected_union
from scoring.engine.geodesy import FloatArray, circles
from scoring.engine.grids import Layer, LayerLike, LayerReader, open_layer
from scoring.engine.inputs import (
    Area,
    Polygon,
    area_checked,
    points_checked,
    polygon_checked,
    radii_checked,
)
from scoring.engine.outline import Outline, outline
from scoring.engine.sweep import within_arcs
from scoring.engine.windows import Entries, Windows, entries_of, runs_of, work_share
from scoring.engine.zones import zone_sums

# Rows that are one piece of work.
_BAND = 512


def population_within_union(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    within: Polygon | None = None,
    areas: Iterable[Area] | None = None,
) -> float:
    """Return the people within ``radius_m`` of any of the points, each once.

    radius_m: metres, one for all points or one for each. within: only those inside this polygon
    (degrees). areas: where each strike may have been instead of its point; the result is then the
    expected number, Σ people(c) · (1 − Π(1 − pᵢ(c))) over cells, with density ∝ people in an area.
    Raises ``ValueError`` as ``population_within`` and ``population_in`` do.
    """
    grid = open_layer(layer)
    points, radius = points_checked(lon, lat), radii_checked(radius_m)
    if len(radius) not in (1, len(points)):
        raise ValueError(f"{len(points)} points and {len(radius)} radii; one for all or for each")
    radius = np.broadcast_to(radius, len(points))
    if within is not None:
        polygon_checked(within)
    if areas is not None:
        places = [area_checked(area) for area in areas]
        if len(places) != len(points):
            raise ValueError(f"{len(points)} points and {len(places)} areas; each point has one")
        reaching = [(place, r) for place, r in zip(places, radius, strict=True) if r > 0]
        return expected_union(grid, reaching, within)
    points, radius = points[radius > 0], radius[radius > 0]
    if not len(points):
        return 0.0
    if within is None:
        return _union(grid, points, radius)
    # Each point on the turn of the globe that the polygon is on.
    west, _, east, _ = within.bounds
    points[:, 0] += 360.0 * np.round(((west + east) / 2 - points[:, 0]) / 360.0)
    shapes = circles(points[:, 0], points[:, 1], radius)
    shapely.prepare(within)
    touched = shapely.intersects(within, shapes)
    crossing = shapes[touched & ~shapely.contains_properly(within, shapes)]
    if not touched.any():
        return 0.0
    outside = shapely.difference(shapely.union_all(crossing), within)
    return max(_union(grid, points[touched], radius[touched]) - _in_shape(grid, outside), 0.0)


def _in_shape(layer: Layer, shape: shapely.Geometry) -> float:
    with layer.reader() as reader:
        return float(zone_sums(reader, np.array([shape], dtype=object))[0][0])


def _union(layer: Layer, points: FloatArray, radius: FloatArray) -> float:
    lon, lat = np.ascontiguousarray(points.T)
    if within_arcs(lat, float(radius.max())).all():
        found = outline(lon, lat, radius)
        if found is not None:
            return _outline_sum(layer, lon, lat, radius, found)
    shapes = circles(lon, lat, radius)
    turns = [
        shapely.transform(shapes, partial(np.add, [turn, 0.0])) for turn in (-360.0, 0.0, 360.0)
    ]
    once_round = shapely.union_all(np.concatenate(turns)) & shapely.box(-180, -90, 180, 90)
    return _in_shape(layer, once_round)


def _outline_sum(
    layer: Layer, lon: FloatArray, lat: FloatArray, radius: FloatArray, found: Outline
) -> float:
    """Return the people inside an outline, the sum of what lies between its arcs in each row."""
    discs = entries_of(layer, lon, lat, radius)
    ends = entries_of(layer, lon[found.disc], lat[found.disc], radius[found.disc])
    of_arc = (radius[found.disc], found.side, found.south, found.north)
    properties = [ends.cx, ends.lat, *(each[ends.disc] for each in of_arc)]
    bands = range(0, layer.rows, _BAND)
    sums = np.zeros(len(bands))

    def work(reader: LayerReader, band: int) -> None:
        top, bottom = bands[band], bands[band] + _BAND
        windows = Windows(reader)
        active = np.flatnonzero((ends.top < bottom) & (ends.bottom >= top))
        for left, right in _stretches(discs, top, bottom):
            chosen = active[(ends.left[active] >= left) & (ends.left[active] < right)]
            first = max(top, int(ends.top[chosen].min()))
            last = min(bottom, int(ends.bottom[chosen].max()) + 1)
            for corner, prefix, _ in windows.prefixes(first, last, left, right, with_missing=False):
                sums[band] += arcs.arcs_in_window(prefix, corner, windows.grid, *properties, chosen)

    work_share(layer, work, range(len(bands)), None)
    return max(float(sums.sum()), 0.0)


def _stretches(discs: Entries, top: int, bottom: int) -> list[tuple[int, int]]:
    """Return the columns that discs hold in a band, start and stop, apart from one another.

    All arcs of a row that belong together must be in one window, since each is summed from the
    window's edge on.
    """
    active = np.flatnonzero((discs.top < bottom) & (discs.bottom >= top))
    order = active[np.argsort(discs.left[active], kind="stable")]
    farthest = np.maximum.accumulate(discs.right[order]) + 1
    apart = np.concatenate([[0], np.cumsum(discs.left[order][1:] > farthest[:-1])])
    return [
        (int(discs.left[order[start]]), int(farthest[stop - 1]))
        for start, stop in runs_of(apart[: len(order)])
    ]
