"""The pages of risk: what is ranked, why, and who may see it."""

from datetime import timedelta

import h3
import numpy as np
import pytest
import shapely
from django.test import Client

from accounts.models import Role
from incidents.boundary_files import LevelDraft, UnitDraft
from incidents.services.boundaries import About, boundaries_activate, boundaries_import
from scoring.models import RiskHistory
from scoring.services.layers import layer_activate
from tests.factories import make_member
from tests.monitor.signing_in import signed_in
from tests.scoring.test_risk_api import PLACE, make_run

CELL = h3.latlng_to_cell(PLACE[1], PLACE[0], 6)
PAGES = ("/risk/", f"/risk/{CELL}/", "/risk/calibration/")


@pytest.fixture
def layer(db, import_layer):
    return layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR))


@pytest.fixture
def units(db):
    box = shapely.MultiPolygon([shapely.box(42, 32, 45, 35)])
    draft = UnitDraft("IQ01", "", {"en": "Al-Anbar <b>", "ar": "الأنبار"}, "IQ", box)
    boundaries_import(name="t-1", draft=LevelDraft(1, "IQ", [draft], "x", [], 0), about=About())
    boundaries_activate(name="t-1")


@pytest.fixture
def two_runs(layer, units, make_strike):
    make_strike(PLACE, title="The first")
    make_run(layer)
    make_strike(PLACE, title="<script>x</script>")
    return make_run(layer, 1)


def test_places_are_ranked_with_what_changed_and_why(desk, two_runs, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        answer = desk.get("/risk/")
    assert answer.status_code == 200
    cells, (unit,) = answer.context["cells"], answer.context["units"]
    assert len(cells) == 25
    assert cells[0]["rank"] == 1
    assert "rose" in {cell["change"]["way"] for cell in cells}
    assert cells[0]["sentence"].startswith("In the 30 days from")
    assert cells[0]["line"].points
    assert (unit["name"], unit["pcode"], unit["change"]["way"]) == ("Al-Anbar <b>", "IQ01", "rose")
    text = answer.content.decode()
    assert "Al-Anbar &lt;b&gt;" in text
    assert "<b>" not in text
    assert two_runs.results_sha256 in text
    assert "no-store" in answer["Cache-Control"]


def test_the_rest_follows_and_choices_are_kept(desk, two_runs):
    answer = desk.get("/risk/?floor=fair&horizon=90&skip=25")
    assert answer.context["cells"][0]["rank"] == 26
    assert answer.context["cells"][0]["risk_class"] is None
    assert answer.context["units"] == []
    assert "floor=fair" in answer.context["following"]
    assert "skip=50" in answer.context["following"]
    near = desk.get(f"/risk/?bbox={PLACE[0]},{PLACE[1]},{PLACE[0]},{PLACE[1]}")
    assert [cell["cell"] for cell in near.context["cells"]] == [CELL]


def test_a_place_tells_its_reasons_and_nothing_runs(desk, two_runs, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        answer = desk.get(f"/risk/{CELL}/")
    reasons = {row["incident"].title: row["is_new"] for row in answer.context["reasons"]}
    assert reasons == {"The first": False, "<script>x</script>": True}
    assert "<script>x" not in answer.content.decode()
    assert answer.context["outcomes"] == []


def test_earlier_forecasts_are_held_against_what_came(desk, two_runs, make_strike):
    day = two_runs.origin - timedelta(days=40)
    RiskHistory.objects.filter(cell=CELL).update(
        days=[day, two_runs.origin], people=[12.0, 20.0], risk_class=[3, 3]
    )
    longitude, latitude = PLACE
    for place in (PLACE, (longitude + 0.06, latitude), (longitude + 0.5, latitude)):
        when = two_runs.started_at - timedelta(days=30)
        make_strike(place, time_start=when, time_end=when)
    make_strike(PLACE, time_start=when, time_end=when, grade="discounted")
    (outcome,) = desk.get(f"/risk/{CELL}/").context["outcomes"]
    assert outcome["origin"] == day
    assert (outcome["people"], outcome["strikes"]) == ("12", 2)


def test_it_is_said_in_arabic(desk, two_runs):
    desk.cookies["django_language"] = "ar"
    answer = desk.get("/risk/", headers={"accept-language": "ar"})
    assert answer.context["units"][0]["name"] == "الأنبار"
    assert answer.context["cells"][0]["sentence"].startswith("خلال")


def test_with_countries_alone_these_are_ranked_and_towns_are_named(desk, layer, make_strike):
    box = shapely.MultiPolygon([shapely.box(42, 32, 45, 35)])
    draft = UnitDraft("IQ", "", {"en": "Iraq"}, "IQ", box)
    boundaries_import(name="t-0", draft=LevelDraft(0, "IQ", [draft], "x", [], 0), about=About())
    boundaries_activate(name="t-0")
    make_strike(PLACE)
    make_run(layer)
    found = desk.get("/risk/").context
    assert [unit["name"] for unit in found["units"]] == ["Iraq"]
    assert "Near Ramadi, Iraq" in {cell["name"] for cell in found["cells"]}


def test_without_a_run_the_pages_say_so(desk):
    assert "No risk run has finished yet" in desk.get("/risk/").content.decode()
    assert desk.get(f"/risk/{CELL}/").status_code == 404
    assert desk.get("/risk/calibration/").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["?horizon=31", "?floor=best", "?level=9", "?skip=-1", "?skip=٣", "?bbox=nan,0,1,1", "?run=x"],
)
def test_rubbish_is_refused_by_name(desk, two_runs, asked):
    answer = desk.get(f"/risk/{asked}")
    assert answer.status_code == 400
    assert asked[1:].partition("=")[0] in answer.context["detail"]


@pytest.mark.parametrize("path", PAGES)
def test_outsiders_are_turned_away(db, path):
    nobody = Client().get(path)
    assert nobody.status_code == 302
    assert nobody["Location"].startswith("/account/login/")
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        assert signed_in(make_member(role)).get(path).status_code == 403


@pytest.mark.parametrize("cell", ["862d9b0e7ffffff", "x", "0"])
def test_a_cell_without_risk_is_not_found(desk, two_runs, cell):
    assert desk.get(f"/risk/{cell}/").status_code == 404
