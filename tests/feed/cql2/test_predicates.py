"""Each predicate of CQL2 that is offered, over four incidents."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from feed.sealing import seal
from tests.feed.making import ITEMS, entry


def at(*numbers):
    return datetime(*numbers, tzinfo=UTC)


@pytest.fixture
def four(db):
    day = timedelta(days=1) - timedelta(microseconds=1)
    rows = {
        "mosul": entry(
            43.1, 36.3, start=at(2014, 6, 10), end=at(2014, 6, 10) + day, grade="confirmed",
            weapon="barrel_bomb", country="IQ", killed_min=3, killed_best=5, killed_max=9,
            targets=["market", "hospital"], pcodes=["IQ15"], uncertainty_m=1000,
        ),
        "fallujah": entry(
            43.8, 33.3, start=at(2014, 5, 1), end=at(2014, 5, 31) + day, grade="fair",
            weapon="air_strike", country="IQ", killed_min=0, killed_best=0, targets=["hospital"],
            pcodes=["IQ01", "IQ0101"],
        ),
        "aleppo": entry(
            37.2, 36.2, start=at(2014, 6, 1), end=at(2014, 6, 1) + day, grade="weak",
            weapon="barrel_bomb", country="SY", killed_min=12, killed_best=12, killed_max=12,
        ),
        "nowhere": entry(None, start=at(2015, 1, 1), end=at(2015, 1, 1) + day, grade="weak"),
    }  # fmt: skip
    seal()
    return {str(row.object_id): name for name, row in rows.items()}


def found(client, names, text, **more):
    answer = client.get(ITEMS, {"filter": text, **more})
    assert answer.status_code == 200, (text, answer.content)
    return {names[feature["id"]] for feature in answer.json()["features"]}


ALL = {"mosul", "fallujah", "aleppo", "nowhere"}
CASES = [
    ("grade = 'fair'", {"fallujah"}),
    ("grade <> 'weak'", {"mosul", "fallujah"}),
    ("'fair' = grade", {"fallujah"}),
    ("killed_best > 5", {"aleppo"}),
    ("killed_best >= 5 AND country = 'IQ'", {"mosul"}),
    ("killed_best < 5 OR country = 'SY'", {"fallujah", "aleppo"}),
    ("killed_best <= 5", {"mosul", "fallujah"}),
    ("NOT (country = 'IQ')", {"aleppo", "nowhere"}),
    ("NOT killed_best = 0", {"mosul", "aleppo"}),
    ("killed_best IS NULL", {"nowhere"}),
    ("killed_max IS NOT NULL", {"mosul", "aleppo"}),
    ("geometry IS NULL", {"nowhere"}),
    ("killed_best BETWEEN 1 AND 5", {"mosul"}),
    ("killed_best NOT BETWEEN 1 AND 5", {"fallujah", "aleppo"}),
    ("grade IN ('fair', 'weak')", {"fallujah", "aleppo", "nowhere"}),
    ("grade NOT IN ('fair', 'weak')", {"mosul"}),
    ("killed_best IN (0, 12)", {"fallujah", "aleppo"}),
    ("weapon LIKE 'barrel%'", {"mosul", "aleppo"}),
    ("weapon LIKE '_ir_strike'", {"fallujah"}),
    ("weapon NOT LIKE 'barrel%'", {"fallujah", "nowhere"}),
    ("CASEI(country) = CASEI('iq')", {"mosul", "fallujah"}),
    ("CASEI(country) LIKE CASEI('I%')", {"mosul", "fallujah"}),
    ("CASEI(country) IN (CASEI('Sy'))", {"aleppo"}),
    ("killed_min = killed_best", {"fallujah", "aleppo"}),
    ("killed_max > killed_best", {"mosul"}),
    ("true", ALL),
    ("false", set()),
    ("true AND grade = 'fair'", {"fallujah"}),
    ("time_start = DATE('2014-06-01')", {"aleppo"}),
    ("time_start >= TIMESTAMP('2014-06-01T00:00:00Z')", {"mosul", "aleppo", "nowhere"}),
    ("time_start < TIMESTAMP('2014-06-01T02:00:00+03:00')", {"fallujah"}),
    ("T_INTERSECTS(datetime, DATE('2014-05-11'))", {"fallujah"}),
    ("T_INTERSECTS(datetime, INTERVAL('2014-05-31', '2014-06-01'))", {"fallujah", "aleppo"}),
    ("T_INTERSECTS(datetime, INTERVAL('2014-06-10', '..'))", {"mosul", "nowhere"}),
    ("T_AFTER(datetime, DATE('2014-06-05'))", {"mosul", "nowhere"}),
    ("T_BEFORE(datetime, TIMESTAMP('2014-06-01T00:00:00Z'))", {"fallujah"}),
    ("T_BEFORE(time_end, DATE('2014-06-02'))", {"fallujah", "aleppo"}),
    ("T_CONTAINS(datetime, DATE('2014-05-11'))", {"fallujah"}),
    ("T_DURING(datetime, INTERVAL('2014-05-30', '2014-06-12'))", {"mosul", "aleppo"}),
    ("T_EQUALS(datetime, DATE('2014-06-10'))", {"mosul"}),
    ("T_STARTS(datetime, INTERVAL('2014-06-01', '2014-06-30'))", {"aleppo"}),
    ("T_STARTEDBY(datetime, DATE('2014-05-01'))", {"fallujah"}),
    ("T_FINISHES(datetime, INTERVAL('2014-05-01', '2014-06-10'))", {"mosul"}),
    ("T_FINISHEDBY(datetime, DATE('2014-05-31'))", {"fallujah"}),
    ("T_OVERLAPS(datetime, INTERVAL('2014-05-20', '2014-06-20'))", {"fallujah"}),
    ("T_OVERLAPPEDBY(datetime, INTERVAL('2014-04-20', '2014-05-20'))", {"fallujah"}),
    ("T_MEETS(datetime, TIMESTAMP('2014-06-10T23:59:59.999999Z'))", {"mosul"}),
    ("T_METBY(datetime, TIMESTAMP('2014-06-01T00:00:00Z'))", {"aleppo"}),
    ("T_DISJOINT(datetime, INTERVAL('2014-05-15', '2014-12-31'))", {"nowhere"}),
    ("S_INTERSECTS(geometry, BBOX(43, 33, 44, 37))", {"mosul", "fallujah"}),
    ("S_INTERSECTS(geometry, POINT(37.2 36.2))", {"aleppo"}),
    ("S_INTERSECTS(geometry, POLYGON((43 36, 44 36, 44 37, 43 37, 43 36)))", {"mosul"}),
    (
        "S_INTERSECTS(geometry,"
        " MULTIPOLYGON(((43 36,44 36,44 37,43 36)),((37 36,38 36,38 37,37 36))))",
        {"aleppo"},
    ),
    ("S_INTERSECTS(geometry, LINESTRING(37.2 36, 37.2 37))", {"aleppo"}),
    ("S_INTERSECTS(geometry, MULTIPOINT(37.2 36.2, 43.8 33.3))", {"aleppo", "fallujah"}),
    ("S_DISJOINT(geometry, BBOX(43, 33, 44, 37))", {"aleppo"}),
    ("S_WITHIN(geometry, BBOX(43, 33, 44, 37))", {"mosul", "fallujah"}),
    ("S_CONTAINS(BBOX(43, 33, 44, 37), geometry)", {"mosul", "fallujah"}),
    ("S_EQUALS(geometry, POINT(43.8 33.3))", {"fallujah"}),
    ("S_TOUCHES(geometry, BBOX(37.2, 36.2, 38, 37))", {"aleppo"}),
    ("S_OVERLAPS(geometry, BBOX(43, 33, 44, 37))", set()),
    ("S_CROSSES(geometry, LINESTRING(37 36, 38 37))", set()),
    ("A_CONTAINS(targets, ('hospital', 'market'))", {"mosul"}),
    ("A_CONTAINEDBY(targets, ('hospital'))", {"fallujah", "aleppo", "nowhere"}),
    ("A_EQUALS(targets, ('market', 'hospital'))", {"mosul"}),
    ("A_OVERLAPS(targets, ('market', 'school'))", {"mosul"}),
    ("A_CONTAINS(pcodes, ('IQ01'))", {"fallujah"}),
    ("grade = 'it''s'", set()),
    ("grade = '%(filter_0)s'", set()),
    ("weapon LIKE '%s%%'", {"fallujah"}),
    ("((((((((grade = 'fair'))))))))", {"fallujah"}),
]


@pytest.mark.parametrize(("text", "names"), CASES)
def test_it_finds(public, four, text, names):
    assert found(public, four, text) == names


@pytest.mark.parametrize("text", [case[0] for case in CASES])
def test_with_a_box_and_an_interval_no_more_is_found(public, four, text):
    whole = found(public, four, text)
    box = found(public, four, text, bbox="43,33,44,37", datetime="2014-01-01/2014-12-31")
    assert box == whole & {"mosul", "fallujah"}


JSON_CASES = [
    ({"op": "=", "args": [{"property": "grade"}, "fair"]}, {"fallujah"}),
    (
        {
            "op": "and",
            "args": [
                {"op": ">", "args": [{"property": "killed_best"}, 1]},
                {"op": "in", "args": [{"property": "country"}, ["IQ"]]},
            ],
        },
        {"mosul"},
    ),
    (
        {
            "op": "s_intersects",
            "args": [
                {"property": "geometry"},
                {
                    "type": "Polygon",
                    "coordinates": [[[37, 36], [38, 36], [38, 37], [37, 37], [37, 36]]],
                },
            ],
        },
        {"aleppo"},
    ),
    (
        {"op": "t_during", "args": [{"property": "datetime"}, {"interval": ["2014-06-05", ".."]}]},
        {"mosul", "nowhere"},
    ),
    (True, ALL),
]


@pytest.mark.parametrize(("tree", "names"), JSON_CASES)
def test_cql2_json_finds(public, four, tree, names):
    assert found(public, four, json.dumps(tree), **{"filter-lang": "cql2-json"}) == names


def test_pages_of_a_filter_go_on(public, four):
    first = public.get(ITEMS, {"filter": "killed_best >= 0", "limit": 2}).json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    second = public.get(following).json()
    names = [four[f["id"]] for page in (first, second) for f in page["features"]]
    assert names == ["mosul", "aleppo", "fallujah"]
