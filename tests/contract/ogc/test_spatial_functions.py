"""CQL2, Spatial Functions: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.test_basic_spatial_functions_plus import LITERALS

WORLD = ["BBOX(-180,-90,180,90)", "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"]
LINE, POINT = "LINESTRING(7 50, 10 51)", "POINT(7.02 49.92)"
FUNCTIONS = [
    *("intersects", "disjoint", "equals", "touches"),
    *("crosses", "within", "contains", "overlaps"),
]


def found_by(ask, collection, function, literal):
    return ask.filtered(collection, f"S_{function.upper()}(geometry,{literal})")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_conf_spatial_functions_take_each_literal(ask, feed, function):
    literals = [*WORLD, LINE, POINT, "MULTIPOINT(7 50,10 51)", *(one for one, _ in LITERALS)]
    for collection in ask.collections():
        for literal in literals:
            found_by(ask, collection, function, literal)
        ask.refused_filter(collection, f"S_{function.upper()}(geometry,POINT(90 180))")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_conf_spatial_functions_a_box_is_its_polygon(ask, feed, function):
    for collection in ask.collections():
        box, polygon = (found_by(ask, collection, function, literal) for literal in WORLD)
        assert box == polygon


def test_conf_spatial_functions_s_disjoint(ask, feed):
    for collection in ask.collections():
        for literal in WORLD:
            assert found_by(ask, collection, "disjoint", literal) == set()
        for literal in (LINE, POINT, *(one for one, _ in LITERALS)):
            apart = found_by(ask, collection, "disjoint", literal)
            meeting = found_by(ask, collection, "intersects", literal)
            assert not apart & meeting
            assert apart | meeting == ask.filtered(collection, "geometry IS NOT NULL")


def test_conf_spatial_functions_s_contains(ask, feed):
    for collection in ask.collections():
        for literal in (*WORLD, LINE, "MULTIPOINT(7 50,10 51)"):
            inside = found_by(ask, collection, "within", literal)
            assert not inside & found_by(ask, collection, "contains", literal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S_DISJOINT(geometry,BBOX(43,33,44,37))", {"aleppo", "suva"}),
        ("S_DISJOINT(geometry,POINT(37.2 36.2))", {"mosul", "fallujah", "suva"}),
        ("S_EQUALS(geometry,POINT(43.8 33.3))", {"fallujah"}),
        ("S_TOUCHES(geometry,BBOX(37.2,36.2,38,37))", {"aleppo"}),
        ("S_TOUCHES(geometry,LINESTRING(37.2 36.2, 38 37))", {"aleppo"}),
        ("S_WITHIN(geometry,BBOX(43,33,44,37))", {"mosul", "fallujah"}),
        ("S_WITHIN(geometry,MULTIPOINT(43.1 36.3, 1 1))", {"mosul"}),
        ("S_CONTAINS(geometry,POINT(43.1 36.3))", {"mosul"}),
        ("S_OVERLAPS(geometry,MULTIPOINT(43.1 36.3, 1 1))", set()),
        ("S_WITHIN(geometry,BBOX(43,33,44,37)) AND NOT S_EQUALS(geometry,POINT(43.8 33.3))",
         {"mosul"}),
    ],
)  # fmt: skip
def test_conf_spatial_functions_test_data_and_logical(found, text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S_INTERSECTS(geometry,LINESTRING(42 34, 43 34))", {"IQ", "IQ01", "IQ02", "IQ0101"}),
        ("S_CROSSES(geometry,LINESTRING(41 32.5, 43 32.5))", {"IQ", "IQ01", "IQ0101"}),
        ("S_TOUCHES(geometry,POINT(42 35))", {"IQ", "IQ02"}),
        ("S_CONTAINS(geometry,POINT(44 33))", {"IQ", "IQ01", "IQ0102"}),
        ("S_OVERLAPS(geometry,BBOX(44,33,46,33.5))", {"IQ", "IQ01", "IQ0102"}),
        ("S_WITHIN(geometry,BBOX(42,32,45,34))", {"IQ01", "IQ0101", "IQ0102"}),
        ("S_EQUALS(geometry,BBOX(42,34,45,35))", {"IQ02"}),
    ],
)
def test_conf_spatial_functions_test_data_of_outlines(ask, feed, text, expected):
    page = ask.document("collections/admin-units/items")
    codes = {one["id"]: one["properties"]["pcode"] for one in page["features"]}
    assert {codes[id_] for id_ in ask.filtered("admin-units", text)} == expected
