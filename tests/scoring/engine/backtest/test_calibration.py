"""CSEP's number and spatial tests on cases whose outcome is plain."""

import numpy as np
import pytest

from scoring.engine.backtest.scores import Calibration, _spatial


def passed(mean, seen, dispersion=0.0):
    calibration = Calibration()
    calibration.add(np.array(mean, float), dispersion, np.array(seen, float))
    return calibration.measures()


def test_totals_far_from_what_was_expected_fail_and_near_ones_pass():
    assert passed([10, 10], [10, 10])["n_test_passed"] == 1
    assert passed([10, 10], [50, 50])["n_test_passed"] == 0
    assert passed([10, 10], [0, 0])["n_test_passed"] == 0


def test_nothing_seen_where_hardly_anything_was_expected_passes():
    assert passed([0.001, 0.002], [0, 0]) == {"n_test_passed": 1, "s_test_passed": None}


def test_where_all_cells_are_alike_single_strikes_anywhere_pass():
    seen = np.zeros(400)
    seen[[3, 90, 200, 301]] = 1
    assert passed(np.full(400, 0.01), seen)["s_test_passed"] == 1


def test_strikes_where_none_were_expected_fail():
    assert passed([20, 1e-9], [0, 20])["s_test_passed"] == 0
    assert passed([20, 1e-9], [20, 0])["s_test_passed"] == 1


def test_the_spatial_likelihood_is_poisson_s():
    # Three strikes in a cell of ½ and one in a cell of ¼: 3 ln ½ + ln ¼ − ln 3!.
    share = np.log([0.5, 0.25, 0.25])
    expected = 3 * np.log(0.5) + np.log(0.25) - np.log(6)
    assert _spatial(share, np.array([[0, 1, 0, 0]]))[0] == pytest.approx(expected)
