"""How many people live within r metres: of a point, of a polygon, of a place known vaguely."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Literal, overload

import numpy as np
import numpy.typing as npt
import shapely

from scoring.engine.discs import MAX_LATITUDE, disc_reach, disc_sums
from scoring.engine.geodesy import FloatArray, circles, curvature_radii
from scoring.engine.grids import Layer, LayerLike, LayerReader, open_layer
from scoring.engine.zones import zone_sums

Polygon = shapely.Polygon | shapely.MultiPolygon
# A strike's place: (longitude, latitude, uncertainty in metres), or the unit it happened in.
Area = tuple[float, float, float] | Polygon
Spread = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
SpreadWithCoverage = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]

# Changed whenever the same inputs would give other figures.
FORMULA_VERSION = "exposure-1"
PERCENTILES = (0.10, 0.50, 0.90)
MAX_DISC_RADIUS_M = 100_000.0


def population_in(layer: LayerLike, polygon: Polygon) -> float:
    """Return the people in a polygon (degrees): each cell's persons × its exact fraction inside."""
    return float(populations_in(layer, [polygon])[0])


def populations_in(layer: LayerLike, polygons: Sequence[Polygon]) -> FloatArray:
    """Return the people in each polygon, float64[n].

    Polygons are in degrees and may run past ±180° (never jump). A cell's fraction is its area in
    degrees. Raises ``ValueError`` for an invalid polygon and for coordinates that are not finite.
    """
    shapes = np.array([_checked(polygon) for polygon in polygons], dtype=object)
    if not len(shapes):
        return np.zeros(0)
    with open_layer(layer).reader() as reader:
        return zone_sums(reader, shapes)[0]


@overload
def population_within(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radii_m: npt.ArrayLike,
    *,
    with_coverage: Literal[False] = False,
) -> FloatArray: ...
@overload
def population_within(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radii_m: npt.ArrayLike,
    *,
    with_coverage: Literal[True],
) -> tuple[FloatArray, FloatArray]: ...
def population_within(
    layer: LayerLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    radii_m: npt.ArrayLike,
    *,
    with_coverage: bool = False,
) -> FloatArray | tuple[FloatArray, FloatArray]:
    """Return the people within each radius (metres) of each point, float64[n, len(radii_m)].

    ``with_coverage``: that and the share of each disc's area that has data, the same shape. Points
    are degrees WGS 84. Cells without data and whatever lies off the layer hold nobody; a disc of
    radius 0 holds nobody and has no data. Equal points are worked out once. Raises ``ValueError``
    for coordinates that are not finite or not on the Earth, and for a negative radius.
    """
    points, radii = _points(lon, lat), _radii(radii_m)
    unique, inverse = np.unique(points, axis=0, return_inverse=True)
    with open_layer(layer).reader() as reader:
        people, coverage = _within(reader, unique, radii)
    rows = inverse.reshape(-1)
    return (people[rows], coverage[rows]) if with_coverage else people[rows]


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
    grid, radii = open_layer(layer), _radii(radii_m)
    if (radii > MAX_DISC_RADIUS_M).any():
        raise ValueError("radii must be at most 100 km")
    unique, rows = _distinct([_checked_area(area) for area in areas])
    spread = np.zeros((5, len(unique), len(radii)))
    points = [i for i, area in enumerate(unique) if _is_point(grid, area)]
    with grid.reader() as reader:
        if points:
            known = np.array([unique[i][:2] for i in points])  # type: ignore[index]
            people, coverage = _within(reader, known, radii)
            spread[:4, points], spread[4, points] = people, coverage
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


def _within(
    reader: LayerReader, points: FloatArray, radii: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return people and share with data for each of the points (float64[n, 2]) and radii."""
    people = np.zeros((len(points), len(radii)))
    coverage = np.zeros_like(people)
    for column in np.flatnonzero(radii > 0):
        radius = np.full(len(points), radii[column])
        shapes = circles(points[:, 0], points[:, 1], radius)
        people[:, column], coverage[:, column] = zone_sums(reader, shapes)
    return people, coverage


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
    people, coverage = _within(reader, point, radii)
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


def _distinct(areas: Sequence[Area]) -> tuple[list[Area], list[int]]:
    """Return the different areas, and for each of the given ones its place among them."""
    index: dict[Hashable, int] = {}
    unique: list[Area] = []
    rows = []
    for area in areas:
        key: Hashable = area if isinstance(area, tuple) else shapely.to_wkb(area)
        if key not in index:
            index[key] = len(unique)
            unique.append(area)
        rows.append(index[key])
    return unique, rows


def _points(lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    points = np.column_stack(
        [np.atleast_1d(np.asarray(lon, np.float64)), np.atleast_1d(np.asarray(lat, np.float64))]
    )
    if not np.isfinite(points).all():
        raise ValueError("coordinates must be finite numbers")
    if (np.abs(points[:, 1]) > 90).any() or (np.abs(points[:, 0]) > 360).any():
        raise ValueError("latitudes lie within ±90°, longitudes within ±360°")
    return points


def _radii(radii_m: npt.ArrayLike) -> FloatArray:
    radii = np.atleast_1d(np.asarray(radii_m, np.float64))
    if not (np.isfinite(radii).all() and (radii >= 0).all()):
        raise ValueError("radii must be finite and not negative")
    return radii


def _checked(polygon: Polygon) -> Polygon:
    if not isinstance(polygon, (shapely.Polygon, shapely.MultiPolygon)):
        raise ValueError(f"a polygon is needed, not a {type(polygon).__name__}")
    if not np.isfinite(shapely.get_coordinates(polygon)).all():
        raise ValueError("a polygon must have finite coordinates")
    if not polygon.is_valid:
        raise ValueError(f"the polygon is not valid: {shapely.is_valid_reason(polygon)}")
    return polygon


def _checked_area(area: Area) -> Area:
    if isinstance(area, (shapely.Polygon, shapely.MultiPolygon)):
        if area.is_empty:
            raise ValueError("an area must not be empty")
        return _checked(area)
    lon, lat, radius = (float(number) for number in area)
    _points(lon, lat)
    _radii(radius)
    return lon, lat, radius
