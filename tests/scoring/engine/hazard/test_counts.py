import numpy as np
import pytest

from scoring.engine.hazard.counts import (
    cumulative,
    deaths_sampled,
    dispersion_fitted,
    strikes_sampled,
)


def test_dispersion_is_found_again():
    random = np.random.default_rng(7)
    means = [np.full(400, 3.0)] * 10
    counts = [strikes_sampled(mean, 0.5, 1, random)[0].astype(float) for mean in means]
    assert dispersion_fitted(means, counts, np.ones(10)) == pytest.approx(0.5, rel=0.25)


def test_samples_follow_the_cumulative_distribution():
    drawn = strikes_sampled(np.array([4.0]), 0.7, 20_000, np.random.default_rng(1))
    for count in (0, 3, 10):
        expected = cumulative(np.array([4.0]), 0.7, np.array([count]))[0]
        assert (drawn <= count).mean() == pytest.approx(expected, abs=0.02)


def test_each_strike_kills_as_a_past_one_did():
    strikes, random = np.array([[0, 1, 3]]), np.random.default_rng(1)
    deaths = deaths_sampled(strikes, np.array([5.0]), np.array([1]), random)
    assert deaths.tolist() == [[0, 5, 15]]
    assert deaths_sampled(strikes, np.array([]), np.array([], int), random).sum() == 0


def test_a_cell_with_a_long_past_is_drawn_from_its_own():
    strikes, random = np.array([[5000, 5000]]), np.random.default_rng(1)
    severities, cell = np.repeat([0.0, 10.0], 500), np.repeat([0, 1], 500)
    calm, deadly = deaths_sampled(strikes, severities, cell, random)[0] / 5000
    assert calm == pytest.approx(10 * 0.5 * 20 / 520, rel=0.3)
    assert deadly == pytest.approx(10 - 10 * 0.5 * 20 / 520, rel=0.05)
