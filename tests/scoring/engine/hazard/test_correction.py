"""The correction's fit, added up period by period, is that of all periods at once."""

import numpy as np
import pytest

from scoring.engine.hazard import correction


def at_once(rows, counts, means, fading):
    """Return the same coefficients from all periods in one matrix."""
    x, seen, expected = (np.concatenate(parts) for parts in (rows, counts, means))
    counted = np.repeat(fading, [len(row) for row in rows])
    found = np.zeros(x.shape[1])
    for _ in range(correction.STEPS):
        mean = expected * correction.factor(x, found)
        trust = counted / (1 + correction.BURSTS * mean)
        slope = x.T @ (trust * (seen - mean)) - correction.RIDGE * found
        bend = x.T @ (x * (trust * mean)[:, None]) + correction.RIDGE * np.eye(len(found))
        step = np.linalg.solve(bend, slope)
        found += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-3:
            break
    return found


@pytest.mark.parametrize("cells", [(40, 60, 50), (0, 30), (1,)])
def test_the_coefficients_are_those_of_all_periods_at_once(cells):
    random = np.random.default_rng(6)
    rows = [random.normal(size=(n, 5)) for n in cells]
    means = [random.gamma(1, 1, n) for n in cells]
    counts = [random.poisson(mean * 2).astype(float) for mean in means]
    fading = 0.97 ** np.arange(len(cells))
    found = correction.coefficients_fitted(rows, counts, means, fading)
    assert found == pytest.approx(at_once(rows, counts, means, fading), rel=1e-9, abs=1e-12)
    assert np.abs(found).max() > 0
    again = correction.coefficients_fitted(rows, counts, means, fading)
    assert again.tobytes() == found.tobytes()
