"""CQL2, Advanced Comparison Operators: each test bears the name of its abstract test."""

import pytest

from tests.contract.ogc.asking import type_of

LISTS = {
    "number": "1, 2, 3",
    "integer": "1, 2, 3",
    "string": "'foo', 'bar'",
    # The abstract test lists texts; its test data, and the requirement, have instants.
    "timestamp": "TIMESTAMP('2022-04-14T14:52:56Z'), TIMESTAMP('2022-04-14T15:52:56Z')",
}


def of_type(ask, *types):
    return [
        (collection, name, type_of(schema))
        for collection in ask.collections()
        for name, schema in ask.queryables(collection).items()
        if type_of(schema) in types
    ]


def test_conf_advanced_comparison_operators_like(ask, feed):
    for collection, name, _type in of_type(ask, "string"):
        some = ask.filtered(collection, f"{name} like '_%'")
        assert not some & ask.filtered(collection, f"{name} like ''")
        every = ask.filtered(collection, f"{name} LIKE '%'")
        assert every == ask.filtered(collection, f"{name} like '%%'")
        assert ask.filtered(collection, f"{name} like '\\%\\_'") == set()


def test_conf_advanced_comparison_operators_between(ask, feed):
    for collection, name, _type in of_type(ask, "number", "integer"):
        ask.filtered(collection, f"{name} BETWEEN 0 AND 100")
        assert ask.filtered(collection, f"{name} between 100.0 and 1.0") == set()


def test_conf_advanced_comparison_operators_in(ask, feed):
    for collection, name, type_ in of_type(ask, *LISTS):
        assert ask.filtered(collection, f"{name} IN ({LISTS[type_]})") <= set(ask.items(collection))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weapon LIKE 'b_r%'", {"mosul", "aleppo"}),
        ("weapon NOT LIKE 'b_r%'", {"fallujah", "suva", "nowhere"}),
        ("weapon LIKE 'air\\_%'", {"fallujah"}),
        ("killed_best between 1 and 5", {"mosul"}),
        ("killed_best not between 1 and 5", {"fallujah", "aleppo"}),
        ("weapon IN ('tank_shell', 'mortar')", {"suva"}),
        ("weapon NOT IN ('tank_shell', 'unclear')", {"mosul", "fallujah", "aleppo"}),
        ("killed_best in (0, 12, 13)", {"fallujah", "aleppo"}),
        ("killed_best not in (0, 12, 13)", {"mosul"}),
        ("time_start in (DATE('2014-06-01'), DATE('2014-05-01'))", {"aleppo", "fallujah"}),
        ("true in (true)", {"mosul", "fallujah", "aleppo", "suva", "nowhere"}),
        ("true not in (false)", {"mosul", "fallujah", "aleppo", "suva", "nowhere"}),
        ("(NOT weapon LIKE 'b%' AND killed_best IN (0)) OR weapon IN ('x')", {"fallujah"}),
    ],
)
def test_conf_advanced_comparison_operators_test_data_and_logical(found, text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("tree", "status"),
    [
        ('{"op": "like", "args": [{"property": "weapon"}, "tank\\\\"]}', 400),
        (
            '{"op": "like", "args": [{"property": "weapon"}, {"op": "casei", "args": ["t\\\\"]}]}',
            400,
        ),
        ('{"op": "like", "args": [{"property": "weapon"}, "tank\\\\\\\\"]}', 200),
    ],
)
def test_a_pattern_that_ends_half_escaped_is_refused(ask, incidents, tree, status):
    given = {"filter": tree, "filter-lang": "cql2-json"}
    assert ask.answer("collections/incidents/items", given).status_code == status
