"""A finer place that a lead monitor chose never cuts the usual one smaller."""

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geo import distance_m
from feed.blur import Recorded, public_places

STICKS_OUT = (43.81316, 33.336561)  # its cell of resolution 8 is no child of that of 7


def place(lon, lat, resolution, uncertainty_m=0.0):
    record = Recorded(lon, lat, uncertainty_m, resolution=resolution)
    return public_places([record], lambda polygons: [1e6 for _ in polygons])[0]


@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_it_lies_within_the_usual_cell(resolution):
    finer = place(*STICKS_OUT, resolution).area.code
    usual = place(*STICKS_OUT, None).area.code
    assert h3.cell_to_parent(finer, 7) == usual


@given(st.floats(35, 50), st.floats(28, 38), st.integers(8, 10))
def test_the_strike_is_within_the_published_uncertainty(lon, lat, resolution):
    finer = place(lon, lat, resolution)
    assert distance_m(lon, lat, finer.longitude, finer.latitude) <= finer.uncertainty_m


def test_the_uncertainty_does_not_give_the_precision_away():
    told = {place(43.79, 33.35, None, own).uncertainty_m for own in (0, 50, 100, 250)}
    assert len(told) == 1
