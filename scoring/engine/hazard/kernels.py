"""What each kernel alone would expect: the past strikes, faded and spread, as rates.

A kernel fades by e in so many days (or never) and spreads with a Gaussian of so many kilometres,
or keeps to the cell (width 0): places are coded to town points, so the cell itself says most.
Strikes known only vaguely have kernels of their own, so that they count for what they helped to
foresee and no more: how often a place is named only as a province changes with who writes.
The last kernels stand for no strike: towns by their people, and the box evenly, both at the rate of
the trailing 365 days.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import Cells
from scoring.engine.hazard.events import Sites, Strikes
from scoring.engine.hazard.smoothing import smoothed
from scoring.engine.hazard.towns import TOWN_WIDTHS_KM, town_shares

DECAYS_DAYS = (3.0, 10.0, 30.0, 90.0, 365.0, 1000.0, np.inf)
WIDTHS_KM = (0.0, 2.0, 5.0, 12.0, 30.0)
# Of vague strikes, which lie over their area as it is.
VAGUE_DECAYS_DAYS = (30.0, 365.0, np.inf)
TRAILING_DAYS = 365
# The past is taken to be at least so long: one strike yesterday is not a rate of one a day.
LEAST_DAYS_KNOWN = 30.0
# So many of the last kernels are towns and uniform: no strike's.
STANDING = len(TOWN_WIDTHS_KM) + 1

Features = npt.NDArray[np.float32]


def kernel_names() -> list[tuple[float, float]]:
    """Return (days, km) of each kernel of exactly known strikes, in the order of features.

    After them come those of vague strikes, ``VAGUE_DECAYS_DAYS``, and last the ``STANDING``:
    towns, ``TOWN_WIDTHS_KM``, and the uniform one.
    """
    return [(days, km) for days in DECAYS_DAYS for km in WIDTHS_KM]


def lasting_kernels() -> list[int]:
    """Return the places among features of the kernels that never fade, towns and the uniform one.

    What they make is no single strike's.
    """
    decays = [days for days, _ in kernel_names()] + [*VAGUE_DECAYS_DAYS]
    lasting = [at for at, days in enumerate(decays) if np.isinf(days)]
    return lasting + [len(decays) + at for at in range(STANDING)]


@dataclass
class History:
    """Strikes laid on cells, asked for what was known at an origin.

    ``at`` sees strikes of days before the origin and nothing else; it keeps what it worked out.
    The past is taken to be ``least_days`` long at least.
    """

    strikes: Strikes
    sites: Sites
    cells: Cells
    horizon_days: int
    least_days: float = LEAST_DAYS_KNOWN
    _kept: dict[int, Features] = field(default_factory=dict)

    def first_day(self, origin: int) -> int | None:
        """Return the day of the earliest strike before the origin, if there is one."""
        before = self.strikes.day[self.strikes.day < origin]
        return int(before.min()) if len(before) else None

    def span(self, origin: int) -> float:
        """Return how many days of the past are known at the origin."""
        first = self.first_day(origin)
        return max(self.least_days, float(origin - first) if first is not None else 0.0)

    def at(self, origin: int) -> Features:
        """Return the strikes that each kernel expects in each cell.

        float32[kernels, cells], over the horizon from the origin on, in the order that
        ``kernel_names`` tells.
        """
        if origin not in self._kept:
            self._kept[origin] = self._made(origin)
        return self._kept[origin]

    def forget_before(self, origin: int) -> None:
        """Drop what was kept of earlier origins."""
        for old in [kept for kept in self._kept if kept < origin]:
            del self._kept[old]

    def counts(self, origin: int) -> FloatArray:
        """Return the scored strikes of the horizon from the origin on, float64[cells]."""
        strikes, last = self.strikes, origin + self.horizon_days
        chosen = strikes.scored & (strikes.day >= origin) & (strikes.day < last)
        sites = self.sites.of_strike[chosen]
        weight = strikes.weight[chosen][sites >= 0]
        return self._by_cell(np.bincount(sites[sites >= 0], weight, self.sites.count).astype(float))

    def trailing(self, origin: int) -> tuple[float, float]:
        """Return the scored strikes before the origin, fading by e in a horizon, and their periods.

        Their ratio is the plain recent rate: strikes in a horizon.
        """
        strikes, days = self.strikes, float(self.horizon_days)
        known = strikes.scored & (strikes.day < origin) & (self.sites.of_strike >= 0)
        faded = np.exp(-(origin - strikes.day[known] - 0.5) / days) @ strikes.weight[known]
        return float(faded), effective_days(days, self.span(origin)) / days

    @cached_property
    def _towns(self) -> npt.NDArray[np.float32]:
        return town_shares(self.cells)

    def _by_cell(self, by_site: FloatArray) -> FloatArray:
        sites = self.sites
        values = by_site[sites.cell_site] * sites.cell_share
        return np.bincount(sites.cell, values, self.cells.count).astype(float)

    def _made(self, origin: int) -> Features:
        sites = self.sites.of_strike
        known = (self.strikes.day < origin) & (sites >= 0)
        vague = self.sites.vague[sites] if len(sites) else known
        span, pixels = self.span(origin), self.cells.pixels
        out = np.zeros((len(DECAYS_DAYS), len(WIDTHS_KM), self.cells.count), np.float32)
        laid = np.zeros((len(DECAYS_DAYS), pixels.rows, pixels.columns), np.float32)
        for k, days in enumerate(DECAYS_DAYS):
            by_site = self._faded(origin, known & ~vague, days, span)
            out[k, 0] = self._by_cell(by_site)
            values = by_site[self.sites.pixel_site] * self.sites.pixel_share
            laid[k] = np.bincount(self.sites.pixel, values, pixels.size).reshape(laid[k].shape)
        for j, width in enumerate(WIDTHS_KM[1:], 1):
            out[:, j] = self.cells.to_cells(smoothed(pixels, laid, width))
        others = [
            self._by_cell(self._faded(origin, known & vague, days, span))
            for days in VAGUE_DECAYS_DAYS
        ]
        recent = known & ~vague & (self.strikes.day >= origin - TRAILING_DAYS)
        total = self.strikes.weight[recent].sum() * self.horizon_days / min(TRAILING_DAYS, span)
        others.extend(total * self._towns)
        others.append(np.full(self.cells.count, total / self.cells.count))
        return np.concatenate([out.reshape(-1, self.cells.count), np.array(others, np.float32)])

    def _faded(
        self, origin: int, chosen: npt.NDArray[np.bool_], days: float, span: float
    ) -> FloatArray:
        """Return what the chosen strikes of each site say, as strikes in a horizon."""
        age = origin - self.strikes.day[chosen] - 0.5
        rate = np.exp(-age / days) * self.horizon_days / effective_days(days, span)
        weight = rate * self.strikes.weight[chosen]
        return np.bincount(self.sites.of_strike[chosen], weight, self.sites.count).astype(float)


def effective_days(decay_days: float, span: float) -> float:
    """Return over how many days a decay averages where ``span`` days are known."""
    if np.isinf(decay_days):
        return span
    return decay_days * -float(np.expm1(-span / decay_days))
