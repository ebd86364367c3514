"""A whole run: all cells, horizons and evidence floors, with intervals and reasons.

A pure function of what is known: the same strikes and layer give the same bytes, in whatever order
the strikes are given. One floor and horizon after the other: each fit takes hundreds of megabytes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import h3
import numpy as np
import numpy.typing as npt

from scoring.engine.geodesy import FloatArray
from scoring.engine.grids import Layer
from scoring.engine.hazard.cells import H3_RESOLUTIONS, Cells, IntArray, cells_of
from scoring.engine.hazard.events import Sites, Strikes, sites_of
from scoring.engine.hazard.kernels import History
from scoring.engine.hazard.model import hazard_forecast
from scoring.engine.risk.figures import (
    CLASS_DAYS,
    CLASS_RESOLUTION,
    NAMES,
    Figures,
    classes,
    figures_of,
)
from scoring.engine.risk.people import people_on
from scoring.engine.risk.reach import Reach, reach_of
from scoring.engine.risk.reasons import MOST, backgrounds, top_strikes
from scoring.engine.risk.regions import Box, regions_of

HORIZONS = (30, 90)
FLOORS = ("all", "weak", "fair", "confirmed")
# Cells where fewer are expected to be exposed, on every floor and horizon, have no row.
LEAST_PEOPLE = 0.1
# A record is taken to cover a year at least.
LEAST_DAYS_KNOWN = 365.0
_ARRAYS = ("people", "figures", "risk_class", "background", "top", "parts")


@dataclass(frozen=True, slots=True)
class Known:
    """What a run is computed from.

    ``strikes`` each counting once; ``height`` int[strikes], the highest floor that each stands on,
    by its place in ``FLOORS``; ``pairs`` int64[n, 2], strikes that are likely the same.
    """

    strikes: Strikes
    height: IntArray
    pairs: IntArray


@dataclass(frozen=True, slots=True)
class RiskResult:
    """The cells that have a row, by id, and all that is said of each.

    ``figures`` float64[cells, names, horizons, floors] in the order of ``figures.NAMES``;
    ``risk_class`` int16[cells, floors], -1 at resolutions without classes. For the 30 days:
    ``background`` float64[cells, floors] strikes; ``top`` int64[cells, floors, 5] indices of
    strikes, -1 for none, and ``parts`` float64 of that shape, the strikes each is expected to
    bring. ``left_out`` counts the strikes that lie in no box.
    """

    cells: tuple[str, ...]
    people: FloatArray
    figures: FloatArray
    risk_class: npt.NDArray[np.int16]
    background: FloatArray
    top: IntArray
    parts: FloatArray
    boxes: tuple[Box, ...]
    left_out: int

    def checksum(self) -> str:
        """Return the SHA-256 (hex) of all of it."""
        digest = hashlib.sha256("\n".join(self.cells).encode())
        for name in _ARRAYS:
            digest.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        return digest.hexdigest()


def risk_computed(
    known: Known,
    layer: Layer,
    origin: int,
    *,
    resolution: int = CLASS_RESOLUTION,
    alpha: float = 1.0,
) -> RiskResult:
    """Return the risk from an origin (proleptic ordinal day, UTC) on, known strikes before it.

    Raises ``ValueError`` for a resolution other than 5 to 8.
    """
    if resolution not in H3_RESOLUTIONS:
        raise ValueError("the resolution must be 5 to 8")
    strikes = known.strikes
    usable = np.flatnonzero(strikes.day < origin)
    boxes = regions_of(strikes.lon[usable], strikes.lat[usable], layer.bounds, resolution)
    inside = np.zeros(len(strikes), bool)
    results = []
    for box in boxes:
        west, south, east, north = box
        lon, lat = strikes.lon, strikes.lat
        here = (lon >= west) & (lon < east) & (lat >= south) & (lat < north)
        inside |= here & (strikes.day < origin)
        cells = cells_of(f"h3:{resolution}", box)
        people = people_on(layer, cells.pixels)
        region = _Region(_part(known, here), cells, people, alpha, origin)
        results.append(region.result(np.flatnonzero(here), resolution))
    return _joined(results, tuple(boxes), int(len(usable) - inside.sum()))


def duplicates_weighed(pairs: IntArray, stands: npt.NDArray[np.bool_]) -> FloatArray:
    """Return what each strike counts, float64[strikes]: 1 / (1 + its likely duplicates).

    Only those that stand count, and only they are duplicates: two or more that are all alike count
    once. In a chain, where the first is hardly like the last, they count a little more than once.
    """
    both = stands[pairs].all(axis=1) if len(pairs) else np.zeros(0, bool)
    alike = np.bincount(pairs[both].ravel(), minlength=len(stands)) if both.any() else 0
    return np.where(stands, 1 / (1 + np.asarray(alike, float)), 0.0)


def _part(known: Known, here: npt.NDArray[np.bool_]) -> Known:
    position = np.cumsum(here) - 1
    pairs = known.pairs[here[known.pairs].all(axis=1)] if len(known.pairs) else known.pairs
    return Known(known.strikes.take(here), known.height[here], position[pairs])


@dataclass(frozen=True, slots=True)
class _Job:
    figures: Figures
    background: FloatArray
    top: IntArray
    parts: FloatArray


class _Region:
    """One box: what is known laid on its cells, once for all floors and horizons."""

    def __init__(
        self, known: Known, cells: Cells, people: FloatArray, alpha: float, origin: int
    ) -> None:
        self.known, self.cells, self.origin = known, cells, origin
        self.sites = sites_of(known.strikes, cells, people**alpha)
        self.reach: Reach = reach_of(cells, people, alpha)
        self.people = self.reach.people_in_cells()
        middles = np.array([h3.cell_to_latlng(cell) for cell in cells.h3_ids or ()])
        self.lat, self.lon = middles.reshape(-1, 2).T

    def result(self, index: IntArray, resolution: int) -> RiskResult:
        """Return the figures; ``index`` is each strike's among all."""
        floors = [self._floor(height) for height in range(len(FLOORS))]
        # Floors on which the same strikes stand have the same figures.
        first = [
            next(i for i, other in enumerate(floors) if np.array_equal(one, other))
            for one in floors
        ]
        wanted = sorted({(floor, days) for floor in first for days in HORIZONS})
        jobs = {(floor, days): self._job(floors[floor], days) for floor, days in wanted}
        return self._shaped([[jobs[floor, days] for floor in first] for days in HORIZONS],
                            index, resolution)  # fmt: skip

    def _floor(self, height: int) -> FloatArray:
        return duplicates_weighed(self.known.pairs, self.known.height >= height)

    def _job(self, weight: FloatArray, days: int) -> _Job:
        stands = np.flatnonzero(weight > 0)
        strikes = replace(self.known.strikes, weight=weight).take(stands)
        sites: Sites = replace(self.sites, of_strike=self.sites.of_strike[stands])
        history = History(strikes, sites, self.cells, days, LEAST_DAYS_KNOWN)
        summed = History(*_summed(strikes, sites), self.cells, days, LEAST_DAYS_KNOWN)
        forecast = hazard_forecast(summed, self.origin)
        figures = figures_of(self.reach, forecast.mean, forecast.dispersion)
        n = self.cells.count
        top, parts = np.full((n, MOST), -1), np.zeros((n, MOST))
        background = backgrounds(summed, forecast)
        if days == CLASS_DAYS:
            rows = np.flatnonzero(self.people > 0)
            found, parts[rows] = top_strikes(
                history, forecast, rows, self.lon[rows], self.lat[rows]
            )
            top[rows] = np.where(found >= 0, stands[found] if len(stands) else -1, -1)
        return _Job(figures, background, top, parts)

    def _shaped(
        self, jobs: Sequence[Sequence[_Job]], index: IntArray, resolution: int
    ) -> RiskResult:
        figures = np.stack(
            [
                np.stack(
                    [np.stack([getattr(job.figures, n) for job in row], -1) for row in jobs], 1
                )
                for n in NAMES
            ],
            axis=1,
        )
        near = jobs[HORIZONS.index(CLASS_DAYS)]
        ids = self.cells.h3_ids or ()
        rows = np.flatnonzero(figures[:, NAMES.index("people")].max(axis=(1, 2)) >= LEAST_PEOPLE)
        area = np.array([h3.cell_area(ids[row], unit="km^2") for row in rows])
        if resolution == CLASS_RESOLUTION and len(rows):
            class_ = np.stack([classes(job.figures.people[rows], area) for job in near], 1)
        else:
            class_ = np.full((len(rows), len(FLOORS)), -1, np.int16)
        top = np.stack([job.top[rows] for job in near], 1)
        return RiskResult(
            tuple(ids[row] for row in rows), self.people[rows], figures[rows], class_,
            np.stack([job.background[rows] for job in near], 1),
            np.where(top >= 0, index[top] if len(index) else -1, -1),
            np.stack([job.parts[rows] for job in near], 1), (), 0,
        )  # fmt: skip


