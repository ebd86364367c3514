"""Every property has its words."""

import pytest

from feed.exposure_schema import EXPOSURE_PROPERTIES
from feed.feature_schema import FEATURE_PROPERTIES
from feed.pages.words import TITLES, units_words, value_shown
from feed.risk_schema import RISK_FIGURE, RISK_PROPERTIES
from feed.unit_schema import UNIT_PROPERTIES


def names_of(properties):
    for name, schema in properties.items():
        yield name
        yield from names_of(schema.get("items", {}).get("properties", {}))


def test_every_property_has_a_title_and_every_title_a_property():
    every = (FEATURE_PROPERTIES, EXPOSURE_PROPERTIES, RISK_PROPERTIES, RISK_FIGURE, UNIT_PROPERTIES)
    named = {name for properties in every for name in names_of(properties)}
    assert named - TITLES.keys() == set()
    asked_for = {"datetime", "geometry", "pcodes"}  # of the filters alone
    assert TITLES.keys() - named == asked_for


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("weapon", "barrel_bomb", "barrel bomb"),
        ("weapon", "something new", "something new"),
        ("unscored_reason", "no_place", "no coordinates are known"),
        ("targets", ["school", "market"], "school, market"),
        ("killed_best", 12_000, "12,000"),
        ("killed_best", 0, "0"),
        ("exposure_1km", 8_800.0, "8,800"),
        ("probability", 0.034, "0.034"),
        ("layer_year", 2020, "2020"),
        ("is_demonstration", False, "no"),
        ("killed_best", None, ""),
        ("country", "", ""),
        ("names", {"ar": "العراق", "en": "Iraq"}, "Iraq"),
        ("names", {"ar": "العراق"}, "العراق"),
    ],
)
def test_a_value_is_said_plainly(name, value, text):
    assert value_shown(name, value).text == text


def test_rows_become_a_table():
    shown = value_shown("casualties", [{"outcome": "killed", "best": 5}, {"outcome": "injured"}])
    assert shown.columns == ["Harm", "Best figure"]
    assert [[cell.text for cell in row] for row in shown.rows] == [["killed", "5"], ["injured", ""]]


def test_units_are_named_from_the_smallest():
    units = [
        {"level": 1, "pcode": "A", "names": {"en": "Province"}},
        {"level": 2, "pcode": "A1", "names": {}},
    ]
    assert units_words(units) == "A1, Province"
