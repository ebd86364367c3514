import random

from incidents.selectors.boundaries import country_distance_m, units_at, units_at_many
from tests.incidents.boundaries.conftest import square, unit

WORLD = [unit("IQ", square(44, 33, 46, 34)), unit("IR", square(46, 33, 48, 34))]


def pcodes(longitude, latitude):
    return [found.pcode for found in units_at(longitude, latitude)]


def test_the_units_of_a_point_come_coarse_to_fine(load):
    load("iraq", unit("IQ0101", square(44, 33, 44.5, 34)), country="IQ", level=2)
    load("iraq", unit("IQ01", square(44, 33, 45, 34)), country="IQ", level=1)
    load("iraq", unit("IQ", square(44, 33, 46, 34)), country="IQ", level=0)

    assert pcodes(44.2, 33.5) == ["IQ", "IQ01", "IQ0101"]
    assert pcodes(44.7, 33.5) == ["IQ", "IQ01"]
    assert pcodes(45.5, 33.5) == ["IQ"]


def test_a_point_outside_every_unit_has_none(load):
    load("world", *WORLD)

    assert units_at(10, 10) == []


def test_the_countrys_own_release_comes_before_the_worlds(load):
    load("world", *WORLD)
    load("iraq", unit("IQ", square(44, 33, 46.5, 34), name="Own"), country="IQ")

    [found] = units_at(46.2, 33.5)  # the world's outlines say Iran here
    assert (found.pcode, found.names) == ("IQ", {"en": "Own"})


def test_where_its_own_release_lacks_a_level_the_worlds_is_taken(load):
    load("world", *WORLD)
    load("iraq", unit("IQ01", square(44, 33, 45, 34)), country="IQ", level=1)

    assert pcodes(44.5, 33.5) == ["IQ", "IQ01"]


def test_of_units_that_overlap_the_smaller_is_taken(load):
    load(
        "world",
        unit("RU", square(30, 44, 50, 60), country="RU"),
        unit("X-CRIMEA", square(32, 44, 36, 46), country="UA"),
    )

    assert pcodes(34, 45) == ["X-CRIMEA"]
    assert [country_distance_m(country, 34, 45) for country in ("UA", "RU")] == [0, 0]


def test_ground_that_is_no_ones_has_a_unit_but_no_country(load):
    load("world", unit("X-SPRATLY", square(111, 8, 112, 9), country=""))

    assert [(found.pcode, found.country) for found in units_at(111.5, 8.5)] == [("X-SPRATLY", "")]


def test_many_points_get_what_each_gets_alone(load, django_assert_num_queries):
    load("world", *WORLD)
    load("iraq", unit("IQ01", square(44, 33, 45, 34)), country="IQ", level=1)
    draw = random.Random(7)
    points = [(draw.uniform(43, 49), draw.uniform(32, 35)) for _ in range(50)]

    with django_assert_num_queries(2):
        together = units_at_many(points)

    assert together == [units_at(*point) for point in points]
    assert any(len(units) == 2 for units in together)
    assert units_at_many([]) == []


def test_a_hole_is_outside(load):
    shell, hole = square(0, 0, 4, 4)[0], square(1, 1, 2, 2)[0]
    load("world", unit("A", [shell, hole]))

    assert pcodes(1.5, 1.5) == []
    assert pcodes(3, 3) == ["A"]


def test_a_long_straight_border_follows_its_parallel(load):
    load("world", unit("CA", square(-123, 49, -95, 60)))

    # The great circle between the corners would pass 100 km farther north.
    assert pcodes(-109, 49.01) == ["CA"]
    assert pcodes(-109, 48.99) == []
