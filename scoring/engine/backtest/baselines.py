"""The plain models that ours must beat. They see only strikes that are scored."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import Cells, IntArray
from scoring.engine.hazard.events import Strikes
from scoring.engine.hazard.smoothing import smoothed

UNIFORM, LAST, CONFLICTOLOGY = "uniform", "last_period", "conflictology_12_months"
YEAR = 365
KDE_WINDOWS: tuple[int | None, ...] = (30, 90, 180, 365, 730, None)
KDE_WIDTHS_KM = (2, 4, 10)
KDE_UNIFORM_SHARES = (0.001, 0.01, 0.03, 0.1)


@dataclass(frozen=True, slots=True)
class Past:
    """The scored strikes inside the box: their day, cell and place on the lattice, by day."""

    cells: Cells
    day: IntArray
    cell: IntArray
    lattice: IntArray

    def before(self, origin: int, window: int | None) -> tuple[slice, float]:
        """Return which strikes lie in a window of days before an origin, and its known days."""
        end = int(np.searchsorted(self.day, origin))
        if not end:
            return slice(0, 0), 1.0
        known = origin - int(self.day[0])
        days = known if window is None else min(window, known)
        return slice(int(np.searchsorted(self.day, origin - days)), end), float(days)

    def counts(self, origin: int, days: int) -> FloatArray:
        """Return the strikes from the origin over so many days, float64[cells]."""
        start, stop = np.searchsorted(self.day, (origin, origin + days))
        return np.bincount(self.cell[start:stop], minlength=self.cells.count).astype(float)


def past_of(strikes: Strikes, cells: Cells) -> Past:
    """Take the strikes that are scored and lie in the box."""
    cell = cells.place(strikes.lon, strikes.lat)
    chosen = np.flatnonzero(strikes.scored & (cell >= 0))
    lattice = cells.lattice.place(strikes.lon[chosen], strikes.lat[chosen])
    return Past(cells, strikes.day[chosen], cell[chosen], lattice)


def plain_forecasts(past: Past, origin: int, days: int) -> Iterator[tuple[str, FloatArray]]:
    """Yield each plain model's name and expected strikes, float64[cells], over so many days."""
    count = past.cells.count
    year, known = past.before(origin, YEAR)
    rate = (year.stop - year.start) / known * days
    yield UNIFORM, np.full(count, rate / count)
    yield LAST, past.counts(origin - days, days)
    yield CONFLICTOLOGY, np.bincount(past.cell[year], minlength=count) / known * days
    yield from _kde_family(past, origin, days)


def kde_name(window: int | None, width_km: int, share: float) -> str:
    """Return the name of one of the family."""
    return f"kde_{f'{window}d' if window else 'all'}_{width_km}km_{share:g}"


def _kde_family(past: Past, origin: int, days: int) -> Iterator[tuple[str, FloatArray]]:
    lattice, cells = past.cells.lattice, past.cells
    windows = [past.before(origin, window) for window in KDE_WINDOWS]
    laid = np.stack([np.bincount(past.lattice[w], minlength=lattice.size) for w, _ in windows])
    laid = laid.reshape(-1, lattice.rows, lattice.columns)
    for width in KDE_WIDTHS_KM:
        spread = smoothed(lattice, laid.astype(np.float32), width, binned=False)
        flat = (
            spread.reshape(len(laid), -1).astype(float) if cells.squares else cells.to_cells(spread)
        )
        for window, (which, known), surface in zip(KDE_WINDOWS, windows, flat, strict=True):
            strikes = which.stop - which.start
            for share in KDE_UNIFORM_SHARES:
                mean = (1 - share) * surface + share * strikes / cells.count
                yield kde_name(window, width, share), mean / known * days
