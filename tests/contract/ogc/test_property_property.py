"""CQL2, Property-Property Comparisons: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.asking import VALUES
from tests.contract.ogc.test_advanced_comparison_operators import of_type
from tests.contract.ogc.test_basic_spatial_functions_plus import LITERALS

SIGNS = ("=", "<>", ">", "<", ">=", "<=")
ALL = {"mosul", "fallujah", "aleppo", "suva", "nowhere"}


def test_conf_property_property_comparison_value_property(ask, feed):
    for collection, name, type_ in of_type(ask, *VALUES):
        value = VALUES[type_]
        by_sign = {sign: ask.filtered(collection, f"{value} {sign} {name}") for sign in SIGNS}
        for one, other in (("=", "<>"), (">", "<="), ("<", ">=")):
            assert not by_sign[one] & by_sign[other], (name, one)


def test_conf_property_property_comparison_property_property(ask, feed):
    for collection, name, _type in of_type(ask, *VALUES):
        known = ask.filtered(collection, f"{name} IS NOT NULL")
        for sign in SIGNS:
            expected = known if "=" in sign else set()
            assert ask.filtered(collection, f"{name} {sign} {name}") == expected, (name, sign)


@pytest.mark.parametrize("value", [*VALUES.values(), "DATE('2022-04-14')"])
def test_conf_property_property_comparison_value_value(found, value):
    for sign in SIGNS:
        assert found(f"{value} {sign} {value}") == (ALL if "=" in sign else set()), sign


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'barrel_bomb' = weapon", {"mosul", "aleppo"}),
        ("5 < killed_best", {"aleppo"}),
        ("killed_min = killed_best", {"fallujah", "aleppo"}),
        ("killed_min < killed_max", {"mosul"}),
        ("weapon <> country", ALL),
        ("time_start < time_end", ALL),
        ("'København' LIKE 'K_benhavn'", ALL),
        ("'København' NOT LIKE 'K_benhavn'", set()),
        ("killed_best between killed_min and killed_max", {"mosul", "fallujah", "aleppo"}),
        ("killed_max not between killed_min and killed_best", {"mosul"}),
        ("S_INTERSECTS(BBOX(43,33,44,37),geometry)", {"mosul", "fallujah"}),
        ("S_INTERSECTS(BBOX(150,-90,-150,90),geometry)", {"suva"}),
        ("S_CONTAINS(BBOX(43,33,44,37),geometry)", {"mosul", "fallujah"}),
        ("S_EQUALS(geometry,geometry)", {"mosul", "fallujah", "aleppo", "suva"}),
        ("t_after(date('2014-06-05'),datetime)", {"fallujah", "aleppo"}),
        ("t_during(date('2014-05-11'),interval(time_start,time_end))", {"fallujah"}),
        ("t_meets(time_start,datetime)", ALL),
        ("A_CONTAINS(('medical','market'),targets)", ALL),
        ("A_EQUALS(targets,pcodes)", {"aleppo", "suva", "nowhere"}),
        ("NOT killed_min = killed_best OR 5 < killed_best", {"mosul", "aleppo"}),
    ],
)
def test_conf_property_property_test_data_and_logical(found, text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("literal", [literal for literal, _expected in LITERALS])
def test_conf_property_property_spatial_both_ways(found, literal):
    assert found(f"S_INTERSECTS({literal},geometry)") == found(f"S_INTERSECTS(geometry,{literal})")
