"""The cells that hazard is computed for, and the finer pixels that kernels are laid on.

Distances here are on a sphere whose degree of latitude is 110.9 km and of longitude
111.32 km × cos(latitude): right to 0.4 % up to 60°, far below what a kernel's width means.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import h3
import numpy as np
import numpy.typing as npt

from scoring.engine.geodesy import FloatArray

IntArray = npt.NDArray[np.int64]
KM_PER_LATITUDE = 110.9
KM_PER_LONGITUDE = 111.32
# A forecast keeps 42 kernels of 25 origins: 4 kB a cell, 2 GB at most.
MAX_CELLS = 500_000
MAX_PIXELS = 4_000_000
# Pixels at most this wide, in degrees: half of the narrowest kernel's width or so.
PIXEL_DEG = 0.05
# H3 cells are cut into about six pixels, by their mean edge.
H3_RESOLUTIONS = range(5, 9)


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular grid in degrees, south-west corner first; rows go north, columns east."""

    west: float
    south: float
    step: float
    rows: int
    columns: int

    def place(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Return the flat index of each point's half-open cell, int64[n], -1 outside."""
        # 38.8 must begin its cell although 38.7 + 0.1 is a hair above it.
        x = np.floor((lon - self.west) / self.step + 1e-9).astype(np.int64)
        y = np.floor((lat - self.south) / self.step + 1e-9).astype(np.int64)
        inside = (x >= 0) & (x < self.columns) & (y >= 0) & (y < self.rows)
        return np.where(inside, y * self.columns + x, -1)

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.columns

    def row_latitudes(self) -> FloatArray:
        """Return the latitude of each row's middle, degrees, float64[rows]."""
        return np.asarray(self.south + (np.arange(self.rows) + 0.5) * self.step, float)

    def centres(self) -> tuple[FloatArray, FloatArray]:
        """Return longitude and latitude of all middles, each float64[size]."""
        lon = self.west + (np.arange(self.columns) + 0.5) * self.step
        lon2, lat2 = np.meshgrid(lon, self.row_latitudes())
        return lon2.ravel(), lat2.ravel()


@dataclass(frozen=True)
class Cells:
    """The cells of a box: squares in degrees (``h3_ids`` is None) or H3 cells, in order of id.

    ``pixel_cell`` is int64[pixels.size], the cell that each pixel's middle lies in.
    """

    pixels: Grid
    pixel_cell: IntArray
    squares: Grid | None
    h3_ids: tuple[str, ...] | None

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.squares.size if self.squares else len(self.h3_ids or ())

    @cached_property
    def _index(self) -> dict[str, int]:
        return {cell: i for i, cell in enumerate(self.h3_ids or ())}

    @property
    def mean_km2(self) -> float:
        """Area of a cell, km², on average over the box."""
        grid = self.pixels
        shrink = float(np.cos(np.radians(grid.row_latitudes())).mean())
        pixel = grid.step**2 * KM_PER_LATITUDE * KM_PER_LONGITUDE * shrink
        return pixel * grid.size / self.count

    @property
    def lattice(self) -> Grid:
        """Return the grid that cell-to-cell kernels are laid on: the squares, else the pixels."""
        return self.squares or self.pixels

    def place(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Return the cell of each point, int64[n], -1 outside the box."""
        if self.squares:
            return self.squares.place(lon, lat)
        inside = self.pixels.place(lon, lat) >= 0
        resolution = h3.get_resolution(self.h3_ids[0]) if self.h3_ids else 0
        found = np.full(len(lon), -1)
        for i in np.flatnonzero(inside):
            cell = h3.latlng_to_cell(float(lat[i]), float(lon[i]), resolution)
            found[i] = self._index.get(cell, -1)
        return found

    def to_cells(self, surface: npt.NDArray[np.floating]) -> FloatArray:
        """Add up pixels to cells: [n, rows, columns] of pixels to float64[n, cells]."""
        flat = surface.reshape(len(surface), self.pixels.size)
        return np.array([np.bincount(self.pixel_cell, row, self.count) for row in flat])


def cells_of(spec: str, bbox: tuple[float, float, float, float]) -> Cells:
    """Return the cells ``h3:RESOLUTION`` (5 to 8) or ``deg:SIZE`` of a box W, S, E, N in degrees.

    Where the size does not divide the box, the last row and column reach beyond it. Raises
    ``ValueError`` for another spec, a box that is empty or not on the globe, or more than half a
    million cells.
    """
    west, south, east, north = bbox
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise ValueError("bbox must be W,S,E,N with W < E, S < N, within ±180 and ±85")
    kind, _, size = spec.partition(":")
    try:
        if kind == "deg":
            return _bounded(_squares(float(size), bbox))
        if kind == "h3" and int(size) in H3_RESOLUTIONS:
            return _bounded(_hexagons(int(size), bbox))
    except (OverflowError, h3.H3BaseException) as exc:
        raise ValueError(f"cells {spec!r} cannot be laid over this box") from exc
    except ValueError as exc:
        if "must" in str(exc):
            raise
    raise ValueError("cells must be h3:5 to h3:8, or deg:SIZE in degrees, such as deg:0.1")


def _bounded(cells: Cells) -> Cells:
    if cells.count > MAX_CELLS:
        raise ValueError(f"there must be at most {MAX_CELLS} cells; take larger ones")
    return cells


def _grid(step: float, bbox: tuple[float, float, float, float]) -> Grid:
    west, south, east, north = bbox
    columns = math.ceil(round((east - west) / step, 6))
    rows = math.ceil(round((north - south) / step, 6))
    if rows * columns > MAX_PIXELS:
        raise ValueError("the box must be smaller, or the cells larger")
    return Grid(west, south, step, rows, columns)


def _squares(size: float, bbox: tuple[float, float, float, float]) -> Cells:
    if not (math.isfinite(size) and size > 0):
        raise ValueError("the size of cells must be above 0 degrees")
    squares = _grid(size, bbox)
    parts = max(1, math.ceil(size / PIXEL_DEG - 1e-9))
    pixels = Grid(
        squares.west, squares.south, size / parts, squares.rows * parts, squares.columns * parts
    )
    if pixels.size > MAX_PIXELS:
        raise ValueError("the box must be smaller")
    row, column = np.divmod(np.arange(pixels.size), pixels.columns)
    return Cells(pixels, row // parts * squares.columns + column // parts, squares, None)


def _hexagons(resolution: int, bbox: tuple[float, float, float, float]) -> Cells:
    edge = h3.average_hexagon_edge_length(resolution, unit="km") / KM_PER_LATITUDE
    pixels = _grid(round(edge * 0.7, 4), bbox)
    west, south, east, north = bbox
    shape = h3.LatLngPoly([(south, west), (south, east), (north, east), (north, west)])
    lon, lat = pixels.centres()
    of_pixel = [
        h3.latlng_to_cell(y, x, resolution) for y, x in zip(lat.tolist(), lon.tolist(), strict=True)
    ]
    around = h3.h3shape_to_cells_experimental(shape, resolution, "overlap")
    ids = tuple(sorted({*around, *of_pixel}))
    index = {cell: i for i, cell in enumerate(ids)}
    return Cells(pixels, np.array([index[cell] for cell in of_pixel]), None, ids)
