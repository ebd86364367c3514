"""CQL2, Case-insensitive Comparison: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.test_advanced_comparison_operators import of_type

ALL = {"mosul", "fallujah", "aleppo", "suva", "nowhere"}


def test_conf_case_insensitive_comparison_casei(ask, feed):
    for collection, name, _type in of_type(ask, "string"):
        same = ask.filtered(collection, f"CASEI({name}) = casei('foo')")
        assert not same & ask.filtered(collection, f"CASEI({name}) <> casei('FOO')")


def test_conf_case_insensitive_comparison_casei_like(ask, feed):
    for collection, name, _type in of_type(ask, "string"):
        small = ask.filtered(collection, f"CASEI({name}) LIKE casei('i%')")
        assert small == ask.filtered(collection, f"CASEI({name}) LIKE casei('I%')")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CASEI(country) = casei('iq')", {"mosul", "fallujah"}),
        ("CASEI(country) = casei('Iq')", {"mosul", "fallujah"}),
        ("CASEI('København') = casei('KØBENHAVN')", ALL),
        ("CASEI('København') = casei('kobenhavn')", set()),
        ("CASEI(weapon) LIKE casei('B_R%')", {"mosul", "aleppo"}),
        ("CASEI(weapon) IN (casei('TANK_shell'), casei('foo'))", {"suva"}),
        ("NOT CASEI(weapon) LIKE casei('B%') AND CASEI(country) = casei('iq')", {"fallujah"}),
    ],
)
def test_conf_case_insensitive_comparison_test_data_and_logical(found, text, expected):
    assert found(text) == expected
