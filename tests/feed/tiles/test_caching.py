"""When a tile is drawn anew, and when it isn't."""

import gzip
from uuid import uuid4

import pytest

from feed.models import Audience, Change, Kind, TileCell, TileTouch
from feed.sealing import seal
from feed.tiles import serving
from feed.tiles.cells import cells_rebuild
from feed.tiles.grid import Tile
from tests.feed.making import entry
from tests.feed.tiles.reading import TILES

HERE, ELSEWHERE = (43.13, 36.34), (-70.0, -30.0)
CITY = f"{TILES}/12/2538/1603.mvt"


@pytest.fixture(autouse=True)
def fresh(monkeypatch, settings):
    """Keep nothing of earlier tests, and leave what others keep in the same Redis."""
    monkeypatch.setattr(serving, "STAMP_KEPT_S", 0)
    mine = {"KEY_PREFIX": f"{settings.REDIS_PREFIX}:{uuid4()}"}
    settings.CACHES = {"default": settings.CACHES["default"] | mine}


def drawn(monkeypatch):
    """Count the tiles that are drawn."""
    calls = []
    draw = serving.tile_draw

    def counted(*arguments, **named):
        calls.append(arguments)
        return draw(*arguments, **named)

    monkeypatch.setattr(serving, "tile_draw", counted)
    return calls


@pytest.mark.parametrize("tile", ["0/0/0", "5/19/12", "9/317/200", "12/2538/1603"])
def test_a_change_here_draws_anew_and_one_elsewhere_does_not(public, db, monkeypatch, tile):
    entry(*HERE)
    seal()
    calls = drawn(monkeypatch)
    first = public.get(f"{TILES}/{tile}.mvt")
    assert public.get(f"{TILES}/{tile}.mvt").content == first.content
    assert len(calls) == 1
    entry(*ELSEWHERE)
    seal()
    public.get(f"{TILES}/{tile}.mvt")
    assert len(calls) == (2 if tile == "0/0/0" else 1)
    entry(*HERE)
    seal()
    again = public.get(f"{TILES}/{tile}.mvt")
    assert again.content != first.content
    assert again["ETag"] != first["ETag"]


def test_what_a_caller_has_is_not_sent_again(public, partner, db):
    for audience in Audience:
        entry(*HERE, audience=audience)
    seal()
    for client in (public, partner):
        first = client.get(CITY)
        same = client.get(CITY, headers={"if-none-match": first["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        other = client.get(CITY, headers={"if-none-match": 'W/"tile-0-1"'})
        assert other.status_code == 200


def test_a_partners_tile_is_kept_from_shared_caches(public, partner, db):
    for audience in Audience:
        entry(*HERE, audience=audience)
    seal()
    assert public.get(CITY)["Cache-Control"] == "public, max-age=60"
    assert partner.get(CITY)["Cache-Control"] == "private, no-cache"
    for client in (public, partner):
        assert "Authorization" in client.get(CITY)["Vary"]


def test_it_is_packed_for_those_who_can_read_it(public, db):
    entry(*HERE)
    seal()
    plain = public.get(CITY)
    packed = public.get(CITY, headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_an_empty_tile_is_an_empty_answer(public, db):
    answer = public.get(CITY)
    assert (answer.status_code, answer.content) == (204, b"")


def test_without_a_cache_tiles_are_drawn(public, db, settings):
    entry(*HERE)
    seal()
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert public.get(CITY).status_code == 200


def test_a_bad_token_gets_no_tile(public, db):
    entry(*HERE)
    seal()
    assert public.get(CITY, headers={"authorization": "Bearer hw_wrong"}).status_code == 401


def test_counting_anew_gives_the_same_counts(db):
    rows = [entry(*HERE), entry(*ELSEWHERE), entry(None)]
    seal()
    entry(object_id=rows[0].object_id, version=2, change=Change.WITHDRAWN)
    entry(*HERE)
    seal()
    kept = set(TileCell.objects.filter(count__gt=0).values_list("x", "y", "count"))
    cells_rebuild(Audience.PUBLIC, 5)
    assert set(TileCell.objects.values_list("x", "y", "count")) == kept
    assert set(TileTouch.objects.values_list("seq", flat=True)) == {5}
    assert serving.stamp_of(Audience.PUBLIC, Kind.INCIDENT, Tile(0, 0, 0)) == 5
