"""How many people live around places that are known only vaguely."""

from collections.abc import Iterable, Sequence
from typing import Literal, overload

import numpy as np
import numpy.typing as npt
import shapely

from scoring.engine.discs import MAX_LATITUDE, disc_reach, disc_sums
from scoring.engine.geodesy import FloatArray, curvature_radii
from scoring.engine.grids import Layer, LayerLike, LayerReader, open_layer
from scoring.engine.inputs import Area, area_checked, areas_distinct, radii_checked
from scoring.engine.within import discs

Spread = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
SpreadWithCoverage = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]

PERCENTILES = (0.10, 0.50, 0.90)
MAX_DISC_RADIUS_M = 100_000.0


@overload
def exposure_under_uncertainty(
    layer: LayerLike,
    areas: Iterable[Area],
    radii_m: npt.ArrayLike,
    alpha: float = 1,
    *,
    with_coverage: Literal[False] = False,
) -> Spread: ...
@overload
def exposure_under_uncertainty(
    layer: LayerLike,
    areas: Iterable[Area],
    radii_m: npt.ArrayLike,
    alpha: float = 1,
    *,
    with_coverage: Literal[True],
) -> SpreadWithCoverage: ...
def exposure_under_uncertainty(
    layer: LayerLike,
    areas: Iterable[Area],
    radii_m: npt.ArrayLike,
    alpha: float = 1,
    *,
    with_coverage: bool = False,
) -> Spread | SpreadWithCoverage:
    """Return low, best, high and expected people within each radius of strikes known vaguely.

    Each is float64[n, len(radii_m)] in persons. The strike's true point is taken for a random one
    of the cell middles inside its area, with weight (persons of the cell)**alpha, equal weights
    where nobody lives there. low, best and high are the 10th, 50th and 90th percentile of the
    people around it: the smallest value whose cumulated weight reaches that share. expected is the
    mean, the only one that may be added up. Cell middles beyond 85° N or S are left out; an area
    without any counts as its own point. An uncertainty below half a cell counts as none.
    ``with_coverage`` adds the expected share of each disc that has data.

    Raises ``ValueError`` as ``population_within`` does, for a negative uncertainty or alpha, and
    for radii above 100 km.
    """
    if not (np.isfinite(alpha) and alpha >= 0):
        raise ValueError(f"alpha must be 0 or more, not {alpha}")
    grid, radii = open_layer(layer), radii_checked(radii_m)
    if (radii > MAX_DISC_RADIUS_M).any():
        raise ValueError("radii must be at most 100 km")
    unique, rows = areas_distinct([area_checked(area) for area in areas])
    spread = np.zeros((5, len(unique), len(radii)))
    points = [i for i, area in enumerate(unique) if _is_point(grid, area)]
    if points:
        known = np.array([unique[i][:2] for i in points])  # type: ignore[index]
        people, coverage = discs(grid, known, radii)
        spread[:4, points], spread[4, points] = people, coverage
    with grid.reader() as reader:
        for i in sorted(set(range(len(unique))) - set(points)):
            spread[:, i] = _spread(reader, unique[i], radii, alpha)
    low, best, high, expected, coverage = spread[:, rows]
    if with_coverage:
        return low, best, high, expected, coverage
    return low, best, high, expected


