"""Windows of a raster as prefix sums, discs on its grid, and threads that share the work."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from os import sched_getaffinity
from typing import TypeVar

import numpy as np

from scoring.engine.geodesy import FloatArray, IntArray
from scoring.engine.grids import Layer, LayerReader
from scoring.engine.prefix import missing_sums, prefix_sums

T = TypeVar("T")

# Cells that are read at a time: 16 MB as stored and 32 MB as sums, for each thread.
_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Entries:
    """Discs where they touch the raster; one across 180° of a layer all round is there twice."""

    disc: IntArray
    cx: FloatArray
    lat: FloatArray
    top: IntArray
    bottom: IntArray
    left: IntArray
    right: IntArray


def entries_of(
    layer: Layer, lon: FloatArray, lat: FloatArray, radius: float | FloatArray
) -> Entries:
    """Return where discs touch a layer; radius: metres, the largest or each disc's own."""
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
    return Entries(*(np.concatenate(field) for field in zip(*found, strict=True)))


class Windows:
    """Reads windows of a raster as prefix sums, which take turns in one piece of memory."""

    def __init__(self, reader: LayerReader) -> None:
        self._reader = reader
        self._memory = np.empty(0)
        layer = reader.layer
        self.grid = np.array([layer.north, layer.cell_height, layer.cell_width])

    def prefixes(
        self, top: int, bottom: int, left: int, right: int, *, with_missing: bool
    ) -> Iterator[tuple[IntArray, FloatArray, bool]]:
        """Yield the first cell (row, column) of each part of a window and its prefix sums.

        Columns may lie off the layer: nobody is there. ``with_missing``: for a part in which cells
        have no data, also (and with True) the sums of the cells without.
        """
        columns = right - left
        start, stop = max(left, 0), min(right, self._reader.layer.columns)
        step = max(_CELLS // columns, 1)
        for row in range(top, bottom, step):
            rows = min(step, bottom - row)
            stored, nodata, factor = self._reader.stored(row, start, rows, stop - start)
            prefix = self._room(rows, columns + 1)
            corner = np.array([row, left])
            missing = prefix_sums(stored, nodata, factor, start - left, prefix)
            yield corner, prefix, False
            if missing and with_missing:
                missing_sums(stored, nodata, start - left, prefix)
                yield corner, prefix, True

    def _room(self, rows: int, columns: int) -> FloatArray:
        if self._memory.size < rows * columns:
            self._memory = np.empty(rows * columns)
        return self._memory[: rows * columns].reshape(rows, columns)


def work_share(
    layer: Layer, work: Callable[[LayerReader, T], None], jobs: Sequence[T], threads: int | None
) -> None:
    """Do the jobs, in their order, by threads that have a file of their own each.

    threads: as many as this process may use, unless told.
    """
    queue = iter(jobs)

    def worker() -> None:
        with layer.reader() as reader:
            for job in queue:
                work(reader, job)

    count = min(threads or len(sched_getaffinity(0)), len(jobs))
    if count == 1:
        worker()
    elif count > 1:
        with ThreadPoolExecutor(count) as pool:
            for done in [pool.submit(worker) for _ in range(count)]:
                done.result()


def runs_of(key: IntArray) -> list[tuple[int, int]]:
    """Return where runs of equal keys start and stop."""
    cuts = np.flatnonzero(np.diff(key)) + 1
    bounds = [0, *cuts.tolist(), len(key)]
    return list(pairwise(bounds)) if len(key) else []