def _summed(strikes: Strikes, sites: Sites) -> tuple[Strikes, Sites]:
    """Return strikes of one place and day as one, with their weights added."""
    key = (sites.of_strike + 1) * np.int64(1 << 24) + strikes.day
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    weight = np.bincount(group.ravel(), strikes.weight, len(first)).astype(float)
    return (
        replace(strikes.take(first), weight=weight),
        replace(sites, of_strike=sites.of_strike[first]),
    )


def _joined(results: Iterable[RiskResult], boxes: tuple[Box, ...], left_out: int) -> RiskResult:
    """Return regions as one, by id; of a cell that two boxes share the one with more people."""
    shape = len(NAMES), len(HORIZONS), len(FLOORS)
    empty = RiskResult(
        (), np.zeros(0), np.zeros((0, *shape)), np.zeros((0, len(FLOORS)), np.int16),
        np.zeros((0, len(FLOORS))), np.zeros((0, len(FLOORS), MOST), int),
        np.zeros((0, len(FLOORS), MOST)), (), 0,
    )  # fmt: skip
    parts = [empty, *results]
    ids = np.array([cell for part in parts for cell in part.cells], dtype="U15")

    def all_of(name: str) -> npt.NDArray[np.generic]:
        return np.concatenate([getattr(part, name) for part in parts])

    order = np.lexsort((-np.asarray(all_of("people"), float), ids))
    order = order[np.unique(ids[order], return_index=True)[1]]
    return RiskResult(
        tuple(ids[order].tolist()),
        **{name: all_of(name)[order] for name in _ARRAYS},  # type: ignore[arg-type]
        boxes=boxes,
        left_out=left_out,
    )
