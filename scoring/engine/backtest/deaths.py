"""Deaths in PRIO-GRID cells (half a degree) and calendar months, against plain ensembles."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import scoringrules

from scoring.engine.backtest.baselines import CONFLICTOLOGY, LAST, past_of
from scoring.engine.backtest.scores import SEED
from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import cells_of
from scoring.engine.hazard.counts import deaths_sampled, strikes_sampled
from scoring.engine.hazard.events import Strikes
from scoring.engine.hazard.model import hazard_forecast, history_of

ZERO = "zero"
OURS = "hazard"
DRAWS = 500
HORIZON_DAYS = 30
# Deaths of a strike are drawn from those of the past three years.
SEVERITY_DAYS = 1095
MONTHS = 12
# Classes of deaths that VIEWS scores ignorance on; one draw is added to each.
IGNORANCE_EDGES = np.array([0, 1, 3, 6, 11, 26, 51, 101, 251, 501, 1001, np.inf])


@dataclass
class DeathTally:
    """One model's scores over cells and months."""

    crps: list[float] = field(default_factory=list)
    ignorance: list[float] = field(default_factory=list)
    interval: list[float] = field(default_factory=list)

    def add(self, seen: FloatArray, draws: FloatArray) -> None:
        """Take one month: deaths float64[cells], and an ensemble of them float64[draws, cells]."""
        self.crps += scoringrules.crps_ensemble(seen, draws.T, estimator="qd").tolist()
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        self.interval += scoringrules.interval_score(seen, low, high, 0.1).tolist()
        classes = len(IGNORANCE_EDGES) - 1
        hit = np.digitize(seen, IGNORANCE_EDGES)
        same = (np.digitize(draws, IGNORANCE_EDGES) == hit).sum(axis=0)
        self.ignorance += (-np.log2((same + 1) / (len(draws) + classes))).tolist()

    def measures(self) -> dict[str, float | None]:
        """Return the mean scores; lower is better."""
        names = {"crps": self.crps, "ignorance": self.ignorance, "interval_score": self.interval}
        return {name: float(np.mean(all_)) if all_ else None for name, all_ in names.items()}


NO_DEATHS: dict[str, float | None] = DeathTally().measures()


def deaths_backtest(
    strikes: Strikes,
    bbox: tuple[float, float, float, float],
    start: int,
    end: int,
    progress: Callable[[], None] = lambda: None,
) -> dict[str, DeathTally]:
    """Score deaths of whole months from ``start`` to before ``end`` (ordinals, UTC).

    Empty where no scored strike has known deaths. The box is widened to whole PRIO-GRID cells.
    """
    chosen = strikes.scored & np.isfinite(strikes.deaths)
    months = _months(start, end)
    if not chosen.any() or not months:
        return {}
    west, south = (math.floor(x * 2) / 2 for x in bbox[:2])
    east, north = (math.ceil(x * 2) / 2 for x in bbox[2:])
    cells = cells_of("deg:0.5", (west, south, east, north))
    history = history_of(strikes, cells, HORIZON_DAYS)
    dead = strikes.take(chosen & (cells.place(strikes.lon, strikes.lat) >= 0))
    past = past_of(dead, cells)
    random = np.random.default_rng(SEED)
    tallies = {name: DeathTally() for name in (OURS, CONFLICTOLOGY, LAST, ZERO)}

    def of(first: int, last: int) -> FloatArray:
        which = slice(*np.searchsorted(past.day, (first, last)))
        return np.bincount(past.cell[which], dead.deaths[which], cells.count).astype(float)

    for first, last in months:
        seen = of(first, last)
        forecast = hazard_forecast(history, first)
        history.forget_before(first - HORIZON_DAYS * 26)
        mean = forecast.mean * (last - first) / HORIZON_DAYS
        recent = slice(*np.searchsorted(past.day, (first - SEVERITY_DAYS, first)))
        counts = strikes_sampled(mean, forecast.dispersion, DRAWS, random)
        tallies[OURS].add(
            seen, deaths_sampled(counts, dead.deaths[recent], past.cell[recent], random)
        )
        year = np.stack([of(*_earlier(first, back)) for back in range(1, MONTHS + 1)])
        tallies[CONFLICTOLOGY].add(seen, year)
        tallies[LAST].add(seen, year[:1])
        tallies[ZERO].add(seen, np.zeros((1, cells.count)))
        progress()
    return tallies


def _earlier(first: int, back: int) -> tuple[int, int]:
    day = date.fromordinal(first)
    months = day.year * 12 + day.month - 1 - back
    return _first_of(months), _first_of(months + 1)


def _first_of(months: int) -> int:
    return date(months // 12, months % 12 + 1, 1).toordinal()


def _months(start: int, end: int) -> list[tuple[int, int]]:
    day = date.fromordinal(start)
    month = day.year * 12 + day.month - 1 + (day.day > 1)
    found = []
    while _first_of(month + 1) <= end:
        found.append((_first_of(month), _first_of(month + 1)))
        month += 1
    return found
