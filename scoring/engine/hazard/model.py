"""The hazard model: kernels weighed, then corrected, fitted anew at each origin on its own past.

``hazard_forecast`` is a pure function of the strikes before the origin: the same strikes give the
same bytes, whatever comes after, whatever was forecast before, in whatever order they are given.
"""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard import correction
from scoring.engine.hazard.cells import KM_PER_LATITUDE, KM_PER_LONGITUDE, Cells, IntArray
from scoring.engine.hazard.counts import dispersion_fitted
from scoring.engine.hazard.events import Strikes, sites_of
from scoring.engine.hazard.kernels import (
    STANDING,
    VAGUE_DECAYS_DAYS,
    Features,
    History,
    effective_days,
    kernel_names,
    lasting_kernels,
)
from scoring.engine.hazard.mixture import weights_fitted

MODEL_VERSION = "hazard-3"
# Fitted on so many past periods, each counting a little less than the next.
PERIODS = 24
FADING = 0.97


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected from an origin (proleptic ordinal day, UTC) over a horizon.

    ``mean`` float64[cells] is the expected strikes, ``dispersion`` the a of a negative binomial
    with variance mean + a·mean², ``weights`` float64[kernels] the kernels' in the order of
    ``History.at``, and ``factor`` float64[cells] the correction in ``mean``, level included.
    """

    origin: int
    horizon_days: int
    mean: FloatArray
    dispersion: float
    weights: FloatArray
    factor: FloatArray

    def kernel_shares(self, features: Features) -> FloatArray:
        """Return how much of the mean each kernel makes, float64[kernels, cells]."""
        return self.weights[:, None] * features * self.factor


def history_of(
    strikes: Strikes, cells: Cells, horizon_days: int, pixel_weight: FloatArray | None = None
) -> History:
    """Lay strikes on cells, for forecasts over ``horizon_days``.

    ``pixel_weight`` as ``people_weight`` returns it: where the vague ones are thought to lie.
    Raises ``ValueError`` for a horizon below one day.
    """
    if horizon_days < 1:
        raise ValueError("the horizon must be at least one day")
    return History(strikes, sites_of(strikes, cells, pixel_weight), cells, horizon_days)


def hazard_forecast(history: History, origin: int) -> Forecast:
    """Forecast from what was known before the origin day."""
    with threadpool_limits(1, user_api="blas"):
        return _forecast(history, origin)


def _forecast(history: History, origin: int) -> Forecast:
    features = history.at(origin)
    past = _past_origins(history, origin)
    fading = np.asarray(FADING ** np.arange(len(past)), float)
    known = [history.at(day) for day in past]
    counts = [history.counts(day) for day in past]
    weights = weights_fitted(known, counts, fading)
    mean = np.asarray(weights @ features) if past else np.asarray(features.mean(axis=0), float)
    if not past:
        weights = np.full(len(features), 1 / len(features))
        return Forecast(
            origin, history.horizon_days, mean, dispersion_fitted([], [], fading),
            weights, np.ones(len(mean)),
        )  # fmt: skip
    before = [np.asarray(weights @ one) for one in known]
    cells = [correction.corrected_cells(one) for one in before]
    rows = [_terms(history, *one) for one in zip(past, known, before, cells, strict=True)]
    found = correction.coefficients_fitted(
        rows,
        [count[chosen] for count, chosen in zip(counts, cells, strict=True)],
        [one[chosen] for one, chosen in zip(before, cells, strict=True)],
        fading,
    )
    here = correction.corrected_cells(mean)
    factor = np.ones(len(mean))
    factor[here] = correction.factor(_terms(history, origin, features, mean, here), found)
    factor *= correction.level(float(mean @ factor), *history.trailing(origin))
    for day, one, chosen, x in zip(past, before, cells, rows, strict=True):
        one[chosen] *= correction.factor(x, found)
        one *= correction.level(float(one.sum()), *history.trailing(day))
    dispersion = dispersion_fitted(before, counts, fading)
    return Forecast(origin, history.horizon_days, mean * factor, dispersion, weights, factor)


def _past_origins(history: History, origin: int) -> list[int]:
    """Return the origins of the periods fitted on, the newest first; each had a past itself."""
    first = history.first_day(origin)
    if first is None:
        return []
    days = [origin - history.horizon_days * k for k in range(1, PERIODS + 1)]
    return [day for day in days if day > first]


def _terms(
    history: History, origin: int, features: Features, mean: FloatArray, cells: IntArray
) -> FloatArray:
    return correction.terms(
        features,
        mean,
        cells,
        horizon_days=history.horizon_days,
        span=history.span(origin),
        cell_km2=history.cells.mean_km2,
    )


def contributions(
    history: History, forecast: Forecast, lon: float, lat: float, cell: int
) -> tuple[IntArray, FloatArray]:
    """Return the strikes that make up a cell's mean, the largest part first, and those parts.

    Indices into ``history.strikes`` and expected strikes each. What kernels that never fade, towns
    and the uniform one make is the background, and not among them. ``lon``, ``lat``: the cell's
    middle; kernels are evaluated there, so that parts are good to some per cent.
    """
    strikes, sites = history.strikes, history.sites
    chosen = np.flatnonzero((strikes.day < forecast.origin) & (sites.of_strike >= 0))
    age = forecast.origin - strikes.day[chosen] - 0.5
    span = history.span(forecast.origin)
    within = np.bincount(
        sites.cell_site[sites.cell == cell], sites.cell_share[sites.cell == cell], sites.count
    )[sites.of_strike[chosen]]
    east = (strikes.lon[chosen] - lon) * KM_PER_LONGITUDE * np.cos(np.radians(lat))
    north = (strikes.lat[chosen] - lat) * KM_PER_LATITUDE
    far = east**2 + north**2
    parts = np.zeros(len(chosen))
    vague = sites.vague[sites.of_strike[chosen]]
    kernels = [(days, km, ~vague) for days, km in kernel_names()]
    kernels += [(days, 0.0, vague) for days in VAGUE_DECAYS_DAYS]
    for (days, km, those), weight in zip(kernels, forecast.weights[:-STANDING], strict=True):
        if np.isinf(days) or weight == 0:
            continue
        rate = np.exp(-age / days) * forecast.horizon_days / effective_days(days, span)
        parts += weight * rate * those * (within if km == 0 else _share(far, km, history))
    parts *= strikes.weight[chosen] * forecast.factor[cell]
    order = np.argsort(-parts, kind="stable")
    order = order[parts[order] > 0]
    return chosen[order], parts[order]


def background(history: History, forecast: Forecast, cell: int) -> float:
    """Return the part of a cell's mean from kernels that never fade, towns and the uniform one."""
    shares = forecast.weights * history.at(forecast.origin)[:, cell] * forecast.factor[cell]
    return float(shares[lasting_kernels()].sum())


def _share(far_km2: FloatArray, km: float, history: History) -> FloatArray:
    area = history.cells.mean_km2
    variance = km**2 + area / 12
    return np.asarray(area / (2 * np.pi * variance) * np.exp(-far_km2 / (2 * variance)))
