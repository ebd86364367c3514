"""The map's own tiles of the record: who may see them, what is in them, how much at most."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.gis.geos import Point

from accounts.models import Role
from incidents.models import Incident
from incidents.selectors.queue import IncidentFilter
from monitor.overview import tiles
from monitor.overview.asking import View
from monitor.overview.timeline import day_of
from tests.factories import make_actor, make_incident, make_member
from tests.feed.tiles.reading import decoded
from tests.monitor.signing_in import signed_in
from tests.security.public_walk import tile_of

IRAQ, SYRIA = (43.78, 33.35), (37.16, 36.2)
FIRST = datetime(2014, 5, 1, tzinfo=UTC)


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR))


def make_at(place, day=0, days=1, **fields):
    start = FIRST + timedelta(days=day)
    incident = make_incident(title="<b>Bakery</b>")
    changes = {"time_start": start, "time_end": start + timedelta(days=days - 1)}
    Incident.objects.filter(id=incident.id).update(location=Point(*place), **changes | fields)
    return incident


def read(client, folder, tile=(0, 0, 0), **query):
    answer = client.get("/map/tiles/{}/{}/{}.mvt".format(*tile), query)
    assert answer.status_code in (200, 204), answer.content
    return said(answer, folder) if answer.status_code == 200 else []


def said(answer, folder):
    """Return what a tile says of each of its points, without what it leaves out."""
    points = decoded(answer.content, folder)
    return [{k: v for k, v in told.items() if v is not None} for _, _, told in points]


def test_a_tile_says_this_of_an_incident_and_nothing_more(desk, tmp_path):
    incident = make_at(IRAQ, weapon="mortar", grade="fair", days=3)
    answer = desk.get("/map/tiles/5/19/12.mvt")
    assert answer["Cache-Control"] == "private, no-store"
    (told,) = said(answer, tmp_path)
    assert told == {
        "id": str(incident.id),
        "title": "<b>Bakery</b>",
        "weapon": "mortar",
        "grade": "fair",
        "first": day_of(FIRST),
        "last": day_of(FIRST) + 2,
    }
    assert b"Umm Ahmed" not in answer.content


def test_each_is_in_one_tile_of_a_zoom_and_the_filters_choose(desk, tmp_path):
    make_at((45.0, 0.0), grade="weak")  # where four tiles meet
    make_at(IRAQ, state="withdrawn")
    make_at(SYRIA, grade="discounted")
    around = [(3, x, y) for x in (4, 5) for y in (3, 4)]
    assert sum(len(read(desk, tmp_path, tile)) for tile in around) == 1
    assert len(read(desk, tmp_path, floor="weak")) == 1
    assert read(desk, tmp_path, floor="fair") == []
    assert len(read(desk, tmp_path, grade="discounted")) == 1
    assert len(read(desk, tmp_path, tile_of(*SYRIA, 12), grade="discounted")) == 1


@pytest.mark.parametrize("most", [1_000, 0])
def test_the_last_column_ends_with_180_degrees(desk, tmp_path, monkeypatch, most):
    monkeypatch.setattr(tiles, "MOST_SINGLE", most)
    make_at((180.0, 10.0))
    make_at((-180.0, 10.0))
    for z in (0, 3):
        last = 2**z - 1
        row = tile_of(0, 10, z)[2]
        drawn = [read(desk, tmp_path, (z, x, row)) for x in {0, last}]
        assert sum(told.get("number", 1) for tile in drawn for told in tile) == 2, z


def test_many_are_gathered_and_counted_by_step(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_SINGLE", 3)
    for day, days in [(0, 1), (1, 1), (1, 3), (2, 1)]:
        make_at(IRAQ, day=day, days=days)
    first = day_of(FIRST)
    steps = ",".join(str(first + k) for k in range(5))
    (told,) = read(desk, tmp_path, (5, 19, 12), days=steps)
    assert told == {
        "number": 4,
        # how many had begun before each step
        "s1": 1,
        "s2": 3,
        "s3": 4,
        "s4": 4,
        # how many had ended, where that is another number: one of them lasts
        "e2": 2,
        "e3": 3,
    }


def test_steps_may_begin_before_and_after_the_calendar(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_SINGLE", 1)
    make_at(IRAQ)
    make_at(IRAQ, day=1)
    days = f"-9999999,-719163,{day_of(FIRST) + 1},2932897,99999999"
    (told,) = read(desk, tmp_path, days=days)
    assert told == {"number": 2, "s2": 1, "s3": 2, "s4": 2}


def test_what_is_counted_is_what_the_list_says(desk, tmp_path, monkeypatch):
    spans = [(0, 1), (0, 9), (2, 1), (3, 4), (5, 1), (5, 2), (8, 1)]
    for day, days in spans:
        make_at(IRAQ, day=day, days=days)
    first = day_of(FIRST)
    steps = [first + k for k in (0, 2, 3, 6, 9)]
    monkeypatch.setattr(tiles, "MOST_SINGLE", 1)
    (told,) = read(desk, tmp_path, days=",".join(map(str, steps)))
    for a in range(4):
        for b in range(a + 1, 5):
            begun = told.get(f"s{b}", 0)
            over = told.get(f"e{a}", told.get(f"s{a}", 0))
            asked = {
                "time_from": (FIRST + timedelta(days=steps[a] - first)).date().isoformat(),
                "time_until": (FIRST + timedelta(days=steps[b] - first - 1)).date().isoformat(),
            }
            listed = desk.get("/map/", asked, headers={"hx-request": "true"})
            assert begun - over == listed.context["counted"], (a, b)


def test_a_tile_is_bounded(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(tiles, "MOST_SINGLE", 20)
    monkeypatch.setattr(tiles, "SQUARES_ACROSS", 2)
    for number in range(24):
        make_at((43 + number / 100, 33 + number / 100))
    assert [told["number"] for told in read(desk, tmp_path)] == [24]
    monkeypatch.setattr(tiles, "MOST_SINGLE", 5)
    assert len(read(desk, tmp_path, tile_of(43.1, 33.1, 8))) <= 4


def test_who_may_not_read_the_record_gets_an_empty_tile(db):
    make_at(IRAQ)
    view = View(IncidentFilter(), floor="all", with_people=False, query="", cursor="")
    nobodys = tiles.tile_draw(make_actor(Role.SUBMITTER), view, tiles.Tile(0, 0, 0), [])
    assert nobodys == b""
    assert tiles.tile_draw(make_actor(Role.MONITOR), view, tiles.Tile(0, 0, 0), [])


@pytest.mark.parametrize("tile", ["0/1/0", "3/0/8", "23/0/0", "99999999999/0/0"])
def test_there_is_no_such_tile(desk, tile):
    assert desk.get(f"/map/tiles/{tile}.mvt").status_code == 404
    assert desk.get(f"/map/towns/{tile}.mvt").status_code == 404


@pytest.mark.parametrize(
    "days", ["x", "2,1", "1,1", "1,", "1e9", "9" * 9, ",".join(map(str, range(60))), "1;2", "\x00"]
)
def test_rubbish_for_days_is_refused(desk, days):
    answer = desk.get("/map/tiles/0/0/0.mvt", {"days": days})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "days"
