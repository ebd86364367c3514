"""Sums over many discs in one pass over a raster: each window is read once, for all its discs.

The raster is cut into bands of ``block`` rows and segments of ``block`` columns, from its corner
on. A disc belongs to every band that it touches, and there to the segment that its largest radius
begins in; a window is a segment with what its discs reach beyond it. What a disc holds in a band
depends on nothing else that is asked for, and bands are added from north to south: the figures
are the same to the last bit for every number of threads and order of points.
"""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import sched_getaffinity

import numpy as np

from scoring.engine import arcs
from scoring.engine.arcs import IntArray
from scoring.engine.geodesy import FloatArray
from scoring.engine.grids import Layer, LayerReader

# Within these the arcs are within 1e-5 of geodesic polygons; beyond, polygons are taken themselves.
MAX_LATITUDE = 85.0
MAX_RADIUS_M = 300_000.0
BLOCK = 512
# Cells of a window that are worked on at a time: 16 MB as read and 32 MB as sums, for each thread.
_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of discs, one for each band a disc touches; arrays have an item for each part."""

    disc: IntArray
    entry: IntArray
    band: IntArray
    segment: IntArray


@dataclass(frozen=True, slots=True)
class _Entries:
    """Discs where they touch the raster; one across 180° of a layer all round is there twice."""

    disc: IntArray
    cx: FloatArray
    lat: FloatArray
    top: IntArray
    bottom: IntArray
    left: IntArray
    right: IntArray


def within_arcs(lat: FloatArray, radius_m: float) -> np.ndarray:
    """Tell for which centres discs up to the radius can be summed by arcs, bool[n]."""
    near_pole = np.abs(lat) + np.degrees(radius_m / 6.3e6) > MAX_LATITUDE
    return ~near_pole & (radius_m <= MAX_RADIUS_M)


def sweep(
    layer: Layer,
    lon: FloatArray,
    lat: FloatArray,
    radii: FloatArray,
    *,
    threads: int | None = None,
    block: int = BLOCK,
    reader: LayerReader | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return the people in each disc and its cells without data, both float64[n, len(radii)].

    Radii are metres above 0, centres as ``within_arcs`` allows. threads: as many as this process
    may use, unless told.
    """
    entries = _entries(layer, lon, lat, float(radii.max()))
    parts = _parts(entries, block)
    people, lacking = np.zeros((2, len(parts.disc), len(radii)))
    order = np.lexsort((entries.lat[parts.entry], parts.segment, parts.band))
    bands = _runs(parts.band[order])
    # The heaviest bands first, so that no thread is left with one at the end.
    bands.sort(key=lambda run: run[0] - run[1])
    work = iter([order[start:stop] for start, stop in bands])

    def worker(own: LayerReader | None) -> None:
        if own is None:
            with layer.reader() as own:
                return worker(own)
        window = _Window(own, radii, entries)
        for band in work:
            for start, stop in _runs(parts.segment[band]):
                chosen = band[start:stop]
                window.add(parts, chosen, block, people, lacking)
        return None

    count = min(threads or len(sched_getaffinity(0)), len(bands))
    if count <= 1:
        worker(reader)
    else:
        with ThreadPoolExecutor(count) as pool:
            for done in [pool.submit(worker, None) for _ in range(count)]:
                done.result()
    return _added(parts.disc, people, len(lon)), _added(parts.disc, lacking, len(lon))


def data_shares(
    layer: Layer, lon: FloatArray, lat: FloatArray, radii: FloatArray, lacking: FloatArray
) -> FloatArray:
    """Return the share of each disc that has data, float64[n, len(radii)].

    lacking: its cells without data on the layer, as ``sweep`` returns them.
    """
    grid = np.array([layer.north, layer.cell_height, layer.cell_width])
    whole = np.zeros_like(lacking)
    arcs.disc_cells(lat, radii, grid, whole)
    entries = _entries(layer, lon, lat, float(radii.max()))
    on_layer = np.zeros_like(lacking)
    arcs.cells_on_layer(
        grid, layer.rows, layer.columns, entries.disc, entries.cx, entries.lat, radii, on_layer
    )
    shares = np.clip((on_layer - lacking) / whole, 0.0, 1.0)
    # Sums of fractions are off by rounding; a disc that wants nothing is whole.
    shares[(lacking == 0) & (shares > 1 - 1e-9)] = 1.0
    return shares


