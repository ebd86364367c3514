"""Filters that are none: refused with a reason, never a fault, never ignored."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from feed.cql2 import Language, filter_compile, filter_read
from feed.cql2.queryables import queryables_of
from feed.models import Kind
from tests.feed.making import ITEMS

REFUSED = [
    "",
    "grade",
    "'fair'",
    "5",
    "grade =",
    "grade = 5",
    "killed_best = 'five'",
    "killed_best = 1e400",
    "title = 'x'",
    "object_id = 'x'",
    "feature LIKE '%secret%'",
    "e.feature = 'x'",
    'e.seq" = 1',
    "grade = 'fair'; DROP TABLE feed_logentry",
    "grade = 'a\x00b'",
    "killed_best + 1 > 3",
    "pg_sleep(10) = 1",
    "S_INTERSECTS(geometry, grade)",
    "S_INTERSECTS(geometry, POINT(200 0))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
    "S_INTERSECTS(geometry, BBOX(10, 10, 0, 0))",
    "T_AFTER(datetime, 'yesterday')",
    "T_AFTER(datetime, DATE('2014-13-01'))",
    "T_DURING(datetime, INTERVAL('2014-06-02', '2014-06-01'))",
    "A_CONTAINS(targets, (1, 2))",
    "A_CONTAINS(grade, ('a'))",
    "CASEI(killed_best) = 1",
    "grade BETWEEN 'a' AND 'b'",
    "geometry = 'x'",
    "(" * 5_000 + "grade = 'fair'" + ")" * 5_000,
    "(" * 33 + "grade = 'fair'" + ")" * 33,
    "NOT " * 50 + "grade = 'fair'",
    " AND ".join(["grade = 'fair'"] * 400),
    "grade IN (" + ", ".join(["'x'"] * 900) + ")",
    "grade = '" + "x" * 9_000 + "'",
]


@pytest.mark.parametrize("text", REFUSED)
def test_text_is_refused(public, db, text):
    answer = public.get(ITEMS, {"filter": text})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "filter"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "NaN",
        '"grade"',
        '{"op": "="}',
        '{"op": "=", "args": []}',
        '{"op": "=", "args": [{"property": ["grade"]}, "x"]}',
        '{"op": ["="], "args": [1, 1]}',
        '{"op": ">", "args": [{"property": "killed_best"}, Infinity]}',
        '{"op": ">", "args": [{"property": "killed_best"}, true]}',
        '{"op": "in", "args": [{"property": "grade"}, []]}',
        '{"op": "in", "args": [{"property": "grade"}, {}]}',
        '{"op": "and", "args": [true]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"coordinates": "x"}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": "x"}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"},'
        ' {"type": "Point", "coordinates": [1e999, 0]}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"},'
        ' {"type": "Polygon", "coordinates": []}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"},'
        ' {"type": "GeometryCollection", "coordinates": []}]}',
        '{"op": "t_after", "args": [{"property": "datetime"}, {"interval": "x"}]}',
        '{"op": "t_after", "args": [{"property": "datetime"}, {"date": 5}]}',
        '{"op": "=", "args": [{"property": "grade"}, "\\ud800"]}',
        '{"op":"not","args":[' * 3_000 + "true" + "]}" * 3_000,
    ],
)
def test_json_is_refused(public, db, text):
    answer = public.get(ITEMS, {"filter": text, "filter-lang": "cql2-json"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "filter"


@pytest.mark.parametrize(("name", "value"), [("filter-lang", "cql"), ("filter-crs", "EPSG:3857")])
def test_another_language_or_reference_system_is_refused(public, db, name, value):
    answer = public.get(ITEMS, {"filter": "true", name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name


def test_context_events_have_no_weapon_to_filter_on(public, db):
    answer = public.get("/ogc/collections/context-events/items", {"filter": "weapon = 'ied'"})
    assert answer.status_code == 400


def compiled(text, language):
    try:
        return filter_compile(filter_read(text, language), queryables_of(Kind.INCIDENT))
    except InvalidInput:
        return None


WORDS = st.sampled_from(
    ["grade", "killed_best", "datetime", "geometry", "=", "<>", "(", ")", "'x'", "5", "AND", "NOT",
     "S_INTERSECTS", "POINT(1 2)", ",", "IN", "LIKE", "BETWEEN", "DATE('2014-05-11')", "IS NULL",
     "CASEI", "%", "T_AFTER", "A_CONTAINS", "-", "true", '"', "\\", "'", ";", "--"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_filter_or_refused(text):
    compiled(text, Language.TEXT)


TREES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just({"property": "grade"}),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {
                "op": st.sampled_from(["=", "and", "in", "like", "s_within", "t_after", "casei"]),
                "args": st.lists(inner, max_size=3),
            }
        )
        | st.dictionaries(
            st.sampled_from(["interval", "date", "bbox", "coordinates", "type"]), inner, max_size=2
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES)
def test_any_tree_is_a_filter_or_refused(tree):
    result = compiled(json.dumps(tree), Language.JSON)
    if result:
        assert all(f"%({name})s" in result.sql for name in result.parameters)