def weighted_percentiles(
    values: FloatArray, weights: FloatArray, shares: Sequence[float]
) -> FloatArray:
    """Return the smallest value whose cumulated weight reaches each share of the whole weight."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    found = np.searchsorted(cumulated, np.asarray(shares) * cumulated[-1], side="left")
    return values[order][found]


def _spread(reader: LayerReader, area: Area, radii: FloatArray, alpha: float) -> FloatArray:
    """Return low, best, high, expected and share with data of one vague place, float64[5, r]."""
    layer = reader.layer
    row, column, rows, columns = _block(layer, area)
    lat = layer.row_latitudes(row, rows)
    lon = layer.column_longitudes(column, columns)
    inside = _inside(area, lon, lat)
    if not inside.any():
        return _spread_at_point(reader, area, radii)
    cell = {"cell_height": layer.cell_height, "cell_width": layer.cell_width}
    pad = disc_reach(radii.max(initial=0.0), lat, **cell)
    window = reader.counts(row - pad[0], column - pad[1], rows + 2 * pad[0], columns + 2 * pad[1])
    has_data = np.isfinite(window)
    people = np.where(has_data, window, 0.0)
    living = people[pad[0] : pad[0] + rows, pad[1] : pad[1] + columns][inside]
    weights: FloatArray = np.power(living, alpha)
    if not weights.any():
        weights = np.ones_like(weights)
    likely = weights > 0
    result = np.zeros((5, len(radii)))
    for i in np.flatnonzero(radii > 0):
        around = disc_sums(people, lat, radii[i], pad=pad, **cell)[inside]
        result[:3, i] = weighted_percentiles(around[likely], weights[likely], PERCENTILES)
        result[3, i] = np.average(around, weights=weights)
        result[4, i] = 1.0
        if not has_data.all():
            known = disc_sums(has_data.astype(np.float64), lat, radii[i], pad=pad, **cell)
            one_column = np.ones((people.shape[0], 2 * pad[1] + 1))
            whole = disc_sums(one_column, lat, radii[i], pad=pad, **cell)
            result[4, i] = np.average((known / whole)[inside], weights=weights)
    return result


def _spread_at_point(reader: LayerReader, area: Area, radii: FloatArray) -> FloatArray:
    """Treat an area in which no cell has its middle as one point of it."""
    if isinstance(area, tuple):
        point = np.array([area[:2]])
    else:
        inner = area.representative_point()
        point = np.array([[inner.x, inner.y]])
    people, coverage = discs(reader.layer, point, radii)
    return np.concatenate([people, people, people, people, coverage])


def _is_point(layer: Layer, area: Area) -> bool:
    """Tell whether the uncertainty is below half the smaller side of a cell at that latitude."""
    if not isinstance(area, tuple):
        return False
    m, n = curvature_radii(area[1])
    wide = n * np.cos(np.radians(area[1])) * np.radians(layer.cell_width)
    return bool(area[2] < min(m * np.radians(layer.cell_height), wide) / 2)


def _block(layer: Layer, area: Area) -> tuple[int, int, int, int]:
    """Return row, column, rows and columns of a block that holds the area, between 85° S and N."""
    if isinstance(area, tuple):
        lon, lat, radius = area
        tall = np.degrees(radius / 6_335_000.0)
        far = min(abs(lat) + tall, MAX_LATITUDE)
        wide = np.degrees(radius / (6_378_000.0 * np.cos(np.radians(far))))
        west, south, east, north = lon - wide, lat - tall, lon + wide, lat + tall
    else:
        west, south, east, north = area.bounds
    north, south = min(north, MAX_LATITUDE), max(south, -MAX_LATITUDE)
    row = int(np.floor((layer.north - north) / layer.cell_height))
    end_row = int(np.ceil((layer.north - south) / layer.cell_height))
    column = int(np.floor((west - layer.west) / layer.cell_width))
    end_column = int(np.ceil((east - layer.west) / layer.cell_width))
    return row, column, max(end_row - row, 0), end_column - column


def _inside(area: Area, lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which cell middles lie in the area, bool[len(lat), len(lon)].

    Distances by the Gauss mid-latitude formula: within 1 m of the geodesic at 100 km and 33°.
    """
    if not isinstance(area, tuple):
        shapely.prepare(area)
        return np.asarray(shapely.contains_xy(area, lon[np.newaxis, :], lat[:, np.newaxis]))
    m, n = curvature_radii((lat + area[1]) / 2)
    north = m * np.radians(lat - area[1])
    unit_east = n * np.cos(np.radians((lat + area[1]) / 2))
    east = unit_east[:, np.newaxis] * np.radians(lon - area[0])
    near = north[:, np.newaxis] ** 2 + east**2 <= area[2] ** 2
    return np.asarray(near & (np.abs(lat) <= MAX_LATITUDE)[:, np.newaxis])
