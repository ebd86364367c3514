"""Population rasters on a grid of degrees, read as persons for each cell."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from scoring.engine.geodesy import FloatArray, cell_areas_km2

Kind = Literal["count", "density"]
KINDS: tuple[Kind, ...] = ("count", "density")
# The stored copy of a layer says by this tag what its numbers are.
KIND_TAG = "HARMWATCH_KIND"
# GDAL's own measure is a twentieth of the memory. Ours reads a window once, and keeps what
# neighbouring windows share.
_CACHE_MB = 32
# How far, in degrees, a global grid may overshoot ±90 and 360 by rounding.
_SLACK = 1e-6


class GridError(ValueError):
    """A file cannot serve as a layer. ``code`` says why; the message says it in English.

    Codes: unreadable, bands, no_transform, not_wgs84, not_north_up, off_earth, not_numeric, scaled,
    masked.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Layer:
    """What is known of a raster without reading it; safe to share between threads and forks.

    ``west`` and ``north`` are the outer edges and ``cell_width`` and ``cell_height`` the cell, in
    degrees. ``kind``: "count" is persons in a cell, "density" persons per km².
    """

    path: Path
    kind: Kind
    band: int
    west: float
    north: float
    cell_width: float
    cell_height: float
    columns: int
    rows: int
    nodata: float | None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The outer edges (west, south, east, north), degrees."""
        south = self.north - self.rows * self.cell_height
        return self.west, south, self.west + self.columns * self.cell_width, self.north

    def contains(self, lon: float, lat: float) -> bool:
        """Tell whether a point lies on the grid, whichever turn its longitude is given in."""
        west, south, east, north = self.bounds
        return south <= lat <= north and (lon - west) % 360.0 <= east - west

    def turned(self, lon: FloatArray) -> FloatArray:
        """Return longitudes on the turn of the globe that is nearest to the layer's middle."""
        west, _, east, _ = self.bounds
        return np.asarray(lon + 360.0 * np.round(((west + east) / 2 - lon) / 360.0))

    def row_latitudes(self, row: int, rows: int) -> FloatArray:
        """Return the latitudes of the middles of ``rows`` rows from ``row`` on, float64[rows]."""
        from_north = np.arange(row, row + rows, dtype=np.float64) + 0.5
        return np.asarray(self.north - from_north * self.cell_height, dtype=np.float64)

    def column_longitudes(self, column: int, columns: int) -> FloatArray:
        """Return the longitudes of the middles of ``columns`` columns, float64[columns]."""
        from_west = np.arange(column, column + columns, dtype=np.float64) + 0.5
        return np.asarray(self.west + from_west * self.cell_width, dtype=np.float64)

    @contextmanager
    def reader(self) -> "Iterator[LayerReader]":
        """Open the file for one piece of work. An open file is for one thread of one process."""
        with (
            rasterio.Env(GDAL_CACHEMAX=_CACHE_MB),
            rasterio.open(self.path, driver="GTiff") as raster,
        ):
            yield LayerReader(self, raster)


class LayerReader:
    """Reads windows of an open layer as persons for each cell."""

    def __init__(self, layer: Layer, dataset: DatasetReader) -> None:
        self.layer = layer
        self._dataset = dataset

    def counts(self, row: int, column: int, rows: int, columns: int) -> FloatArray:
        """Return persons for each cell, float64[rows, columns]; nan where there is no data.

        The window may go over the edge of the grid (nan there), and longitudes are cyclic: columns
        past ±180° are found on the other side where the grid has them. No data is: the file's
        nodata value, nan, infinite or negative.
        """
        window = np.full((rows, columns), np.nan)
        top, bottom = max(row, 0), min(row + rows, self.layer.rows)
        turn = round(360.0 / self.layer.cell_width)
        column -= turn * round((column + columns / 2 - self.layer.columns / 2) / turn)
        for start in (column - turn, column, column + turn):
            left, right = max(start, 0), min(start + columns, self.layer.columns)
            if top < bottom and left < right:
                inner = self._read(top, left, bottom - top, right - left)
                window[top - row : bottom - row, left - start : right - start] = inner
        return window

    def stored(
        self, row: int, column: int, rows: int, columns: int
    ) -> tuple[npt.NDArray[np.floating], float, FloatArray]:
        """Return the file's numbers in a window of the grid, floating[rows, columns].

        And the number that means no data (nan where there is none), and the persons that 1 stands
        for in each row, float64[rows].
        """
        layer = self.layer
        numbers = self._dataset.read(layer.band, window=Window(column, row, columns, rows))
        nodata = np.nan if layer.nodata is None else layer.nodata
        if numbers.dtype == np.float32:
            nodata = float(np.float32(nodata))  # the file holds it rounded
        else:
            numbers = np.asarray(numbers, dtype=np.float64)
        factor = np.ones(rows)
        if layer.kind == "density":
            middles = layer.row_latitudes(row, rows)
            half = layer.cell_height / 2
            factor = cell_areas_km2(middles - half, middles + half, layer.cell_width)
        return numbers, nodata, factor

    def _read(self, row: int, column: int, rows: int, columns: int) -> FloatArray:
        numbers, nodata, factor = self.stored(row, column, rows, columns)
        values = np.asarray(numbers, dtype=np.float64)
        bad = ~np.isfinite(values) | (values < 0) | (values == nodata)
        return np.where(bad, np.nan, values * factor[:, np.newaxis])


