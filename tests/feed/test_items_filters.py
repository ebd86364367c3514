"""bbox, datetime and limit: what matches."""

from datetime import UTC, datetime

import pytest

from feed import params
from feed.sealing import seal
from tests.feed.making import ITEMS, entry


def found(client, **parameters):
    answer = client.get(ITEMS, parameters)
    assert answer.status_code == 200, answer.content
    return [feature["id"] for feature in answer.json()["features"]]


@pytest.fixture
def places(db):
    rows = {
        "iraq": entry(43.8, 33.3),
        "fiji": entry(179.5, -17.5),
        "tonga": entry(-175.2, -21.1),
        "dateline": entry(180.0, 10.0),
        "nowhere": entry(None),
    }
    seal()
    return {str(row.object_id): name for name, row in rows.items()}


@pytest.mark.parametrize(
    ("bbox", "names"),
    [
        ("40,30,50,40", {"iraq"}),
        ("40,30,-100,50,40,9000", {"iraq"}),
        ("43.8,33.3,43.8,33.3", {"iraq"}),
        ("43.8,30,43.8,40", {"iraq"}),
        ("40,33.3,43.8,40", {"iraq"}),
        ("43.80001,30,50,40", set()),
        ("170,-30,-170,0", {"fiji", "tonga"}),
        ("170,-30,-176,0", {"fiji"}),
        ("170,-30,180,20", {"fiji", "dateline"}),
        ("-180,-90,180,90", {"iraq", "fiji", "tonga", "dateline"}),
        ("-170,-30,170,40", {"iraq"}),
    ],
)
def test_a_bbox_holds_what_touches_it(public, places, bbox, names):
    assert {places[id_] for id_ in found(public, bbox=bbox)} == names


def at(*numbers):
    return datetime(*numbers, tzinfo=UTC)


@pytest.fixture
def times(db):
    rows = {
        "noon": entry(start=at(2014, 5, 11, 12)),
        "day": entry(start=at(2014, 5, 11), end=at(2014, 5, 11, 23, 59, 59, 999999)),
        "may": entry(start=at(2014, 5, 1), end=at(2014, 5, 31, 23, 59, 59)),
        "later": entry(start=at(2016, 1, 1, 6)),
    }
    seal()
    return {str(row.object_id): name for name, row in rows.items()}


@pytest.mark.parametrize(
    ("interval", "names"),
    [
        ("2014-05-11", {"noon", "day", "may"}),
        ("2014-05-11T12:00:00Z", {"noon", "day", "may"}),
        ("2014-05-11T15:00:00+03:00", {"noon", "day", "may"}),
        ("2014-05-11t12:00:00z", {"noon", "day", "may"}),
        ("2014-05-11T12:00:00.5Z", {"day", "may"}),
        ("2014-05-12", {"may"}),
        ("2014-05-12/2015-01-01", {"may"}),
        ("2014-05-31/..", {"may", "later"}),
        ("../2014-05-01", {"may"}),
        ("/2014-05-11T11:59:59Z", {"day", "may"}),
        ("2015-01-01/", {"later"}),
        ("2016-01-01/2016-01-01", {"later"}),
        ("0001-01-01/9999-12-31", {"noon", "day", "may", "later"}),
        ("2017-01-01", set()),
    ],
)
def test_a_datetime_matches_what_overlaps_it(public, times, interval, names):
    assert {times[id_] for id_ in found(public, datetime=interval)} == names


def test_filters_go_together(public, times):
    assert len(found(public, datetime="2014-05-11", bbox="40,30,50,40")) == 3
    assert found(public, datetime="2014-05-11", bbox="0,0,1,1") == []


@pytest.mark.parametrize(("limit", "count"), [("1", 1), ("003", 3), ("4", 4), ("100", 5)])
def test_a_page_holds_as_many_as_asked_for(public, places, limit, count):
    assert len(found(public, limit=limit)) == count


@pytest.mark.parametrize("limit", ["10000", "1000000000", "9" * 5000])
def test_more_than_the_maximum_is_served_at_the_maximum(public, places, monkeypatch, limit):
    monkeypatch.setattr(params, "MAXIMUM_LIMIT", 3)
    assert len(found(public, limit=limit)) == 3


def test_without_a_limit_a_page_holds_a_hundred(public, db):
    for _number in range(101):
        entry()
    seal()
    assert len(found(public)) == 100
