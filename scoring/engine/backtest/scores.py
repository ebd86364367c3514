"""How good forecasts of strikes were, added up period by period."""

from dataclasses import dataclass, field

import numpy as np

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import IntArray
from scoring.engine.hazard.counts import cumulative, strikes_sampled

LEAST_RATE = 1e-12
TOP_SHARES = (0.01, 0.05, 0.10)
PIT_FROM_MEAN = 1.0
RELIABILITY_EDGES = np.array([0, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1, 3, 10, 30, np.inf])
SIMULATIONS = 100
SEED = 20140610


@dataclass
class Tally:
    """One model's scores so far. Its ``dispersion`` is nought for models that give a rate alone."""

    gain: list[float] = field(default_factory=list)
    predicted: list[float] = field(default_factory=list)
    observed: list[float] = field(default_factory=list)
    in_top: FloatArray = field(default_factory=lambda: np.zeros(len(TOP_SHARES)))
    inside: int = 0
    tested: int = 0
    bins: FloatArray = field(default_factory=lambda: np.zeros((3, len(RELIABILITY_EDGES) - 1)))
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))

    def add(self, mean: FloatArray, dispersion: float, seen: FloatArray) -> None:
        """Take one period: expected and seen strikes, float64[cells] each."""
        floored = np.maximum(mean, LEAST_RATE)
        self.gain.append(float((seen * np.log(floored)).sum() - floored.sum()))
        self.predicted.append(float(mean.sum()))
        self.observed.append(float(seen.sum()))
        ranked = seen[np.argsort(-mean, kind="stable")].cumsum()
        for i, share in enumerate(TOP_SHARES):
            self.in_top[i] += ranked[int(np.ceil(share * len(mean))) - 1]
        tested = mean >= PIT_FROM_MEAN
        pit = self._pit(mean[tested], dispersion, seen[tested])
        self.inside += int(((pit >= 0.05) & (pit <= 0.95)).sum())
        self.tested += len(pit)
        bins = np.digitize(mean, RELIABILITY_EDGES) - 1
        for row, values in enumerate((np.ones(len(mean)), mean, seen)):
            self.bins[row] += np.bincount(bins, values, self.bins.shape[1])

    def _pit(self, mean: FloatArray, dispersion: float, seen: FloatArray) -> FloatArray:
        below, upto = (cumulative(mean, dispersion, seen - d) for d in (1, 0))
        return np.asarray(below + self.random.random(len(mean)) * (upto - below))

    def measures(self, uniform: "Tally") -> dict[str, float | None]:
        """Return the measures of the report; None where there was nothing to measure."""
        events, predicted = sum(self.observed), sum(self.predicted)
        gain = sum(self.gain) - sum(uniform.gain)
        top = self.in_top / events if events else [None] * 3
        return {
            "information_gain_per_event": gain / events if events else None,
            "top_1_percent": _plain(top[0]),
            "top_5_percent": _plain(top[1]),
            "top_10_percent": _plain(top[2]),
            "predicted_over_observed": predicted / events if events else None,
            "coverage_90": self.inside / self.tested if self.tested else None,
            "coverage_90_of": self.tested,
        }

    def reliability(self) -> list[dict[str, float | None]]:
        """Return mean expected and mean seen strikes by class of what was expected."""
        return [
            {
                "from": float(RELIABILITY_EDGES[i]),
                "cell_periods": int(n),
                "mean_predicted": float(expected / n),
                "mean_observed": float(seen / n),
            }
            for i, (n, expected, seen) in enumerate(self.bins.T)
            if n
        ]


@dataclass
class Calibration:
    """CSEP's number and spatial tests of a model, one quantile for each period.

    N: the smaller of the probabilities of no more and of no fewer strikes in the box than were
    seen. S: the share of simulations, of as many strikes as were seen, whose spatial Poisson
    likelihood is no better than that of what was seen.
    """

    number: list[float] = field(default_factory=list)
    spatial: list[float] = field(default_factory=list)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))

    def add(self, mean: FloatArray, dispersion: float, seen: FloatArray) -> None:
        """Take one period. A period without strikes has no S."""
        n = int(seen.sum())
        active = mean > 1e-3
        totals = strikes_sampled(mean[active], dispersion, SIMULATIONS, self.random).sum(axis=1)
        totals = totals + self.random.poisson(mean[~active].sum(), SIMULATIONS)
        self.number.append(float(min((totals <= n).mean(), (totals >= n).mean())))
        if n:
            share = np.maximum(mean, LEAST_RATE) / np.maximum(mean, LEAST_RATE).sum()
            edges = share.cumsum()
            drawn = np.searchsorted(edges, self.random.random((SIMULATIONS, n)) * edges[-1])
            where = np.repeat(np.arange(len(seen)), seen.astype(np.int64))
            worth = _spatial(np.log(share), np.vstack([where, np.minimum(drawn, len(share) - 1)]))
            # Where all cells are alike every simulation is as good: rounding must not decide.
            self.spatial.append(float((worth[1:] <= worth[0] + 1e-9 * abs(worth[0])).mean()))

    def measures(self) -> dict[str, float | None]:
        """Return the share of periods that pass at 5 %: N two-sided, S one-sided."""
        number, spatial = np.array(self.number), np.array(self.spatial)
        return {
            "n_test_passed": float((number >= 0.025).mean()) if len(number) else None,
            "s_test_passed": float((spatial >= 0.05).mean()) if len(spatial) else None,
        }


def _spatial(log_share: FloatArray, where: IntArray) -> FloatArray:
    """Return Σ(n ln p − ln n!) of strikes in cells int64[simulations, strikes], less constants."""
    ordered = np.sort(where, axis=1)
    # The second strike in a cell counts ln 2, the third ln 3: together ln n!.
    rank = np.ones(ordered.shape)
    for at in range(1, ordered.shape[1]):
        again = ordered[:, at] == ordered[:, at - 1]
        rank[:, at] = np.where(again, rank[:, at - 1] + 1, 1)
    return np.asarray((log_share[ordered] - np.log(rank)).sum(axis=1))


def _plain(value: float | None) -> float | None:
    return None if value is None else float(value)