LayerLike = Layer | str | PathLike[str]


def open_layer(path: LayerLike, kind: Kind | None = None, *, band: int | None = None) -> Layer:
    """Describe an EPSG:4326 GeoTIFF as a layer.

    Without ``kind`` the file's own HARMWATCH_KIND tag counts, else its numbers are persons for each
    cell. ``band`` (from 1) must be named where there are several. A ``Layer`` is returned as it is.
    Raises ``GridError``.
    """
    if isinstance(path, Layer):
        return path
    file = Path(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(file, driver="GTiff") as dataset:
                chosen = _band_of(dataset, band)
                _check(dataset, chosen)
                return _describe(file, dataset, kind, chosen)
    except RasterioError as exc:
        raise GridError("unreadable", f"the file cannot be read as a GeoTIFF: {exc}") from exc


def _band_of(dataset: DatasetReader, band: int | None) -> int:
    if band is None and dataset.count > 1:
        raise GridError("bands", f"the file has {dataset.count} bands; name the one to read")
    if band is not None and not 1 <= band <= dataset.count:
        raise GridError("bands", f"there is no band {band}; the file has {dataset.count}")
    return band or 1


def _check(dataset: DatasetReader, band: int) -> None:
    def refuse_if(wrong: bool, code: str, message: str) -> None:
        if wrong:
            raise GridError(code, message)

    grid = dataset.transform
    refuse_if(
        dataset.crs is None or grid.is_identity, "no_transform", "the file does not say where it is"
    )
    refuse_if(dataset.crs.to_epsg() != 4326, "not_wgs84", "the grid is not in EPSG:4326")
    upright = grid.b == 0 and grid.d == 0 and grid.a > 0 and grid.e < 0
    refuse_if(not upright, "not_north_up", "rows must run from north to south, columns from west")
    west, south, east, north = dataset.bounds
    on_earth = south >= -90 - _SLACK and north <= 90 + _SLACK and east - west <= 360 + _SLACK
    on_earth = on_earth and west >= -180 - _SLACK and east <= 540 + _SLACK
    refuse_if(not on_earth, "off_earth", "the grid reaches beyond the Earth")
    numeric = np.dtype(dataset.dtypes[band - 1]).kind in "iuf"
    refuse_if(not numeric, "not_numeric", "cells must hold whole or floating-point numbers")
    scaled = dataset.scales[band - 1] != 1 or dataset.offsets[band - 1] != 0
    refuse_if(scaled, "scaled", "the file asks for a scale or an offset; write the real numbers")
    masked = MaskFlags.per_dataset in dataset.mask_flag_enums[band - 1]
    refuse_if(masked, "masked", "the file has a mask band; write a nodata value instead")


def _describe(file: Path, dataset: DatasetReader, kind: Kind | None, band: int) -> Layer:
    grid = dataset.transform
    said = kind or dataset.tags().get(KIND_TAG, "count")
    if said not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}, not {said!r}")
    return Layer(
        path=file,
        kind=cast(Kind, said),
        band=band,
        west=grid.c,
        north=grid.f,
        cell_width=grid.a,
        cell_height=-grid.e,
        columns=dataset.width,
        rows=dataset.height,
        nodata=dataset.nodata,
    )
