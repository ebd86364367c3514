"""CQL2, Array Functions: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.test_advanced_comparison_operators import of_type

FUNCTIONS = ("A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS")


def test_conf_array_functions_array_predicates(ask, feed):
    """The abstract test has double quotes, which are of names; texts have single ones."""
    for collection, name, _type in of_type(ask, "array"):
        for function in FUNCTIONS:
            ask.filtered(collection, f"{function}({name},('foo','bar'))")
            ask.refused_filter(collection, f'{function}({name},("foo","bar"))')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A_CONTAINS(targets,('medical','market'))", {"mosul"}),
        ("A_CONTAINS(targets,('medical'))", {"mosul", "fallujah"}),
        ("A_CONTAINEDBY(targets,('medical','x'))", {"fallujah", "aleppo", "suva", "nowhere"}),
        ("A_EQUALS(targets,('medical','market'))", {"mosul"}),
        ("A_OVERLAPS(pcodes,('IQ0101','IQ15'))", {"mosul", "fallujah"}),
        ("A_CONTAINS(pcodes,('IQ01')) AND NOT A_CONTAINS(targets,('market'))", {"fallujah"}),
    ],
)
def test_conf_array_functions_test_data_and_logical(found, text, expected):
    assert found(text) == expected
