"""CQL2, Basic Spatial Functions with additional Spatial Literals."""

import pytest

LITERALS = [
    ("MULTIPOINT(37.2 36.2, 43.8 33.3)", {"aleppo", "fallujah"}),
    ("LINESTRING(37.2 36, 37.2 37)", {"aleppo"}),
    ("MULTILINESTRING((37.2 36, 37.2 37), (43.8 33, 43.8 34))", {"aleppo", "fallujah"}),
    ("POLYGON((43 36, 44 36, 44 37, 43 37, 43 36))", {"mosul"}),
    (
        "POLYGON((43 33, 44 33, 44 37, 43 37, 43 33),"
        " (43.5 33.2, 43.9 33.2, 43.9 33.4, 43.5 33.4, 43.5 33.2))",
        {"mosul"},
    ),
    ("MULTIPOLYGON(((43 36, 44 36, 44 37, 43 36)), ((37 36, 38 36, 38 37, 37 36)))", {"aleppo"}),
    (
        "GEOMETRYCOLLECTION(POINT(37.2 36.2), POLYGON((43 36, 44 36, 44 37, 43 37, 43 36)))",
        {"aleppo", "mosul"},
    ),
]


@pytest.mark.parametrize(("literal", "expected"), LITERALS)
def test_conf_basic_spatial_functions_plus_test_data(found, literal, expected):
    assert found(f"S_INTERSECTS(geometry,{literal})") == expected
    assert found(f"NOT S_INTERSECTS(geometry,{literal}) AND country = 'IQ'") == (
        {"mosul", "fallujah"} - expected
    )


def test_conf_basic_spatial_functions_plus_s_intersects(ask, feed):
    for collection in ask.collections():
        ask.refused_filter(collection, "S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 90 180))")
        for literal, _expected in LITERALS:
            ask.filtered(collection, f"S_INTERSECTS(geometry,{literal})")
