"""How many people live within r metres of points."""

from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from scoring.engine.geodesy import FloatArray, circles
from scoring.engine.grids import Layer, LayerLike, open_layer
from scoring.engine.inputs import points_checked, radii_checked
from scoring.engine.sweep import BLOCK, data_shares, sweep, within_arcs
from scoring.engine.zones import zone_sums

# Points that are in memory at a time; the raster is read once for each such part.
_POINTS = 250_000


@overload
def population_within(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radii_m: npt.ArrayLike,
    *,
    with_coverage: Literal[False] = False,
    threads: int | None = None,
    block: int = BLOCK,
) -> FloatArray: ...
@overload
def population_within(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radii_m: npt.ArrayLike,
    *,
    with_coverage: Literal[True],
    threads: int | None = None,
    block: int = BLOCK,
) -> tuple[FloatArray, FloatArray]: ...
def population_within(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radii_m: npt.ArrayLike,
    *,
    with_coverage: bool = False,
    threads: int | None = None,
    block: int = BLOCK,
) -> FloatArray | tuple[FloatArray, FloatArray]:
    """Return the people within each radius (metres) of each point, float64[n, len(radii_m)].

    ``with_coverage``: that and the share of each disc's area that has data, the same shape. Points
    are degrees WGS 84. Cells without data and whatever lies off the layer hold nobody; a disc of
    radius 0 holds nobody and has no data. The figures of a point depend on nothing but the layer,
    the radii and ``block``: how many rows and columns are one piece of work. ``threads``: as many
    as this process may use, unless told. Raises ``ValueError`` for coordinates that are not finite
    or not on the Earth, naming the index, and for a negative radius.
    """
    points, radii = points_checked(lon, lat), radii_checked(radii_m)
    people, coverage = discs(open_layer(layer), points, radii, with_coverage, threads, block)
    return (people, coverage) if with_coverage else people


def discs(
    layer: Layer,
    points: FloatArray,
    radii: FloatArray,
    with_coverage: bool = True,
    threads: int | None = None,
    block: int = BLOCK,
) -> tuple[FloatArray, FloatArray]:
    """Return people and share with data for each of the points (float64[n, 2]) and radii."""
    people, coverage = np.zeros((2, len(points), len(radii)))
    some = np.flatnonzero(radii > 0)
    if not len(some) or not len(points):
        return people, coverage
    lon, lat = np.ascontiguousarray(points.T)
    by_arcs = within_arcs(lat, float(radii.max()))
    near = np.flatnonzero(by_arcs)
    for start in range(0, len(near), _POINTS):
        chosen = near[start : start + _POINTS]
        places = lon[chosen], lat[chosen], radii[some]
        at = np.ix_(chosen, some)
        people[at], lacking = sweep(
            layer, *places, with_missing=with_coverage, threads=threads, block=block
        )
        if with_coverage:
            coverage[at] = data_shares(layer, *places, lacking)
    if not by_arcs.all():
        rest = np.flatnonzero(~by_arcs)
        with layer.reader() as reader:
            for column in some:
                shapes = circles(lon[rest], lat[rest], np.full(len(rest), radii[column]))
                people[rest, column], coverage[rest, column] = zone_sums(reader, shapes)
    return people, coverage
