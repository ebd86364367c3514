"""People within reach of any of many strikes, each once."""

import numpy as np
import numpy.typing as npt
import shapely

from scoring.engine import arcs
from scoring.engine.arcs import IntArray
from scoring.engine.geodesy import FloatArray, circles
from scoring.engine.grids import Layer, LayerLike, LayerReader, open_layer
from scoring.engine.inputs import Polygon, points_checked, polygon_checked, radii_checked
from scoring.engine.outline import Outline, outline
from scoring.engine.sweep import within_arcs
from scoring.engine.windows import Entries, Windows, entries_of, runs_of, work_share
from scoring.engine.zones import zone_sums

# Rows that are one piece of work.
_BAND = 256


def population_within_union(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    within: Polygon | None = None,
) -> float:
    """Return the people within ``radius_m`` of any of the points, each once.

    radius_m: metres, one for all points or one for each. within: only those inside this polygon
    (degrees). Raises ``ValueError`` as ``population_within`` and ``population_in`` do.
    """
    grid = open_layer(layer)
    points, radius = points_checked(lon, lat), radii_checked(radius_m)
    radius = np.broadcast_to(radius, len(points))
    points, radius = points[radius > 0], radius[radius > 0]
    if not len(points):
        return 0.0
    if within is None:
        return _union(grid, points, radius)
    shapes = circles(points[:, 0], points[:, 1], radius)
    shapely.prepare(polygon_checked(within))
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
    return _in_shape(layer, shapely.union_all(circles(lon, lat, radius)))


def _outline_sum(
    layer: Layer, lon: FloatArray, lat: FloatArray, radius: FloatArray, found: Outline
) -> float:
    """Return the people inside an outline, the sum of what lies between its arcs in each row.

    All arcs of a row that belong together must be in one window: bands are cut where no disc is.
    """
    entries = entries_of(layer, lon[found.disc], lat[found.disc], radius[found.disc])
    bands = range(
        int(entries.top.min(initial=0)) // _BAND, int(entries.bottom.max(initial=-1)) // _BAND + 1
    )
    sums = np.zeros(len(bands))

    def work(reader: LayerReader, band: int) -> None:
        top = bands[band] * _BAND
        active = np.flatnonzero((entries.top < top + _BAND) & (entries.bottom >= top))
        windows = Windows(reader)
        for chosen in _groups(entries, active):
            rows = (
                max(top, int(entries.top[chosen].min())),
                min(top + _BAND, int(entries.bottom[chosen].max()) + 1),
            )
            columns = int(entries.left[chosen].min()), int(entries.right[chosen].max()) + 1
            for corner, prefix, _ in windows.prefixes(*rows, *columns, with_missing=False):
                sums[band] += arcs.arcs_in_window(
                    prefix,
                    corner,
                    windows.grid,
                    entries.cx,
                    entries.lat,
                    radius[found.disc][entries.disc],
                    found.side[entries.disc],
                    found.south[entries.disc],
                    found.north[entries.disc],
                    chosen,
                )

    work_share(layer, work, range(len(bands)), None)
    return max(float(sums.sum()), 0.0)


def _groups(entries: Entries, active: IntArray) -> list[IntArray]:
    """Return the active entries in groups between which there are columns without any disc."""
    order = active[np.argsort(entries.left[active], kind="stable")]
    farthest = np.maximum.accumulate(entries.right[order])
    apart = entries.left[order][1:] > farthest[:-1] + 1
    return (
        [order[start:stop] for start, stop in runs_of(np.concatenate([[0], np.cumsum(apart)]))]
        if len(order)
        else []
    )
