"""CQL2 JSON: the predicates are tried as JSON in the files of their classes."""

import json

import pytest


def test_conf_cql2_json_validate(ask, db):
    declared = ask.document("conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json" in declared


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        ({"op": "=", "args": [{"property": "grade"}, "fair"]}, {"fallujah"}),
        (
            {
                "op": "and",
                "args": [
                    {"op": ">=", "args": [{"property": "killed_best"}, 5]},
                    {"op": "not", "args": [{"op": "isNull", "args": [{"property": "pcodes"}]}]},
                    {"op": "in", "args": [{"property": "country"}, ["IQ", "SY"]]},
                ],
            },
            {"mosul", "aleppo"},
        ),
        (
            {
                "op": "t_during",
                "args": [{"property": "datetime"}, {"interval": ["2014-05-30", ".."]}],
            },
            {"mosul", "aleppo", "suva", "nowhere"},
        ),
        (
            {
                "op": "s_intersects",
                "args": [{"property": "geometry"}, {"bbox": [150, -90, -150, 90]}],
            },
            {"suva"},
        ),
        (
            {
                "op": "s_within",
                "args": [
                    {"property": "geometry"},
                    {"type": "Polygon",
                     "coordinates": [[[37, 36], [38, 36], [38, 37], [37, 37], [37, 36]]]},
                ],
            },
            {"aleppo"},
        ),
        (True, {"mosul", "fallujah", "aleppo", "suva", "nowhere"}),
    ],
)  # fmt: skip
def test_conf_cql2_json_test_data(ask, incidents, tree, names):
    given = {"filter": json.dumps(tree), "filter-lang": "cql2-json"}
    assert {incidents[id_] for id_ in ask.items("incidents", **given)} == names