def _added(disc: IntArray, parts: FloatArray, n: int) -> FloatArray:
    sums = np.zeros((n, parts.shape[1]))
    arcs.add_parts(disc, parts, sums)
    return np.maximum(sums, 0.0, out=sums)


def _entries(layer: Layer, lon: FloatArray, lat: FloatArray, radius: float) -> _Entries:
    tall = np.degrees(radius / 6_335_000.0) / layer.cell_height
    far = np.radians(np.abs(lat) + np.degrees(radius / 6_335_000.0))
    wide = np.degrees(radius / (6_378_000.0 * np.cos(far))) / layer.cell_width
    middle = (layer.north - lat) / layer.cell_height
    top = np.maximum(np.floor(middle - tall), 0).astype(np.int64)
    bottom = np.minimum(np.floor(middle + tall), layer.rows - 1).astype(np.int64)
    found = []
    for turn in (-360.0, 0.0, 360.0):
        cx = (lon + turn - layer.west) / layer.cell_width
        hit = (cx + wide > 0) & (cx - wide < layer.columns) & (top <= bottom)
        at = np.flatnonzero(hit)
        left = np.floor(cx[at] - wide[at]).astype(np.int64)
        right = np.floor(cx[at] + wide[at]).astype(np.int64) + 1
        found.append((at, cx[at], lat[at], top[at], bottom[at], left, right))
    return _Entries(*(np.concatenate(field) for field in zip(*found, strict=True)))


def _parts(entries: _Entries, block: int) -> _Parts:
    first, last = entries.top // block, entries.bottom // block
    found = []
    for further in range(int((last - first).max(initial=0)) + 1):
        entry = np.flatnonzero(first + further <= last)
        found.append((entry, first[entry] + further))
    entry, band = (np.concatenate(field) for field in zip(*found, strict=True))
    return _Parts(entries.disc[entry], entry, band, entries.left[entry] // block)


def _runs(key: IntArray) -> list[tuple[int, int]]:
    """Return where runs of equal keys start and stop."""
    cuts = np.flatnonzero(np.diff(key)) + 1
    bounds = [0, *cuts.tolist(), len(key)]
    return list(itertools.pairwise(bounds)) if len(key) else []


class _Window:
    """One thread's place of work: a raster of its own and the memory that windows take turns in."""

    def __init__(self, reader: LayerReader, radii: FloatArray, entries: _Entries) -> None:
        self._reader = reader
        self._radii = radii
        self._entries = entries
        self._memory = np.empty(0)
        layer = reader.layer
        self._grid = np.array([layer.north, layer.cell_height, layer.cell_width])

    def add(
        self, parts: _Parts, chosen: IntArray, block: int, people: FloatArray, lacking: FloatArray
    ) -> None:
        """Add what the chosen parts, all of one band and segment, hold."""
        entry = parts.entry[chosen]
        band, start = int(parts.band[chosen[0]]) * block, int(parts.segment[chosen[0]]) * block
        top = max(band, int(self._entries.top[entry].min()))
        bottom = min(band + block, int(self._entries.bottom[entry].max()) + 1)
        columns = int(self._entries.right[entry].max()) + 1 - start
        here, empty = np.zeros((2, len(chosen), len(self._radii)))
        for row, rows in _steps(top, bottom, max(_CELLS // columns, 1)):
            corner = np.array([row, start])
            for prefix, target in self._prefixes(row, start, rows, columns, here, empty):
                arcs.discs_in_window(
                    prefix,
                    corner,
                    self._grid,
                    self._entries.cx,
                    self._entries.lat,
                    self._radii,
                    entry,
                    target,
                )
        people[chosen], lacking[chosen] = here, empty

    def _prefixes(
        self,
        row: int,
        column: int,
        rows: int,
        columns: int,
        people: FloatArray,
        lacking: FloatArray,
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the prefix sums of a window's people, then those of its cells without data."""
        left = max(column, 0)
        right = min(column + columns, self._reader.layer.columns)
        stored, nodata, factor = self._reader.stored(row, left, rows, right - left)
        if self._memory.size < rows * (columns + 1):
            self._memory = np.empty(rows * (columns + 1))
        prefix = self._memory[: rows * (columns + 1)].reshape(rows, columns + 1)
        missing = arcs.prefix_sums(stored, nodata, factor, left - column, prefix)
        yield prefix, people
        if missing:
            arcs.missing_sums(stored, nodata, left - column, prefix)
            yield prefix, lacking


def _steps(start: int, stop: int, step: int) -> Iterator[tuple[int, int]]:
    for at in range(start, stop, step):
        yield at, min(step, stop - at)
