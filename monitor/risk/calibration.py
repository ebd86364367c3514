"""How good the model has been: on this record, and on files of past wars.

A forecast of 30 days gives each cell a probability of a strike within 5 km. Where it says 20 %, a
strike should follow in one of five.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import h3
import numpy as np
import numpy.typing as npt
from django.core.cache import cache
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from scipy.spatial import cKDTree

from accounts.actors import Actor
from monitor.risk.cells import percent, percent_text
from monitor.risk.place import PERIOD, ended, strikes_since
from scoring.models import RiskRun
from scoring.risk_selectors import risk_forecasts_of, risk_origins_of, risk_served

# Probabilities, from which on each bar counts.
_BARS = (0.0, 0.01, 0.05, 0.2, 0.5)
_REACH_KM = 5.0
_EARTH_KM = 6371.0
_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Bar:
    """Forecasts with like probabilities: how often a strike was expected, and how often it came."""

    start: float
    end: float
    number: int
    expected: float
    seen: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """What docs/methodology.md says of one file: percent, but ``gain`` in nats per strike."""

    name: str
    strikes: int
    gain: float
    gain_kde: float
    top_1: float
    ratio: float
    inside: float
    inside_kde: float


_BACKTESTS = (
    Backtest("UCDP GED, Iraq 2012–2018", 3_193, 5.585, 5.08, 91.7, 1.02, 90.7, 66.6),
    Backtest("SIGACT, Iraq 2007–2008", 27_374, 4.804, 4.65, 83.8, 1.03, 90.6, 75.9),
)


def calibration_shown(actor: Actor) -> dict[str, Any]:
    """Return everything of the page."""
    run = risk_served(RiskRun.Source.RECORD)
    found = _kept(actor, run) if run else {"bars": [], "origins": []}
    bars = [_shown(Bar(**bar)) for bar in found["bars"]]
    return {
        "run": run,
        "bars": bars,
        "origins": found["origins"],
        "forecasts": sum(bar["number"] for bar in bars),
        "backtests": [_backtest_shown(one) for one in _BACKTESTS],
    }


def _backtest_shown(one: Backtest) -> dict[str, Any]:
    return asdict(one) | {
        "top_1": percent_text(str(one.top_1)),
        "inside": percent_text(str(one.inside)),
        "inside_kde": percent_text(str(one.inside_kde)),
        "times": number_format(math.exp(one.gain - one.gain_kde), 1),
        "inside_width": f"{one.inside:.1f}",
        "inside_kde_width": f"{one.inside_kde:.1f}",
    }


def _shown(bar: Bar) -> dict[str, Any]:
    names = {"start": percent(bar.start), "end": percent(bar.end)}
    return {
        "title": _("%(start)s to %(end)s") % names,
        "number": bar.number,
        "expected": percent(bar.expected),
        "seen": percent(bar.seen),
        "expected_width": f"{300 * bar.expected:.1f}",
        "seen_width": f"{300 * bar.seen:.1f}",
    }


def _kept(actor: Actor, run: RiskRun) -> dict[str, Any]:
    """Return what came of the past year's forecasts; an hour old at most."""
    key = f"risk-calibration:{run.id}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        days = [{"origin": day} for day in risk_origins_of(RiskRun.Source.RECORD)]
        origins = [one["origin"] for one in ended(days, run.origin)]
        bars = bars_of(*_pairs(actor, run, origins)) if origins else []
        found = {"origins": origins, "bars": [asdict(bar) for bar in bars]}
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _pairs(
    actor: Actor, run: RiskRun, origins: Sequence[date]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return for each forecast of each cell its probability, and whether a strike came."""
    since = datetime.combine(min(origins), time(), UTC)
    strikes = strikes_since(actor, since)
    days = np.array([day.toordinal() for _lon, _lat, day in strikes])
    spots = _on_sphere([(lon, lat) for lon, lat, _day in strikes])
    chances, came = [], []
    for origin in origins:
        first = origin.toordinal()
        during = spots[(days >= first) & (days < first + PERIOD.days)]
        rows = risk_forecasts_of(run, origin)
        middles = _on_sphere([h3.cell_to_latlng(cell)[::-1] for cell, *_rest in rows])
        chances += [min(people / residents, 1.0) for _cell, people, residents in rows]
        came.append(_near(middles, during))
    return np.array(chances), np.concatenate(came)


def _on_sphere(places: Sequence[tuple[float, float]]) -> npt.NDArray[Any]:
    """Return (longitude, latitude) as points of the unit sphere, float64[n, 3]."""
    lon, lat = np.radians(np.array(places, dtype=float).reshape(-1, 2)).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _near(middles: npt.NDArray[Any], strikes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if not len(strikes) or not len(middles):
        return np.zeros(len(middles), dtype=bool)
    distance, _index = cKDTree(strikes).query(middles)
    return np.asarray(distance <= _REACH_KM / _EARTH_KM)


def bars_of(chances: npt.NDArray[Any], came: npt.NDArray[Any]) -> list[Bar]:
    """Return forecasts by probability, float64[n], against whether a strike came, bool[n]."""
    which = np.digitize(chances, _BARS[1:])
    bars = []
    for at, start in enumerate(_BARS):
        those = which == at
        if those.any():
            end = (*_BARS, 1.0)[at + 1]
            expected, seen = float(chances[those].mean()), float(came[those].mean())
            bars.append(Bar(start, end, int(those.sum()), expected, seen))
    return bars
