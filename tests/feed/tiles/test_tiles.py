"""What a tile shows."""

from datetime import timedelta

import pytest
from django.db import connection

from feed.models import Audience, Change
from feed.sealing import seal
from feed.tiles import drawing, serving
from feed.tiles.grid import Tile
from tests.feed.making import DAY, entry
from tests.feed.tiles.reading import TILES, tile_at

MOSUL = (43.13, 36.34)
ABOUT_MOSUL = {0: (0, 0), 5: (19, 12), 9: (317, 200), 12: (2538, 1603)}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Ask for every stamp anew, and keep tiles of one test from the next."""
    monkeypatch.setattr(serving, "STAMP_KEPT_S", 0)
    monkeypatch.setattr(serving, "_kept", lambda key: None)


@pytest.mark.parametrize("z", ABOUT_MOSUL)
def test_a_point_is_where_it_belongs(public, db, tmp_path, z):
    entry(*MOSUL)
    seal()
    ((x, y, shown),) = tile_at(public, tmp_path, z, *ABOUT_MOSUL[z])
    west, south, east, north = Tile(z, *ABOUT_MOSUL[z]).bbox().boxes()[0]
    assert shown["count"] == 1
    # Counted cells are 5 km wide; in the middle of a tile rows of latitude are nearly even.
    near = 4096 / 2 ** min(13 - z, 5) if z <= 8 else 40
    assert x == pytest.approx((MOSUL[0] - west) / (east - west) * 4096, abs=near)
    if z:
        assert y == pytest.approx((north - MOSUL[1]) / (north - south) * 4096, abs=near)


def test_a_single_one_shows_what_it_is(public, db, tmp_path):
    row = entry(*MOSUL, grade="fair", weapon="barrel_bomb", killed_best=3)
    seal()
    ((_x, _y, shown),) = tile_at(public, tmp_path, 12, *ABOUT_MOSUL[12])
    assert shown["id"] == str(row.object_id)
    assert (shown["grade"], shown["weapon"], shown["killed_best"]) == ("fair", "barrel_bomb", 3)
    assert shown["time_start"] == "2014-05-11"


@pytest.mark.parametrize("z", ABOUT_MOSUL)
def test_many_are_gathered_and_none_is_lost(public, db, tmp_path, monkeypatch, z):
    monkeypatch.setattr(drawing, "MOST_SINGLE", 10)
    for number in range(30):
        entry(MOSUL[0] + number / 10_000, MOSUL[1])
    seal()
    spots = tile_at(public, tmp_path, z, *ABOUT_MOSUL[z])
    assert sum(shown["count"] for _x, _y, shown in spots) == 30
    assert len(spots) < 30


@pytest.mark.parametrize("z", ABOUT_MOSUL)
def test_what_is_withdrawn_or_moved_leaves_its_tile(public, db, tmp_path, z):
    rows = [entry(*MOSUL) for _number in range(3)]
    seal()
    entry(object_id=rows[0].object_id, version=2, change=Change.WITHDRAWN)
    entry(-70.0, -30.0, object_id=rows[1].object_id, version=2, change=Change.UPDATED)
    entry(*MOSUL, object_id=rows[2].object_id, version=2, change=Change.REGRADED)
    seal()
    spots = tile_at(public, tmp_path, z, *ABOUT_MOSUL[z])
    counts = sum(shown["count"] for _x, _y, shown in spots)
    assert counts == (2 if z == 0 else 1)


def test_two_versions_sealed_together_count_once(public, db, tmp_path):
    row = entry(*MOSUL)
    entry(*MOSUL, object_id=row.object_id, version=2, change=Change.UPDATED)
    seal()
    ((_x, _y, shown),) = tile_at(public, tmp_path, 5, *ABOUT_MOSUL[5])
    assert shown["count"] == 1


def test_each_audience_sees_its_own_log(public, partner, db, tmp_path):
    entry(*MOSUL)
    entry(*MOSUL, audience=Audience.PARTNER)
    entry(*MOSUL, audience=Audience.PARTNER)
    seal()
    for z in (5, 12):
        seen = [tile_at(client, tmp_path, z, *ABOUT_MOSUL[z]) for client in (public, partner)]
        assert [sum(shown["count"] for *_at, shown in spots) for spots in seen] == [1, 2]


@pytest.mark.parametrize("z", ABOUT_MOSUL)
def test_an_interval_and_a_filter_choose(public, db, tmp_path, z):
    entry(*MOSUL, grade="fair")
    entry(*MOSUL, grade="weak")
    entry(*MOSUL, grade="fair", start=DAY + timedelta(days=40))
    seal()
    asked = {"datetime": "2014-05-01/2014-05-31", "filter": "grade='fair'"}
    spots = tile_at(public, tmp_path, z, *ABOUT_MOSUL[z], **asked)
    assert sum(shown["count"] for *_at, shown in spots) == 1


def test_the_poles_and_the_date_line_have_tiles(public, db, tmp_path):
    entry(180.0, 89.9)
    entry(-180.0, -90.0)
    seal()
    spots = tile_at(public, tmp_path, 0, 0, 0)
    assert sum(shown["count"] for *_at, shown in spots) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/0/0/0.mvt",
        "/incidents/0/1/0.mvt",
        "/incidents/3/0/8.mvt",
        "/incidents/23/0/0.mvt",
        "/incidents/99999999999/0/0.mvt",
        "/incidents/-1/0/0.mvt",
        "/incidents/0/0/0.png",
        "/nothing/tile.json",
    ],
)
def test_what_is_no_tile_is_not_found(public, db, path):
    answer = public.get(f"/tiles{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", [{"bbox": "0,0,1,1"}, {"filter": "x"}, {"datetime": "soon"}])
def test_a_bad_parameter_is_refused(public, db, query):
    assert public.get(f"{TILES}/0/0/0.mvt", query).status_code == 400


def test_tilejson_names_the_tiles(public, db):
    document = public.get(f"{TILES}/tile.json").json()
    assert document["tiles"] == ["http://testserver/tiles/incidents/{z}/{x}/{y}.mvt"]
    assert document["vector_layers"][0]["id"] == "incidents"


@pytest.mark.parametrize("reader", ["public", "partner"])
@pytest.mark.parametrize("query", ["", "?grade=fair", "?datetime=2014-05-11"])
def test_one_that_takes_too_long_is_refused_for_now(request, monkeypatch, db, reader, query):
    for audience in Audience:
        entry(*MOSUL, audience=audience)
    seal()
    monkeypatch.setattr(serving, "LONGEST", "50ms")
    monkeypatch.setattr(drawing, "_count", lambda *_given: _sleep())
    url = f"{TILES}/12/2538/1603.mvt{query}".replace("grade=fair", "filter=grade='fair'")
    answer = request.getfixturevalue(reader).get(url)
    assert (answer.status_code, answer["Retry-After"]) == (503, "31")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["type"].endswith(":took-too-long")
    monkeypatch.undo()
    assert request.getfixturevalue(reader).get(url).status_code == 200


def _sleep():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
