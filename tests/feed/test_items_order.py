"""The order of a page, and that no way of looking things up finds more or less than another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.geo import BBox
from feed.items import items_page
from feed.models import Audience, Change, Kind
from feed.params import Interval, ItemsQuery, Sort
from feed.sealing import seal
from tests.feed.making import ITEMS, entry
from tests.feed.test_items_walk import get, ids, walk

SOME_DAY = datetime(2014, 5, 11, tzinfo=UTC)


@pytest.fixture
def on_three_days(db):
    days = [2, 0, 1, 1, 0, 2]
    rows = [entry(start=SOME_DAY + timedelta(days=day)) for day in days]
    seal()
    return [str(row.object_id) for row in rows]


@pytest.mark.parametrize("limit", [1, 2, 4, 6, 7])
@pytest.mark.parametrize(
    ("sortby", "order"),
    [
        ("seq", [0, 1, 2, 3, 4, 5]),
        ("-seq", [5, 4, 3, 2, 1, 0]),
        ("time_start", [1, 4, 2, 3, 0, 5]),
        ("-time_start", [5, 0, 3, 2, 4, 1]),
        ("+time_start", [1, 4, 2, 3, 0, 5]),
        ("", [5, 0, 3, 2, 4, 1]),
    ],
)
@pytest.mark.parametrize("bbox", ["", "&bbox=43,33,44,34", "&bbox=-170,-30,170,40"])
def test_pages_are_in_the_order_asked_for(public, on_three_days, sortby, order, limit, bbox):
    asked = f"&sortby={sortby.replace('+', '%2B')}" if sortby else ""
    pages = walk(public, f"{ITEMS}?limit={limit}{asked}{bbox}")
    assert ids(pages) == [on_three_days[place] for place in order]


@pytest.mark.parametrize("sortby", ["", "grade", "-", "time_start,seq", "--seq", "seq;drop"])
def test_another_order_is_refused(public, db, sortby):
    answer = public.get(ITEMS, {"sortby": sortby})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "sortby"


def test_a_walk_by_date_sees_the_state_in_which_it_began(public, on_three_days):
    first = get(public, f"{ITEMS}?limit=2")
    entry(object_id=on_three_days[2], version=2, change=Change.WITHDRAWN)
    entry(object_id=on_three_days[4], version=2, change=Change.UPDATED, start=SOME_DAY)
    entry(start=SOME_DAY)
    seal()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    assert ids([first, *walk(public, following)]) == [on_three_days[i] for i in (5, 0, 3, 2, 4, 1)]


def test_a_cursor_of_a_later_interval_shows_nothing_beyond_the_end_asked_for(public, on_three_days):
    first = get(public, f"{ITEMS}?limit=1")
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    page = get(public, f"{following}&datetime=2014-05-11")
    assert ids([page]) == [on_three_days[4]]


def test_a_long_one_that_began_before_the_interval_is_found(public, db):
    long = entry(start=SOME_DAY - timedelta(days=400), end=SOME_DAY + timedelta(days=1))
    entry(start=SOME_DAY - timedelta(days=400))
    seal()
    page = get(public, f"{ITEMS}?datetime=2014-05-11&bbox=43,33,44,34")
    assert ids([page]) == [str(long.object_id)]


LONGITUDES = st.sampled_from([-180.0, -179.5, -0.5, 0.0, 43.0, 43.8, 44.0, 44.5, 179.5, 180.0])
LATITUDES = st.sampled_from([-90.0, -17.5, 0.0, 33.0, 33.3, 34.0, 90.0])
DAYS = st.integers(0, 9).map(lambda day: SOME_DAY + timedelta(days=day))


class EveryWayFindsTheSame(TestCase):
    """Squares, dates and the order of the log are three ways into one set."""

    @settings(max_examples=60, deadline=None)
    @given(
        rows=st.lists(st.tuples(LONGITUDES, LATITUDES, DAYS, st.integers(0, 5)), max_size=12),
        closed=st.lists(st.integers(0, 11), max_size=4, unique=True),
        west=LONGITUDES,
        east=LONGITUDES,
        latitudes=st.tuples(LATITUDES, LATITUDES).map(sorted),
        days=st.tuples(DAYS, DAYS).map(sorted),
        limit=st.integers(1, 13),
    )
    def test_by_each_order(self, rows, closed, west, east, latitudes, days, limit):
        made = [
            entry(lon, lat, start=start, end=start + timedelta(days=more))
            for lon, lat, start, more in rows
        ]
        seal()
        at_seq = len(made)
        for place in closed:
            if place < len(made):
                entry(object_id=made[place].object_id, version=2, change=Change.WITHDRAWN)
        seal()
        box = BBox(west, latitudes[0], east, latitudes[1])
        asked = Interval(*days)
        expected = {
            str(row.object_id)
            for row in made
            if any(
                w <= row.geometry.x <= e and s <= row.geometry.y <= n for w, s, e, n in box.boxes()
            )
            and row.time_start <= asked.end
            and row.time_end >= asked.start
        }
        for sort in Sort:
            for state, gone in ((at_seq, set()), (None, {p for p in closed if p < len(made)})):
                query = ItemsQuery(limit, box, asked, sort=sort, at_seq=state)
                left = expected - {str(made[place].object_id) for place in gone}
                assert self._walked(query) == sorted(left), (sort, state)

    def _walked(self, query):
        found, position = [], None
        while True:
            page = items_page(
                Audience.PUBLIC,
                Kind.INCIDENT,
                replace(query, position=position),
            )
            found += [part.split('"')[0] for part in page.features.split('"id": "')[1:]]
            position = page.next
            if position is None:
                return sorted(found)
