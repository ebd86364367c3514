"""Where risk is computed, whatever coordinates somebody sends."""

import numpy as np

from scoring.engine.risk.regions import regions_of

EARTH = (-180.0, -90.0, 180.0, 90.0)


def holds(boxes, lon, lat):
    return any(w <= lon < e and s <= lat < n for w, s, e, n in boxes)


def test_strikes_near_each_other_share_a_box_of_whole_degrees_and_others_have_their_own():
    boxes = regions_of(np.array([43.5, 44.5, 36.5]), np.array([33.5, 33.5, 15.5]), EARTH, 6)
    assert boxes == [(36.0, 15.0, 37.0, 16.0), (43.0, 33.0, 45.0, 34.0)]


def test_a_strike_at_a_degree_s_edge_has_both_sides():
    assert regions_of(np.array([44.1]), np.array([33.5]), EARTH, 6) == [(43.0, 33.0, 45.0, 34.0)]


def test_a_few_strikes_with_wrong_coordinates_do_not_make_the_box_a_continent():
    random = np.random.default_rng(2)
    lon = np.concatenate([random.uniform(42, 45, 2000), random.uniform(-170, 170, 60)])
    lat = np.concatenate([random.uniform(32, 35, 2000), random.uniform(-60, 60, 60)])
    boxes = regions_of(lon, lat, EARTH, 6)
    assert holds(boxes, 43.5, 33.5)
    assert sum((e - w) * (n - s) for w, s, e, n in boxes) < 200


def test_boxes_are_cut_to_the_layer_and_none_is_left_off_it():
    layer = (43.4, 33.2, 60.0, 40.0)
    assert regions_of(np.array([43.5]), np.array([33.5]), layer, 6) == [(43.4, 33.2, 44.0, 34.0)]
    assert regions_of(np.array([10.5]), np.array([33.5]), layer, 6) == []
    assert regions_of(np.zeros(0), np.zeros(0), layer, 6) == []


def test_the_ends_of_the_earth_are_no_reason_to_fail():
    assert regions_of(np.array([179.99, 0.0]), np.array([0.0, 89.9]), EARTH, 6) != []
