"""Sums over many discs in one pass over a raster: each window is read once, for all its discs.

The raster is cut into bands of ``block`` rows and segments of ``block`` columns, from its corner
on. A disc belongs to every band that it touches, and there to the segment that its largest radius
begins in; a window is a segment with what its discs reach beyond it. What a disc holds in a band
depends on nothing else that is asked for, and bands are added from north to south: the figures
are the same to the last bit for every number of threads and order of points.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.engine import arcs
from scoring.engine.geodesy import FloatArray, IntArray
from scoring.engine.grids import Layer, LayerReader
from scoring.engine.windows import Entries, Windows, entries_of, runs_of, work_share

# Within these, arcs are within 1e-5 of geodesic polygons; beyond, polygons are taken themselves.
MAX_LATITUDE = 85.0
MAX_RADIUS_M = 300_000.0
BLOCK = 512
# Into how many pieces the work is cut at least, where windows allow it.
_JOBS = 16


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of discs, one for each band a disc touches; arrays have an item for each part."""

    entry: IntArray
    band: IntArray
    segment: IntArray


def within_arcs(lat: FloatArray, radius_m: float) -> npt.NDArray[np.bool_]:
    """Tell for which centres discs up to the radius can be summed by arcs, bool[n]."""
    near_pole = np.abs(lat) + np.degrees(radius_m / 6.3e6) > MAX_LATITUDE
    return np.asarray(~near_pole & (radius_m <= MAX_RADIUS_M))


def sweep(
    layer: Layer,
    lon: FloatArray,
    lat: FloatArray,
    radii: FloatArray,
    *,
    with_missing: bool,
    threads: int | None = None,
    block: int = BLOCK,
) -> tuple[FloatArray, FloatArray]:
    """Return the people in each disc and its cells without data, both float64[n, len(radii)].

    Radii are metres above 0, centres as ``within_arcs`` allows. Cells without data are counted
    only ``with_missing``.
    """
    entries = entries_of(layer, lon, lat, float(radii.max()))
    parts = _parts(entries, block)
    people = np.zeros((len(parts.entry), len(radii)))
    missing = np.zeros_like(people) if with_missing else people[:0]
    # One number to sort by: band, segment and, to find sums in the processor's cache, the row.
    window = parts.band * (1 + layer.columns // block) + parts.segment
    order = np.argsort(window * layer.rows + entries.top[parts.entry])

    def work(reader: LayerReader, job: IntArray) -> None:
        windows = Windows(reader)
        for start, stop in runs_of(window[job]):
            chosen = job[start:stop]
            here, lacking = _sums(windows, entries, parts, chosen, radii, block, with_missing)
            people[chosen] = here
            if with_missing:
                missing[chosen] = lacking

    work_share(layer, work, _jobs(order, parts.band[order], window[order]), threads)
    disc = entries.disc[parts.entry]
    if not with_missing:
        return _added(disc, people, len(lon)), np.zeros((len(lon), len(radii)))
    return _added(disc, people, len(lon)), _added(disc, missing, len(lon))


def _jobs(order: IntArray, band: IntArray, window: IntArray) -> list[IntArray]:
    """Return parts in pieces of work for a thread: whole windows of one band, side by side.

    Small enough that no thread is left with much at the end, heaviest first.
    """
    jobs = []
    enough = len(order) // _JOBS
    for start, stop in runs_of(band):
        begin = start
        for _, end in runs_of(window[start:stop]):
            if start + end - begin > enough or start + end == stop:
                jobs.append(order[begin : start + end])
                begin = start + end
    return sorted(jobs, key=len, reverse=True)


def _sums(
    windows: Windows,
    entries: Entries,
    parts: _Parts,
    chosen: IntArray,
    radii: FloatArray,
    block: int,
    with_missing: bool,
) -> tuple[FloatArray, FloatArray]:
    """Return what the chosen parts, all of one band and segment, hold: people, cells without."""
    entry = parts.entry[chosen]
    band, left = int(parts.band[chosen[0]]) * block, int(parts.segment[chosen[0]]) * block
    top = max(band, int(entries.top[entry].min()))
    bottom = min(band + block, int(entries.bottom[entry].max()) + 1)
    right = int(entries.right[entry].max()) + 1
    sums = np.zeros((2, len(chosen) * len(radii), 2))
    for corner, prefix, missing in windows.prefixes(
        top, bottom, left, right, with_missing=with_missing
    ):
        arcs.discs_in_window(
            prefix, corner, windows.grid, entries.cx, entries.lat, radii, entry, sums[int(missing)]
        )
    people, lacking = sums.sum(axis=2).reshape(2, len(chosen), len(radii))
    return people, lacking


def data_shares(
    layer: Layer, lon: FloatArray, lat: FloatArray, radii: FloatArray, lacking: FloatArray
) -> FloatArray:
    """Return the share of each disc that has data, float64[n, len(radii)].

    lacking: its cells without data on the layer, as ``sweep`` returns them.
    """
    height, n, r = layer.cell_height, *lacking.shape
    sums = np.zeros((2, n * r, 2))
    rows = 1 + int(2.0 * np.degrees(1.05 * radii.max() / 6.3e6) / height)
    # One cell, as wide as the Earth is round, in every row.
    arcs.cells_alike(
        np.array([[0.0, 360.0 / layer.cell_width]]), lat + 0.5 * rows * height,
        np.array([height, 360.0]), rows, np.arange(n), np.full(n, 0.5), lat, radii, sums[0],
    )  # fmt: skip
    entries = entries_of(layer, lon, lat, float(radii.max()))
    # One as wide as the layer, with a cell of nothing on either side.
    columns = layer.columns
    arcs.cells_alike(
        np.array([[0.0, 0.0, columns, columns]], np.float64),
        np.full(len(entries.disc), layer.north),
        np.array([height, columns * layer.cell_width]), layer.rows,
        entries.disc, 1.0 + entries.cx / columns, entries.lat, radii, sums[1],
    )  # fmt: skip
    whole, on_layer = sums.sum(axis=2).reshape(2, n, r)
    shares = np.clip((on_layer - lacking) / whole, 0.0, 1.0)
    # Sums of fractions are off by rounding; a disc that wants nothing is whole.
    shares[(lacking == 0) & (shares > 1 - 1e-9)] = 1.0
    return shares


def _added(disc: IntArray, parts: FloatArray, n: int) -> FloatArray:
    sums = np.zeros((n, parts.shape[1]))
    arcs.add_parts(disc, parts, sums)
    return np.maximum(sums, 0.0, out=sums)


def _parts(entries: Entries, block: int) -> _Parts:
    first, last = entries.top // block, entries.bottom // block
    found = []
    for further in range(int((last - first).max(initial=0)) + 1):
        entry = np.flatnonzero(first + further <= last)
        found.append((entry, first[entry] + further))
    entry, band = (np.concatenate(field) for field in zip(*found, strict=True))
    return _Parts(entry, band, entries.left[entry] // block)
