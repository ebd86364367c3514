"""Paging: one consistent state from the first page to the last."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from core.cursors import cursor_encode
from core.ids import uuid7
from feed.models import Audience, Change
from feed.sealing import seal
from tests.feed.making import ITEMS, entry


def get(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return answer.json()


def next_link(page):
    return next((link["href"] for link in page["links"] if link["rel"] == "next"), None)


def walk(client, url):
    pages = [get(client, url)]
    while following := next_link(pages[-1]):
        pages.append(get(client, following))
    return pages


def ids(pages):
    return [feature["id"] for page in pages for feature in page["features"]]


@pytest.fixture
def seven(db):
    rows = [entry() for _number in range(7)]
    seal()
    return rows


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (8, [7])])
def test_a_walk_meets_every_feature_once_in_the_order_of_publication(public, seven, limit, sizes):
    pages = walk(public, f"{ITEMS}?sortby=seq&limit={limit}")
    assert [page["numberReturned"] for page in pages] == sizes
    assert [len(page["features"]) for page in pages] == sizes
    assert ids(pages) == [str(row.object_id) for row in seven]


def test_a_walk_sees_the_state_in_which_it_began(public, seven):
    first = get(public, f"{ITEMS}?sortby=seq&limit=3")
    entry(object_id=seven[1].object_id, version=2, change=Change.UPDATED)
    entry(object_id=seven[5].object_id, version=2, change=Change.UPDATED)
    entry(object_id=seven[6].object_id, version=2, change=Change.WITHDRAWN)
    entry()
    seal()
    rest = walk(public, next_link(first))
    assert ids([first, *rest]) == [str(row.object_id) for row in seven]
    assert [f["properties"]["version"] for page in rest for f in page["features"]] == [1, 1, 1, 1]


def test_a_new_walk_sees_the_newest_state(public, seven):
    entry(object_id=seven[1].object_id, version=2, change=Change.UPDATED)
    entry(object_id=seven[6].object_id, version=2, change=Change.WITHDRAWN)
    seal()
    pages = walk(public, f"{ITEMS}?sortby=seq&limit=2")
    order = [0, 2, 3, 4, 5, 1]
    assert ids(pages) == [str(seven[place].object_id) for place in order]


def test_the_next_link_keeps_the_filters(public, seven):
    page = get(public, f"{ITEMS}?limit=2&bbox=40,30,50,40&datetime=2014-05-11")
    query = parse_qs(urlsplit(next_link(page)).query)
    assert query["bbox"] == ["40,30,50,40"]
    assert query["datetime"] == ["2014-05-11"]
    assert query["limit"] == ["2"]
    assert next_link(page).startswith("http://testserver/")


def test_the_number_matched_is_told_where_it_is_known(public, seven):
    assert get(public, ITEMS)["numberMatched"] == 7
    assert "numberMatched" not in get(public, f"{ITEMS}?limit=3")
    assert all("numberMatched" not in page for page in walk(public, f"{ITEMS}?limit=3"))


def test_an_unsealed_entry_is_not_there_yet(public, db):
    row = entry()
    assert get(public, ITEMS)["features"] == []
    assert public.get(f"{ITEMS}/{row.object_id}").status_code == 404
    seal()
    assert len(get(public, ITEMS)["features"]) == 1
    assert public.get(f"{ITEMS}/{row.object_id}").status_code == 200


def test_a_withdrawn_object_is_gone(public, db):
    row = entry()
    seal()
    entry(object_id=row.object_id, version=2, change=Change.WITHDRAWN)
    seal()
    assert get(public, ITEMS)["features"] == []
    assert public.get(f"{ITEMS}/{row.object_id}").status_code == 404


def test_an_item_is_its_newest_version(public, db):
    same = uuid7()
    entry(object_id=same)
    seal()
    entry(object_id=same, version=2, change=Change.UPDATED)
    seal()
    feature = get(public, f"{ITEMS}/{same}")
    assert feature["properties"]["version"] == 2
    assert {link["rel"] for link in feature["links"]} >= {"self", "collection", "alternate"}


def test_an_item_without_geometry_is_served(public, db):
    row = entry(None)
    seal()
    assert get(public, f"{ITEMS}/{row.object_id}")["geometry"] is None
    assert len(get(public, ITEMS)["features"]) == 1


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        "bm90IGpzb24",
        cursor_encode(1, 7),
        cursor_encode("public", "seq", "1", 7, 0),
        cursor_encode("public", "seq", -1, 7, 0),
        cursor_encode("public", "seq", 7, 1, 0),
        cursor_encode("public", "seq", 1, 2**63, 0),
        cursor_encode("public", "seq", 1, 7, 2**62),
        cursor_encode("public", "seq", 1, 7),
        cursor_encode("public", "-seq", 1, 7, 0),
        cursor_encode("public", "seq", True, 7, 0),
        cursor_encode("partner", "seq", 1, 7, 0),
        cursor_encode("public", "seq", 1, 7, 0)[:-1],
    ],
)
def test_a_cursor_that_we_never_gave_is_refused(public, seven, cursor):
    answer = public.get(ITEMS, {"sortby": "seq", "cursor": cursor})
    assert answer.status_code == 400
    assert json.loads(answer.content)["errors"][0]["field"] == "cursor"


def test_a_cursor_of_the_public_is_refused_to_a_partner(public, partner, db):
    for audience in Audience:
        for _number in range(3):
            entry(audience=audience)
    seal()
    following = next_link(get(public, f"{ITEMS}?limit=2"))
    assert partner.get(following).status_code == 400
    assert len(walk(partner, f"{ITEMS}?limit=2")) == 2
