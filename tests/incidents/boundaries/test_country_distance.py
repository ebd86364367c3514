import pytest

from core.geo import distance_m
from incidents.selectors.boundaries import country_distance_m, country_distances_m
from tests.incidents.boundaries.conftest import square, unit

IRAQ = unit("IQ", square(44, 33, 46, 34))


def test_inside_the_outline_the_distance_is_nothing(load):
    load("world", IRAQ)

    assert country_distance_m("IQ", 45, 33.5) == 0


def test_outside_it_is_geodesic_metres_to_the_nearest_border(load):
    load("world", IRAQ)

    east, north = country_distance_m("IQ", 47, 33.5), country_distance_m("IQ", 45, 35)

    # straight east, over the meridian 46° E; the nearest point lies a little off the parallel
    assert east == pytest.approx(distance_m(46, 33.5, 47, 33.5), rel=1e-4)
    assert north == pytest.approx(distance_m(45, 34, 45, 35), rel=1e-4)


def test_there_is_none_where_no_outline_is_in_force(load):
    load("world", IRAQ)
    load("syria", unit("SY", square(36, 33, 42, 37)), country="SY", activate=False)
    load("yemen", unit("YE01", square(44, 13, 45, 14)), country="YE", level=1)

    assert country_distance_m("SY", 38, 35) is None
    assert country_distance_m("YE", 44.5, 13.5) is None


def test_the_countrys_own_outline_replaces_the_worlds(load):
    load("world", IRAQ)
    load("iraq", unit("IQ", square(44, 33, 45, 34)), country="IQ")

    assert country_distance_m("IQ", 45.5, 33.5) == pytest.approx(46_450, rel=0.01)


def test_the_nearest_of_several_outlines_of_a_country_counts(load):
    load("world", IRAQ, unit("X-PART", square(50, 33, 51, 34), country="IQ"))

    assert country_distance_m("IQ", 50.5, 33.5) == 0
    assert country_distance_m("IQ", 49.9, 33.5) == pytest.approx(9_290, rel=0.01)


def test_the_way_across_the_antimeridian_is_the_short_one(load):
    load("world", unit("FJ", square(177, -18, 179.9, -16)))

    assert country_distance_m("FJ", -179.9, -17) == pytest.approx(21_300, rel=0.01)


def test_a_place_just_outside_a_long_straight_border_is_near_it(load):
    load("world", unit("CA", square(-123, 49, -95, 60)))

    # Along the great circle between the corners it would be 100 km.
    assert country_distance_m("CA", -109, 48.99) == pytest.approx(1_112, abs=40)


def test_many_places_get_what_each_gets_alone(load, django_assert_num_queries):
    load("world", IRAQ, unit("FJ", square(177, -18, 179.9, -16)))
    places = [("IQ", 45, 33.5), ("SY", 45, 33.5), ("FJ", 45, 33.5), ("IQ", 40, 30)]

    with django_assert_num_queries(1):
        together = country_distances_m(places)

    assert together == [country_distance_m(*place) for place in places]
    assert country_distances_m([]) == []
