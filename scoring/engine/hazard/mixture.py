"""How much each kernel weighs: a Poisson mixture fitted by expectation and maximisation."""

from collections.abc import Sequence

import numpy as np

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.kernels import Features

ROUNDS = 120
# The prior weights count as much as so many strikes: they speak where there is hardly a past.
PRIOR_STRIKES = 5.0


def weights_fitted(
    features: Sequence[Features], counts: Sequence[FloatArray], fading: FloatArray
) -> FloatArray:
    """Return the kernels' weights, float64[kernels], from past periods; not forced to sum to 1.

    ``features`` float32[kernels, cells] as known at each period's origin, ``counts`` float64[cells]
    of what then came, ``fading`` what each period counts. Without periods: the prior, equal parts.
    """
    kernels = len(features[0]) if features else 1
    prior = np.full(kernels, 1 / kernels)
    if not features:
        return prior
    hit = [np.flatnonzero(count) for count in counts]
    at_hits = np.concatenate(
        [one[:, rows] for one, rows in zip(features, hit, strict=True)], axis=1
    ).astype(float)
    seen = np.concatenate(
        [count[rows] * share for count, rows, share in zip(counts, hit, fading, strict=True)]
    )
    totals = sum(
        one.sum(axis=1, dtype=float) * share for one, share in zip(features, fading, strict=True)
    )
    weights = prior
    for _ in range(ROUNDS):
        explained = (at_hits @ (seen / (weights @ at_hits + 1e-30))) * weights
        weights = (explained + PRIOR_STRIKES * prior) / (totals + PRIOR_STRIKES)
    return np.asarray(weights)
