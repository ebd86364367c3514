"""Part 3, Queryables as Query Parameters."""

from tests.contract.ogc.asking import type_of

SIMPLE = {"string", "number", "integer", "boolean", "timestamp"}
GIVEN = {"number": "3.14", "integer": "1", "timestamp": "2014-06-10"}


def test_conf_queryables_query_parameters_parameters(ask, feed):
    """Each simple queryable is a parameter, also by its description, and chooses."""
    for collection in ask.collections():
        whole = ask.items(collection)
        for name, schema in ask.queryables(collection).items():
            if type_of(schema) in SIMPLE:
                given = schema.get("enum", [GIVEN.get(type_of(schema), "IQ")])[0]
                assert set(ask.items(collection, **{name: given})) <= set(whole), name


def test_what_matches_is_what_the_filter_finds(ask, feed):
    for collection, name, text in (
        ("incidents", "weapon", "barrel_bomb"),
        ("context-events", "grade", "fair"),
        ("admin-units", "pcode", "IQ01"),
    ):
        chosen = ask.items(collection, **{name: text})
        assert chosen
        assert set(chosen) == ask.filtered(collection, f"{name} = '{text}'")
    assert set(ask.items("admin-units", level=1)) == ask.filtered("admin-units", "level = 1")
    assert ask.items("risk-cells", time_start="2014-07-01") == ask.items("risk-cells")


def test_a_value_of_another_type_is_refused(ask, feed):
    ask.refused("collections/incidents/items", {"killed_min": "many"}, "killed_min")
    ask.refused("collections/risk-cells/items", {"time_start": "x"})
    ask.refused("collections/admin-units/items", {"level": "x"}, "level")
