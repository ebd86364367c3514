"""How many strikes, and how many deaths: distributions around the expected strikes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import nbinom, poisson

from scoring.engine.geodesy import FloatArray

# Where nothing was fitted: variance = mean + 1·mean².
PRIOR_DISPERSION = 1.0
DISPERSIONS = np.geomspace(0.003, 30, 60)
# Cells with less hardly tell a Poisson from another distribution.
LEAST_MEAN = 0.2
# What all cells' past strikes count beside a cell's own, when deaths are drawn.
OTHER_CELLS = 20
# Below this the negative binomial is a Poisson.
POISSON_BELOW = 1e-6


def dispersion_fitted(
    means: Sequence[FloatArray], counts: Sequence[FloatArray], fading: FloatArray
) -> float:
    """Return the a of variance = mean + a·mean², by likelihood over past periods' cells.

    With a weak pull to 1, which decides where there is nothing to fit on.
    """
    score = -0.5 * np.log(DISPERSIONS / PRIOR_DISPERSION) ** 2
    for mean, count, share in zip(means, counts, fading, strict=True):
        rows = mean >= LEAST_MEAN
        if rows.any():
            score += share * _log_likelihood(mean[rows], count[rows])
    return float(DISPERSIONS[int(np.argmax(score))])


def _log_likelihood(mean: FloatArray, count: FloatArray) -> FloatArray:
    size = 1 / DISPERSIONS[:, None]
    total = gammaln(count + size) - gammaln(size) - (count + size) * np.log1p(mean / size)
    total += count * np.log(mean / size)
    return np.asarray(total.sum(axis=1))


def cumulative(mean: FloatArray, dispersion: float, count: FloatArray) -> FloatArray:
    """Return P(strikes <= count), nought for a negative count; arrays of one shape."""
    if dispersion <= POISSON_BELOW:
        return np.asarray(poisson.cdf(count, mean))
    return np.asarray(nbinom.cdf(count, 1 / dispersion, 1 / (1 + dispersion * mean)))


def strikes_sampled(
    mean: FloatArray, dispersion: float, draws: int, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return samples of the strikes in each cell, int64[draws, cells]."""
    rate = np.broadcast_to(mean, (draws, len(mean)))
    if dispersion > POISSON_BELOW:
        rate = random.gamma(1 / dispersion, dispersion, rate.shape) * rate
    return random.poisson(rate)


def deaths_sampled(
    strikes: npt.NDArray[np.int64],
    severities: FloatArray,
    cell: npt.NDArray[np.int64],
    random: np.random.Generator,
) -> FloatArray:
    """Return samples of deaths, float64[draws, cells] like ``strikes``.

    Each strike's are drawn from ``severities``, the deaths of past strikes (persons): from those of
    its own ``cell`` the likelier the more there are of them, else from all. Without any: 0.
    """
    if not len(severities):
        return np.zeros(strikes.shape)
    which = np.repeat(np.arange(strikes.size), strikes.ravel())
    where = which % strikes.shape[1]
    known = np.bincount(cell, minlength=strikes.shape[1])
    first = np.concatenate([[0], known.cumsum()[:-1]])
    by_cell = severities[np.argsort(cell, kind="stable")]
    own = random.random(len(which)) < known[where] / (known[where] + OTHER_CELLS)
    here = first[where] + (random.random(len(which)) * known[where]).astype(np.int64)
    anywhere = random.integers(0, len(severities), len(which))
    drawn = by_cell[np.where(own, here, anywhere)]
    return np.bincount(which, drawn, strikes.size).reshape(strikes.shape).astype(float)
