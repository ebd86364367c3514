"""The places a vague strike may have been at: the middles of the layer's cells in its area."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from scoring.engine.discs import MAX_LATITUDE
from scoring.engine.geodesy import FloatArray, curvature_radii
from scoring.engine.grids import Layer
from scoring.engine.inputs import Area

T = TypeVar("T")

# Rows and columns of cells that hold neighbours.
_GROUP = 512


@dataclass(frozen=True, slots=True)
class PlaceCells:
    """A block of cells that holds an area, and which of them have their middle in it.

    row, column: the first cell; lat: float64[rows], the middles' latitudes; inside: bool[rows,
    columns], all False where the area holds no middle.
    """

    row: int
    column: int
    lat: FloatArray
    inside: npt.NDArray[np.bool_]


def place_cells(layer: Layer, area: Area) -> PlaceCells:
    """Return the cells of an area, those beyond 85° N or S left out."""
    row, column, rows, columns = _block(layer, area)
    lat = layer.row_latitudes(row, rows)
    return PlaceCells(
        row, column, lat, _inside(area, layer.column_longitudes(column, columns), lat)
    )


def weights_of(people: FloatArray, alpha: float) -> FloatArray:
    """Return people**alpha, equal weights where nobody lives in any of the cells."""
    weights: FloatArray = np.power(people, alpha)
    return weights if weights.any() else np.ones_like(weights)


def point_of(layer: Layer, area: Area) -> tuple[float, float] | None:
    """Return the point (degrees) that an area is, None where it is not.

    It is one where the uncertainty is below half the smaller side of a cell at that latitude.
    """
    if not isinstance(area, tuple):
        return None
    lon, lat, radius = area
    m, n = curvature_radii(lat)
    wide = n * np.cos(np.radians(lat)) * np.radians(layer.cell_width)
    near = radius < min(m * np.radians(layer.cell_height), wide) / 2
    return (lon, lat) if near else None


def some_point(area: Area) -> tuple[float, float]:
    """Return a point (degrees) of an area in which no cell has its middle."""
    if isinstance(area, tuple):
        return area[:2]
    inner = area.representative_point()
    return inner.x, inner.y


def neighbours(layer: Layer, areas: Sequence[Area], which: Sequence[T]) -> list[list[T]]:
    """Return what belongs to each area in groups, areas of one group being near one another.

    A thread that takes a group finds what it reads of the file still in memory.
    """
    groups: dict[tuple[int, int], list[T]] = {}
    for area, each in zip(areas, which, strict=True):
        row, column, *_ = _block(layer, area)
        groups.setdefault((row // _GROUP, column // _GROUP), []).append(each)
    return [groups[key] for key in sorted(groups)]


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
