"""Sums over polygons by the exact fraction of every cell inside them (exactextract)."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely
from exactextract import exact_extract
from exactextract.feature import FeatureSource, JSONFeature
from exactextract.raster import NumPyRasterSource, RasterSource

from scoring.engine.geodesy import FloatArray
from scoring.engine.grids import Layer, LayerLike, LayerReader, open_layer
from scoring.engine.inputs import Polygon, polygon_checked


class _Counts(RasterSource):
    """Persons for each cell, as exactextract asks for them."""

    def __init__(self, reader: LayerReader) -> None:
        super().__init__()
        self._reader = reader

    def res(self) -> tuple[float, float]:
        layer = self._reader.layer
        return layer.cell_width, layer.cell_height

    def extent(self) -> tuple[float, float, float, float]:
        return self._reader.layer.bounds

    def nodata_value(self) -> None:
        return None

    def srs_wkt(self) -> None:
        return None

    def read_window(self, column: int, row: int, columns: int, rows: int) -> FloatArray:
        return self._reader.counts(row, column, rows, columns)


class _Shape(JSONFeature):
    """A polygon handed over as WKB, which loses no digit and is quicker than GeoJSON."""

    def __init__(self, shape: shapely.Geometry) -> None:
        super().__init__()
        self._wkb = shapely.to_wkb(shape)

    def geometry(self) -> bytes:
        return self._wkb


class _Shapes(FeatureSource):
    def __init__(self, shapes: npt.NDArray[np.object_]) -> None:
        super().__init__()
        self._shapes = shapes

    def count(self) -> int:
        return len(self._shapes)

    def __iter__(self) -> Iterator[_Shape]:
        return map(_Shape, self._shapes)

    def srs_wkt(self) -> None:
        return None


def population_in(layer: LayerLike, polygon: Polygon) -> float:
    """Return the people in a polygon (degrees): each cell's persons × its exact fraction inside."""
    return float(populations_in(layer, [polygon])[0])


def populations_in(layer: LayerLike, polygons: Sequence[Polygon]) -> FloatArray:
    """Return the people in each polygon, float64[n].

    Polygons are in degrees and may run past ±180° (never jump). A cell's fraction is its area in
    degrees. Raises ``ValueError`` for an invalid polygon and for coordinates that are not finite.
    """
    shapes = np.array([polygon_checked(polygon) for polygon in polygons], dtype=object)
    if not len(shapes):
        return np.zeros(0)
    with open_layer(layer).reader() as reader:
        return zone_sums(reader, shapes)[0]


def zone_sums(
    reader: LayerReader, shapes: npt.NDArray[np.object_]
) -> tuple[FloatArray, FloatArray]:
    """Return the people in each polygon and the share of its area (in degrees) that has data.

    Polygons may run past ±180°: each is looked for on every turn of the globe that the layer has.
    What lies off the layer has no data and nobody. Results are float64[n]; each depends on its own
    polygon alone, whatever else is asked for in the same call.
    """
    people, covered, shapes = np.zeros(len(shapes)), np.zeros(len(shapes)), shapes.copy()
    area = shapely.area(shapes)
    west, _, east, _ = shapely.bounds(shapes).T
    middle = (west + east) / 2
    away = reader.layer.turned(middle) - middle
    for i in np.flatnonzero(np.abs(away) > 180.0):
        shapes[i] = shapely.transform(shapes[i], partial(np.add, [away[i], 0.0]))
    for turn in (-360.0, 0.0, 360.0):
        moved = shapely.transform(shapes, partial(np.add, [turn, 0.0]))
        hit = np.flatnonzero(_overlaps(reader.layer, moved) & (area > 0))
        if not len(hit):
            continue
        found = exact_extract(_Counts(reader), _Shapes(moved[hit]), ["sum", "count"])
        people[hit] += [each["properties"]["sum"] or 0.0 for each in found]
        covered[hit] += [each["properties"]["count"] for each in found]
    cell = reader.layer.cell_width * reader.layer.cell_height
    share = np.divide(covered * cell, area, out=np.zeros_like(area), where=area > 0)
    # exactextract keeps fractions as float32, so a sum of them is off by some 1e-8 either way.
    share[share > 1 - 1e-7] = 1.0
    return people, share


def _overlaps(layer: Layer, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    west, south, east, north = layer.bounds
    left, bottom, right, top = shapely.bounds(shapes).T
    return np.asarray((left < east) & (right > west) & (bottom < north) & (top > south))


def cell_shares(layer: Layer, shape: shapely.Geometry) -> tuple[int, int, FloatArray]:
    """Return the first row and column of a block and the share of its cells inside a shape.

    float64[rows, columns]. The block is all that the shape touches, on the layer or off it.
    """
    west, south, east, north = shapely.bounds(shape).tolist()
    row = int(np.floor((layer.north - north) / layer.cell_height))
    column = int(np.floor((west - layer.west) / layer.cell_width))
    rows = int(np.ceil((layer.north - south) / layer.cell_height)) - row
    columns = int(np.ceil((east - layer.west) / layer.cell_width)) - column
    x, y = layer.west + column * layer.cell_width, layer.north - row * layer.cell_height
    block = NumPyRasterSource(
        np.ones((rows, columns)),
        xmin=x,
        xmax=x + columns * layer.cell_width,
        ymin=y - rows * layer.cell_height,
        ymax=y,
    )
    shapes = _Shapes(np.array([shape], dtype=object))
    found = exact_extract(block, shapes, ["cell_id", "coverage"])[0]["properties"]
    shares = np.zeros(rows * columns)
    shares[found["cell_id"]] = found["coverage"]
    return row, column, shares.reshape(rows, columns)
