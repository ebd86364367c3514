"""Towns: found by how they are spelt, near what is near them, within the box they are in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geo import bbox_parse, distance_m
from feed.towns import NEAR_M, box_text, towns


@pytest.mark.parametrize(
    ("typed", "arabic"),
    [
        *((name, "الفلوجة") for name in ("Fallujah", "falluja", "Al-Fallujah", "فلوجه", "الفلوجة")),
        ("TIKRIT", "تكريت"),
        (" aleppo ", "حلب"),
    ],
)
def test_a_town_is_found_however_it_is_spelt(typed, arabic):
    at = towns().called(typed)
    assert at is not None
    assert towns().name(at, "ar") == arabic


@pytest.mark.parametrize("typed", ["", " ", "al", "nowhere at all", "%", "\u0640"])
def test_what_is_no_town_is_none(typed):
    assert towns().called(typed) is None


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 60_000))
def test_what_is_said_to_be_near_is(longitude, latitude, uncertainty):
    at = towns().near(longitude, latitude, uncertainty)
    if at is not None:
        there = float(towns().lon[at]), float(towns().lat[at])
        assert distance_m(longitude, latitude, *there) <= uncertainty + NEAR_M + 1


def test_of_towns_within_the_uncertainty_the_largest_is_named():
    assert towns().names[towns().near(44.36, 33.31, 30_000)] == "Baghdad"
    assert towns().near(43.0, 31.0, 1_000) is None


@pytest.mark.parametrize("name", ["Fallujah", "Suva", "Nome"])
def test_the_box_around_a_town_is_one_that_the_feed_takes(name):
    at = towns().called(name)
    if at is not None:
        box = bbox_parse(box_text(at, 15_000))
        assert box.south < towns().lat[at] < box.north
