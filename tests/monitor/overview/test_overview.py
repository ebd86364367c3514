"""The map's page without script: filters, extent, evidence; and what the map itself is given."""

import re

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from accounts.models import Role
from incidents.models import Incident
from monitor.overview import reading
from monitor.overview.asking import FilterForm
from tests.factories import make_incident, make_member
from tests.monitor.signing_in import signed_in

IRAQ, SYRIA = (43.78, 33.35), (37.16, 36.2)
NAMES = ("graded", "ungraded", "far", "withdrawn", "discounted", "nowhere")


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR))


@pytest.fixture
def record(db):
    rows = {name: make_incident(title=f"<i>{name}</i>") for name in NAMES}
    changes = {
        "graded": {"grade": "confirmed", "location": Point(*IRAQ)},
        "ungraded": {"location": Point(*IRAQ)},
        "far": {"grade": "weak", "location": Point(*SYRIA), "weapon": "mortar"},
        "withdrawn": {"state": "withdrawn"},
        "discounted": {"grade": "discounted"},
        "nowhere": {"grade": "fair", "location": None},
    }
    for name, fields in changes.items():
        Incident.objects.filter(id=rows[name].id).update(**fields)
    return rows


def titles(answer):
    return {row.title[3:-4] for row in answer.context["rows"]}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"graded", "ungraded", "far", "nowhere"}),
        ("?bbox=43,33,44,34", {"graded", "ungraded"}),
        ("?bbox=37,36,38,37&bbox=", {"graded", "ungraded", "far", "nowhere"}),
        ("?floor=weak", {"graded", "far", "nowhere"}),
        ("?floor=fair", {"graded", "nowhere"}),
        ("?floor=confirmed", {"graded"}),
        ("?grade=weak,ungraded", {"ungraded", "far"}),
        ("?grade=weak&grade=fair&floor=fair", {"nowhere"}),
        ("?grade=discounted", {"discounted"}),
        ("?weapon=mortar", {"far"}),
        ("?time_from=2014-05-12", set()),
        ("?time_until=2014-05-11&weapon=mortar&weapon=", {"far"}),
    ],
)
def test_the_address_chooses(desk, record, asked, found, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        answer = desk.get(f"/map/{asked}")
    assert answer.status_code == 200
    assert titles(answer) == found


def test_it_is_drawn_and_nothing_of_a_report_runs(desk, record):
    answer = desk.get("/map/?bbox=37,33,44,37&floor=weak")
    sketch = answer.context["sketch"]
    assert {dot[3] for dot in sketch.dots} == {"confirmed", "weak"}
    assert all(0 <= float(x) <= sketch.width and 0 <= float(y) <= sketch.height
               for x, y, *_ in sketch.dots)  # fmt: skip
    assert sketch.land.startswith("M")
    assert "bbox=37,33,44,37&amp;floor=weak" in answer.content.decode()
    assert "<i>" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_the_map_s_extent_gets_only_the_list(desk, record):
    answer = desk.get("/map/?bbox=37,36,38,37", headers={"hx-request": "true"})
    assert titles(answer) == {"far"}
    assert "<html" not in answer.content.decode()


def test_without_a_run_there_are_no_cells(desk, record):
    found = desk.get("/map/cells/?bbox=37,36,38,37").json()
    assert found == {"type": "FeatureCollection", "features": []}


def test_too_many_are_drawn_together(desk, record, monkeypatch):
    monkeypatch.setattr(reading, "MOST_POINTS", 2)
    sketch = desk.get("/map/?bbox=30,30,50,40").context["sketch"]
    assert {dot[3] for dot in sketch.dots} == {"several"}
    assert len(sketch.dots) == 2


def test_an_extent_may_cross_the_antimeridian(desk, record):
    Incident.objects.filter(id=record["far"].id).update(location=Point(-179.5, 10))
    answer = desk.get("/map/?bbox=179,5,-179,15")
    assert titles(answer) == {"far"}
    (dot,) = answer.context["sketch"].dots
    assert float(dot[0]) > answer.context["sketch"].width / 2


def test_without_an_extent_all_are_within_it_with_room(desk, record):
    answer = desk.get("/map/?weapon=mortar&floor=weak")
    west, south, east, north = map(float, answer.context["sketch"].bbox.split(","))
    assert (west + east) / 2 == pytest.approx(SYRIA[0], abs=1e-3)
    assert (south + north) / 2 == pytest.approx(SYRIA[1], abs=1e-3)
    assert east - west == pytest.approx(0.5, abs=1e-3)


def test_an_extent_that_is_asked_for_comes_back(desk, record):
    assert desk.get("/map/?bbox=37,33,44,37").context["sketch"].bbox == (
        "37.0000,33.0000,44.0000,37.0000"
    )


def test_what_is_chosen_is_said_while_the_filters_are_folded(desk, record):
    chosen = re.compile(r"<summary>Filter.*?</summary>", re.DOTALL)
    (told,) = chosen.findall(desk.get("/map/?weapon=mortar&grade=weak&floor=weak").content.decode())
    assert re.findall(r'class="tag">([^<]+)<', told) == [
        "mortar",
        "weak",
        "weak, fair or confirmed",
    ]
    (told,) = chosen.findall(desk.get("/map/").content.decode())
    assert "tag" not in told


def test_the_next_ones_follow(desk, db):
    for _ in range(52):
        make_incident()
    first = desk.get("/map/?weapon=barrel_bomb")
    assert len(first.context["rows"]) == 50
    second = desk.get(f"/map/?{first.context['following']}")
    assert len(second.context["rows"]) == 2


@pytest.mark.parametrize(
    "asked",
    [
        "?bbox=1,2,3", "?bbox=nan,0,1,1", "?floor=best", "?grade=good", "?weapon=x", "?colour=red",
        "?time_from=yesterday", "?time_from=2015-01-01&time_until=2014-01-01",
        "?grade=weak&floor=confirmed", "?people=2", "?cursor=xx",
    ],
)  # fmt: skip
def test_rubbish_is_refused_by_name(desk, record, asked):
    answer = desk.get(f"/map/{asked}")
    assert answer.status_code == 400
    if "cursor" not in asked:
        for path in ("/map/cells/", "/map/tiles/0/0/0.mvt"):
            (field, *_) = [one["field"] for one in desk.get(path + asked).json()["errors"]]
            assert field in asked
        shown = answer.content.decode()
        marked = re.findall(r'aria-describedby="(.+?)-error"', shown)
        assert marked == ([field] if field in FilterForm.base_fields else [])
        assert all(f'id="{name}-error"' in shown for name in marked)


@pytest.mark.parametrize(
    "path",
    [
        "/map/", "/map/cells/", "/map/tiles/0/0/0.mvt", "/map/towns/0/0/0.mvt",
        "/map/population/5/20/12.png",
    ],
)  # fmt: skip
def test_outsiders_are_turned_away(db, path):
    assert Client().get(path)["Location"].startswith("/account/login/")
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        assert signed_in(make_member(role)).get(path).status_code == 403
