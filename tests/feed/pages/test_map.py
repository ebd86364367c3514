"""The map: true in size at its middle, with everything on it, across the antimeridian too."""

import math

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.geo import BBox, distance_m
from feed.pages.drawing import WIDTH, Telling, map_draw
from feed.pages.land import land_rings
from feed.pages.naming import _box

TELLING = Telling(
    url_of=lambda feature: f"/{feature['id']}",
    label_of=lambda feature: f"label of {feature['id']}",
    several_url=lambda box: "?bbox=" + ",".join(map(str, box)),
)


def point(id_, longitude, latitude, metres=5_000):
    return {
        "id": id_,
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {"uncertainty_m": metres},
    }


def drawn(*features, bbox=None):
    return map_draw(features, TELLING, bbox)


@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-85, 85), st.floats(0, 80_000)), max_size=6)
)
def test_every_place_lies_on_the_map(places):
    features = [point(number, *place) for number, place in enumerate(places)]
    made = drawn(*features)
    assert sum(mark.count for mark in made.marks) == len(places)
    for mark in made.marks:
        if all(-55 < place[1] < 80 for place in places):
            assert -1 <= mark.x <= WIDTH + 1
            assert -1 <= mark.y <= made.height + 1
    assert 0 < made.scale_px <= 200.1


def test_distances_are_true_at_the_middle():
    made = drawn(point("a", 43.0, 33.3), point("b", 44.0, 33.3))
    one, other = made.marks
    metres = math.hypot(one.x - other.x, one.y - other.y) / made.scale_px * made.scale_m
    assert metres == pytest.approx(distance_m(43.0, 33.3, 44.0, 33.3), rel=0.01)
    assert one.rx / made.scale_px * made.scale_m == pytest.approx(5_000, rel=0.05)


def test_strikes_of_one_place_are_one_mark():
    (mark,) = drawn(point("a", 43.0, 33.3), point("b", 43.0, 33.3)).marks
    assert (mark.count, mark.url) == (2, "?bbox=43.0,33.3,43.0,33.3")
    assert mark.label == "label of a\nlabel of b"


def test_none_is_hidden_by_a_wider_one():
    small, wide = point("small", 43.0, 33.3, 1_000), point("wide", 43.3, 33.3, 60_000)
    assert [mark.url for mark in drawn(small, wide).marks] == ["/wide", "/small"]


def test_a_box_across_the_antimeridian_is_one_map():
    bbox = BBox(170.0, -20.0, -170.0, -10.0)
    made = drawn(point("fiji", 178.0, -17.8), point("samoa", -172.0, -13.6), bbox=bbox)
    fiji, samoa = sorted(made.marks, key=lambda mark: mark.x)
    assert (fiji.url, samoa.url) == ("/fiji", "/samoa")
    assert 0 < fiji.x < samoa.x < WIDTH
    assert made.land  # Fiji lies on both sides


def test_an_area_is_drawn_by_its_outline():
    ring = [[43.0, 33.0], [44.0, 33.0], [44.0, 34.0], [43.0, 34.0], [43.0, 33.0]]
    area = {
        "id": "cell",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {},
    }
    (mark,) = drawn(area).marks
    assert mark.path.startswith("M")
    assert mark.path.count("L") == 4


def test_what_has_no_place_is_on_no_map():
    nowhere = {"id": "a", "geometry": None, "properties": {}}
    assert drawn(nowhere).marks == []


@pytest.mark.parametrize("step", [0.01, 0.3])
def test_land_stays_within_what_is_looked_at(step):
    for ring in land_rings((40.0, 30.0, 50.0, 38.0), step):
        assert ring[:, 0].min() >= 40.0
        assert ring[:, 0].max() <= 50.0
        assert ring[:, 1].min() >= 30.0
        assert ring[:, 1].max() <= 38.0


def test_a_lone_place_is_shown_with_so_much_around_that_it_is_recognised():
    made = drawn(point("a", 43.8, 33.3, 1_900))
    assert made.height / made.scale_px * made.scale_m > 250_000


@given(st.lists(st.tuples(st.floats(36, 48), st.floats(30, 37)), min_size=1, max_size=8))
def test_no_name_of_a_town_lies_over_another(places):
    features = [point(number, *place, metres=0) for number, place in enumerate(places)]
    made = drawn(*features)
    boxes = [_box(label.side, label.name, label.x, label.y, 11) for label in made.labels]
    for number, box in enumerate(boxes):
        assert not box.meets_any(boxes[number + 1 :])
    assert sum(label.on_phones for label in made.labels) <= 4


@pytest.mark.parametrize(("language", "name"), [("en", "Baghdad"), ("ar", "بغداد")])
def test_towns_are_named_in_the_readers_language(language, name):
    with translation.override(language):
        made = drawn(point("a", 44.4, 33.3))
    assert name in {label.name for label in made.labels}


def test_a_capital_is_named_before_its_suburbs():
    named = [label.name for label in drawn(point("a", 43.77, 33.34)).labels]
    assert named[0] == "Baghdad"
    assert "Al Fallūjah" in named[:4]  # it tells where the mark is


def test_what_lies_too_close_to_tell_apart_is_one_number():
    near = [point("a", 43.0, 33.3), point("b", 43.01, 33.3), point("c", 44.5, 33.3)]
    made = drawn(*near)
    assert [(mark.shown, mark.count) for mark in made.marks] == [(2, 1), (0, 1), (1, 1)]
    assert made.marks[0].url == "?bbox=43.0,33.3,43.01,33.3"
    assert made.marks[1].url == "/b"
