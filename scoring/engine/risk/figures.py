"""From expected strikes to people: probability, people exposed, person-strikes, classes.

Strikes within 5 km of a place are negative binomial with mean Λ and variance Λ + a·Λ², which is a
Poisson whose rate is Λ times an unknown factor, gamma distributed with mean 1 and variance a. One
factor is taken for all of a cell's surroundings. The 90 % intervals run from the factor's 5th to
its 95th percentile: how wrong the expected rate may be, as past forecasts were, and not the luck
of one period with that rate.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import gamma

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.counts import POISSON_BELOW
from scoring.engine.risk.reach import Reach

RISK_VERSION = "risk-2"
PERCENTILES = (5.0, 95.0)
# Persons expected to be exposed per 36 km² in 30 days: half a decade each. Class 0 is below 1.
CLASS_FROM = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e4)
CLASS_KM2 = 36.0
CLASS_DAYS = 30
CLASS_RESOLUTION = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of all cells for one horizon and floor, each float64[cells].

    ``probability`` of at least one strike within 5 km, as people-weighted mean; ``people`` expected
    to be exposed, each once; ``person_strikes``; and the ends of their 90 % intervals.
    """

    strikes: FloatArray
    probability: FloatArray
    probability_low: FloatArray
    probability_high: FloatArray
    people: FloatArray
    people_low: FloatArray
    people_high: FloatArray
    person_strikes: FloatArray
    person_strikes_low: FloatArray
    person_strikes_high: FloatArray


NAMES = tuple(Figures.__slots__)


def figures_of(reach: Reach, mean: FloatArray, dispersion: float) -> Figures:
    """Return the figures where ``mean`` strikes, float64[cells], are expected."""
    near = reach.strikes @ mean
    low, high = rate_factors(dispersion)
    everybody = reach.people_in_cells()
    people = reach.by_cell(at_least_one(near, dispersion))
    struck = reach.by_cell(near)
    # Where a strike is all but sure, the mean over rates lies a hair below the 5th percentile.
    people_low = np.minimum(reach.by_cell(-np.expm1(-near * low)), people)
    people_high = np.maximum(reach.by_cell(-np.expm1(-near * high)), people)

    def share(sums: FloatArray) -> FloatArray:
        return np.divide(sums, everybody, out=np.zeros(len(sums)), where=everybody > 0)

    return Figures(
        mean, share(people), share(people_low), share(people_high),
        people, people_low, people_high, struck, struck * min(low, 1), struck * max(high, 1),
    )  # fmt: skip


def at_least_one(mean: FloatArray, dispersion: float) -> FloatArray:
    """Return P(at least one strike) where ``mean`` are expected."""
    if dispersion <= POISSON_BELOW:
        return -np.expm1(-mean)
    return np.asarray(-np.expm1(-np.log1p(dispersion * mean) / dispersion))


def rate_factors(dispersion: float) -> tuple[float, float]:
    """Return the 5th and 95th percentile of the factor on expected strikes."""
    if dispersion <= POISSON_BELOW:
        return 1.0, 1.0
    low, high = gamma.ppf(np.array(PERCENTILES) / 100, 1 / dispersion, scale=dispersion)
    return float(low), float(high)


def classes(people: FloatArray, area_km2: FloatArray) -> npt.NDArray[np.int16]:
    """Return the class, 0 to 10, of people expected to be exposed in 30 days in cells so large."""
    dense = people * CLASS_KM2 / area_km2
    return np.searchsorted(CLASS_FROM, dense, side="right").astype(np.int16)
