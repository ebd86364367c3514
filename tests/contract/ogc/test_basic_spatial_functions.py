"""CQL2, Basic Spatial Functions: each test bears the name of its abstract test."""

import pytest


def test_conf_basic_spatial_functions_s_intersects(ask, feed):
    for collection in ask.collections():
        placed = ask.filtered(collection, "geometry IS NOT NULL")
        world = "S_INTERSECTS(geometry,BBOX(-180,-90,180,90))"
        assert ask.filtered(collection, world) == placed
        ask.filtered(collection, "S_INTERSECTS(geometry,POINT(7.02 49.92))")
        ask.refused_filter(collection, "S_INTERSECTS(geometry,POINT(90 180))")
        west, east = "BBOX(-180,-90,-90,90)", "BBOX(90,-90,180,90)"
        both = f"S_INTERSECTS(geometry,{west}) AND S_INTERSECTS(geometry,{east})"
        assert ask.filtered(collection, both) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S_INTERSECTS(geometry,BBOX(43,33,44,37))", {"mosul", "fallujah"}),
        ("S_INTERSECTS(geometry,BBOX(43,33,-9,44,37,9))", {"mosul", "fallujah"}),
        ("S_INTERSECTS(geometry,BBOX(150,-90,-150,90))", {"suva"}),
        ("S_INTERSECTS(geometry,BBOX(43.1,36.3,43.1,36.3))", {"mosul"}),
        ("S_INTERSECTS(geometry,POINT(37.2 36.2))", {"aleppo"}),
        (
            "S_INTERSECTS(geometry,BBOX(30,30,50,40)) AND S_INTERSECTS(geometry,BBOX(40,30,50,34))",
            {"fallujah"},
        ),
        (
            "S_INTERSECTS(geometry,BBOX(30,30,50,40)) AND NOT"
            " S_INTERSECTS(geometry,BBOX(40,30,50,34))",
            {"mosul", "aleppo"},
        ),
        (
            "S_INTERSECTS(geometry,BBOX(40,30,50,34)) OR S_INTERSECTS(geometry,BBOX(30,30,40,40))",
            {"fallujah", "aleppo"},
        ),
    ],
)
def test_conf_basic_spatial_functions_test_data_and_logical(found, text, expected):
    assert found(text) == expected
