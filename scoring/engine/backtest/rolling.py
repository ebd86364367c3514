"""The backtest itself: at each origin every model forecasts from the days before it alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoring.engine.backtest.baselines import UNIFORM, past_of, plain_forecasts
from scoring.engine.backtest.deaths import NO_DEATHS, OURS, DeathTally, deaths_backtest
from scoring.engine.backtest.scores import Calibration, Tally
from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import Cells
from scoring.engine.hazard.events import Strikes
from scoring.engine.hazard.model import MODEL_VERSION, PERIODS, hazard_forecast, history_of


@dataclass
class Backtest:
    """What came out, by model; origins are proleptic ordinal days, UTC."""

    events: int
    cells: int
    origins: list[int]
    tallies: dict[str, Tally]
    calibrations: dict[str, Calibration]
    deaths: dict[str, DeathTally]
    dispersions: list[float] = field(default_factory=list)

    @property
    def best_kde(self) -> str:
        """Name of the best of the kernel density family."""
        family = [name for name in self.tallies if name.startswith("kde_")]
        return max(family, key=lambda name: sum(self.tallies[name].gain))

    def report(self) -> dict[str, Any]:
        """Return what report.json holds."""
        uniform = self.tallies[UNIFORM]
        models: dict[str, dict[str, Any]] = {
            name: tally.measures(uniform) | NO_DEATHS for name, tally in self.tallies.items()
        }
        empty = dict.fromkeys(models[UNIFORM])
        for name, scored in self.deaths.items():
            models[name] = models.get(name, empty) | scored.measures()
        for name, calibration in self.calibrations.items():
            models[name] |= calibration.measures()
            models[name]["reliability"] = self.tallies[name].reliability()
        return {
            "model_version": MODEL_VERSION,
            "events": self.events,
            "cells": self.cells,
            "periods": len(self.origins),
            "default": OURS,
            "best_kde": self.best_kde,
            "models": models,
        }


def backtest_run(
    strikes: Strikes,
    cells: Cells,
    bbox: tuple[float, float, float, float],
    *,
    start: int,
    end: int,
    period_days: int,
    pixel_weight: FloatArray | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Backtest:
    """Run every model over the origins from ``start`` to before ``end``, ``period_days`` apart.

    Days are proleptic ordinals, UTC; the last period may reach beyond ``end``. ``progress`` is
    called after each period and month. Raises ``ValueError`` where no period is left.
    """
    if period_days < 1:
        raise ValueError("periods must be at least one day long")
    origins = list(range(start, end, period_days))
    if not origins:
        raise ValueError("the end must lie after the start")
    history = history_of(strikes, cells, period_days, pixel_weight)
    past = past_of(strikes, cells)
    tallies: dict[str, Tally] = {}
    calibrations = {OURS: Calibration(), UNIFORM: Calibration()}
    dispersions = []
    for origin in origins:
        seen = past.counts(origin, period_days)
        forecast = hazard_forecast(history, origin)
        history.forget_before(origin - period_days * (PERIODS + 1))
        dispersions.append(forecast.dispersion)
        tallies.setdefault(OURS, Tally()).add(forecast.mean, forecast.dispersion, seen)
        calibrations[OURS].add(forecast.mean, forecast.dispersion, seen)
        for name, mean in plain_forecasts(past, origin, period_days):
            tallies.setdefault(name, Tally()).add(mean, 0.0, seen)
            if name in calibrations:
                calibrations[name].add(mean, 0.0, seen)
        progress()
    deaths = deaths_backtest(strikes, bbox, start, end, progress)
    events = int(sum(tallies[UNIFORM].observed))
    return Backtest(events, cells.count, origins, tallies, calibrations, deaths, dispersions)


def gains_per_event(backtest: Backtest, name: str) -> FloatArray:
    """Return a model's nats per event against uniform in each period, nan where none was seen."""
    tally, uniform = backtest.tallies[name], backtest.tallies[UNIFORM]
    seen = np.array(tally.observed)
    gain = np.array(tally.gain) - np.array(uniform.gain)
    return np.where(seen > 0, gain / np.maximum(seen, 1), np.nan)
