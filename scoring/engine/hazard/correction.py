"""What the mixture misses: cells that run above or below it, as a log-linear correction.

A sum of kernels takes ten strikes in a cell for ten times one strike. Each term here is how far
what was seen, in a cell or around it, within some days, lies above what the mixture expects,
log((seen + k) / (expected + k)): k strikes of doubt keep few strikes from saying much. The
coefficients are fitted by penalised Poisson likelihood on past periods, so that terms which did
not help there stay near nought. Last, all cells alike are drawn half way to the plain recent rate.
"""

from collections.abc import Sequence

import numpy as np

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import IntArray
from scoring.engine.hazard.kernels import DECAYS_DAYS, WIDTHS_KM, Features, effective_days

DOUBTS = (0.1, 1.0, 10.0)
AROUND = [(k, j) for k in (1, 2, 3, 4, 5) for j in (2, 4)]
RIDGE = 10.0
# Counts vary as mean + mean², so that one burst in a busy cell does not decide for all.
BURSTS = 1.0
# Cells where fewer than one strike in a thousand periods is expected keep what the mixture says.
LEAST_MEAN = 1e-3
# A correction beyond a factor of fifty is not believed.
LIMIT = 4.0
STEPS = 12
# Strikes of doubt in the level.
LEVEL_DOUBT = 1.0


def corrected_cells(mean: FloatArray) -> IntArray:
    """Return the cells that are corrected."""
    return np.flatnonzero(mean > LEAST_MEAN)


def terms(
    features: Features,
    mean: FloatArray,
    cells: IntArray,
    *,
    horizon_days: int,
    span: float,
    cell_km2: float,
) -> FloatArray:
    """Return the terms of the given cells, float64[cells, terms]; the first two are level and size.

    ``features`` and ``mean`` are of all cells, as known at one origin; ``span`` days were known.
    """
    expected = mean[cells]
    columns = [np.ones(len(cells)), np.log(expected) + 3]
    chosen = [(k, 0) for k in range(len(DECAYS_DAYS))] + AROUND
    for doubt in DOUBTS:
        for k, j in chosen:
            periods = effective_days(DECAYS_DAYS[k], span) / horizon_days
            size = periods * max(1.0, 4 * np.pi * WIDTHS_KM[j] ** 2 / cell_km2)
            seen = features[k * len(WIDTHS_KM) + j, cells]
            columns.append(np.log((seen * size + doubt) / (expected * size + doubt)))
    return np.stack(columns, 1)


def coefficients_fitted(
    rows: Sequence[FloatArray],
    counts: Sequence[FloatArray],
    means: Sequence[FloatArray],
    fading: FloatArray,
) -> FloatArray:
    """Return the terms' coefficients, float64[terms], from past periods' corrected cells.

    The normal equations are added up period by period: all periods at once take three times the
    memory.
    """
    periods = list(zip(rows, counts, means, fading, strict=True))
    found = np.zeros(rows[0].shape[1])
    for _ in range(STEPS):
        slope, bend = -RIDGE * found, RIDGE * np.eye(len(found))
        for x, seen, expected, counted in periods:
            mean = expected * factor(x, found)
            trust = counted / (1 + BURSTS * mean)
            slope += x.T @ (trust * (seen - mean))
            weighted = x * np.sqrt(trust * mean)[:, None]
            bend += weighted.T @ weighted
        step = np.linalg.solve(bend, slope)
        found += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-3:
            break
    return found


def factor(x: FloatArray, coefficients: FloatArray) -> FloatArray:
    """Return by what each cell's mean is multiplied."""
    return np.asarray(np.exp(np.clip(x @ coefficients, -LIMIT, LIMIT)))


def level(expected: float, faded: float, periods: float) -> float:
    """Return by what a total is multiplied, so that it lies half way to the plain recent rate.

    ``expected`` strikes in the whole box, against ``faded`` strikes in so many ``periods``; the
    geometric mean of both, which errs less than either, with a strike of doubt.
    """
    ratio = (faded + LEVEL_DOUBT) / (expected * periods + LEVEL_DOUBT)
    return float(np.sqrt(ratio))
