"""What callers hand over: points, radii, polygons and vague places, checked."""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from scoring.engine.geodesy import FloatArray

Polygon = shapely.Polygon | shapely.MultiPolygon
# A strike's place: (longitude, latitude, uncertainty in metres), or the unit it happened in.
Area = tuple[float, float, float] | Polygon


def points_checked(lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Return points in degrees as float64[n, 2].

    Raises ``ValueError``, naming the index, for what is not finite or not on the Earth.
    """
    points = np.column_stack(
        [np.atleast_1d(np.asarray(lon, np.float64)), np.atleast_1d(np.asarray(lat, np.float64))]
    )
    _refuse(
        points, np.asarray(~np.isfinite(points).all(axis=1)), "coordinates must be finite numbers"
    )
    off = (np.abs(points[:, 1]) > 90) | (np.abs(points[:, 0]) > 360)
    _refuse(points, off, "latitudes lie within ±90°, longitudes within ±360°")
    return points


def _refuse(points: FloatArray, wrong: npt.NDArray[np.bool_], message: str) -> None:
    if wrong.any():
        first = int(np.argmax(wrong))
        lon, lat = points[first].tolist()
        raise ValueError(f"{message}: the point at index {first} is ({lon}, {lat})")


def radii_checked(radii_m: npt.ArrayLike) -> FloatArray:
    """Return radii in metres as float64[r]; raise ``ValueError`` for nan, infinity and below 0.

    A radius below a micrometre is 0: its square may be no number of persons at all.
    """
    radii = np.atleast_1d(np.asarray(radii_m, np.float64))
    if not (np.isfinite(radii).all() and (radii >= 0).all()):
        raise ValueError("radii must be finite and not negative")
    return np.where(radii < 1e-6, 0.0, radii)


def polygon_checked(polygon: Polygon) -> Polygon:
    """Return a polygon in degrees; raise ``ValueError`` where it would be misread."""
    if not isinstance(polygon, (shapely.Polygon, shapely.MultiPolygon)):
        raise ValueError(f"a polygon is needed, not a {type(polygon).__name__}")
    if not np.isfinite(shapely.get_coordinates(polygon)).all():
        raise ValueError("a polygon must have finite coordinates")
    if not polygon.is_valid:
        raise ValueError(f"the polygon is not valid: {shapely.is_valid_reason(polygon)}")
    return polygon


def area_checked(area: Area) -> Area:
    """Return a vague place; raise ``ValueError`` where it is none."""
    if isinstance(area, (shapely.Polygon, shapely.MultiPolygon)):
        if area.is_empty:
            raise ValueError("an area must not be empty")
        return polygon_checked(area)
    lon, lat, radius = (float(number) for number in area)
    points_checked(lon, lat)
    radii_checked(radius)
    return lon, lat, radius


def areas_distinct(areas: Sequence[Area]) -> tuple[list[Area], list[int]]:
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
