"""Strikes of whose place only an administrative unit is known."""

import numpy as np
import pytest
import shapely
from django.test import Client

from accounts.models import Role
from incidents.services.boundaries import boundaries_activate
from ledger.dispatch import dispatch
from scoring.engine.exposure import exposure_under_uncertainty, population_in
from scoring.models import Exposure
from scoring.selectors import exposure_of
from scoring.services.layer_files import layer_open
from scoring.services.layers import layer_activate
from scoring.services.rescoring import rescoring_begin
from scoring.services.scoring import exposure_compute
from tests.factories import bearer, make_member
from tests.incidents.boundaries.conftest import (  # noqa: F401
    boundary_file,
    load,
    square,
    unit,
)

pytestmark = pytest.mark.django_db
HERE = square(43.1, 33.6, 43.3, 33.8)


@pytest.fixture
def layer(import_layer):
    cells = np.random.default_rng(5).gamma(0.2, 300, (60, 60)).astype(np.float32)
    return layer_activate(layer_id=import_layer(cells).id)


@pytest.fixture
def in_unit(make_strike):
    """Return a function that makes a strike without coordinates."""

    def make(pcode="IQ01", country="IQ", **fields):
        unsaid = {"uncertainty_m": None, "location_precision": "town"}
        return make_strike(None, pcode=pcode, country=country, **unsaid | fields)

    return make


def _scored(strike):
    exposure_compute(incident_ids=[strike.id])
    return exposure_of(strike.id)


def test_it_may_have_been_anywhere_in_the_unit(layer, load, in_unit):  # noqa: F811
    load("iraq", unit("IQ01", HERE), level=1, country="IQ")
    row = _scored(in_unit())
    polygon = shapely.box(43.1, 33.6, 43.3, 33.8)
    spread = exposure_under_uncertainty(layer_open(layer), [polygon], row.radii_m)
    for stored, figure in zip((row.low, row.best, row.high, row.expected), spread, strict=True):
        assert stored == figure[0].tolist()
    assert row.parameters["unit"] == {"level": 1, "pcode": "IQ01", "release": "iraq"}
    assert row.uncertainty_m is None


def test_the_explanation_names_the_unit_and_its_release(layer, load, in_unit):  # noqa: F811
    load("iraq", unit("IQ01", HERE), level=1, country="IQ")
    strike = in_unit()
    exposure_compute(incident_ids=[strike.id])
    client = Client(**bearer(make_member(Role.MONITOR)))
    place = client.get(f"/api/v1/incidents/{strike.id}/exposure/").json()["explanation"]["place"]
    assert place["model"] == "unit"
    assert place["unit"] == {"level": 1, "pcode": "IQ01", "release": "iraq"}
    assert place["alpha"] == 1.0
    assert "IQ01" in place["text"]
    assert "iraq" in place["text"]


def test_a_point_that_is_known_counts_and_not_its_unit(layer, load, make_strike):  # noqa: F811
    load("iraq", unit("IQ01", HERE), level=1, country="IQ")
    row = _scored(make_strike((43.25, 33.75), pcode="IQ01", country="IQ"))
    assert row.low == row.high
    assert "unit" not in row.parameters


@pytest.mark.parametrize(
    ("pcode", "country"), [("IQ99", "IQ"), ("IQ01", "SY"), ("iq01", "IQ"), ("", "IQ")]
)
def test_a_unit_that_is_not_in_force_is_no_place(layer, load, in_unit, pcode, country):  # noqa: F811
    load("iraq", unit("IQ01", HERE), level=1, country="IQ")
    assert _scored(in_unit(pcode, country)).unscored_reason == "no_place"


def test_a_code_of_two_countries_means_neither_until_one_is_named(layer, load, in_unit):  # noqa: F811
    load("iraq", unit("01", HERE), level=1, country="IQ")
    load("syria", unit("01", square(43.35, 33.6, 43.4, 33.8)), level=1, country="SY")
    assert _scored(in_unit("01", "")).unscored_reason == "no_place"
    assert _scored(in_unit("01", "SY")).parameters["unit"]["release"] == "syria"


def test_the_country_s_own_release_comes_first_then_the_coarser_level(layer, load, in_unit):  # noqa: F811
    load("world", unit("IQ01", square(43.1, 33.6, 43.11, 33.61), name="far"), level=0)
    load("iraq", unit("IQ01", square(43.1, 33.6, 43.2, 33.7)), level=2, country="IQ")
    load("iraq", unit("IQ01", HERE), level=1, country="IQ")
    named = _scored(in_unit()).parameters["unit"]
    assert (named["release"], named["level"]) == ("iraq", 1)


def test_a_unit_wider_than_the_limit_or_off_the_layer_has_no_figure(layer, load, in_unit):  # noqa: F811
    load(
        "iraq",
        unit("WIDE", square(42, 33, 45, 35)),
        unit("OFF", square(10, 33, 10.1, 33.1)),
        level=1,
        country="IQ",
    )
    wide, off = _scored(in_unit("WIDE")), _scored(in_unit("OFF"))
    assert (wide.unscored_reason, off.unscored_reason) == ("too_vague", "outside_layer")


def test_a_unit_cut_at_the_antimeridian_is_one_area(import_layer, load, in_unit):  # noqa: F811
    cells = np.random.default_rng(6).gamma(0.5, 50, (60, 60)).astype(np.float32)
    layer = layer_activate(layer_id=import_layer(cells, west=179.75, north=-16.5).id)
    halves = [square(179.9, -16.9, 180, -16.6), square(-180, -16.9, -179.9, -16.6)]
    load("fiji", unit("FJ1", halves, kind="MultiPolygon"), level=1, country="FJ")
    row = _scored(in_unit("FJ1", "FJ"))
    whole = shapely.box(179.9, -16.9, 180.1, -16.6)
    assert population_in(layer_open(layer), whole) > 0
    spread = exposure_under_uncertainty(layer_open(layer), [whole], row.radii_m)
    assert row.expected == pytest.approx(spread[3][0].tolist(), rel=1e-12)


def test_boundaries_put_in_force_have_them_scored_again(layer, load, in_unit, make_strike):  # noqa: F811
    strike, point, unnamed = in_unit(), make_strike(), in_unit("")
    for each in (strike, point, unnamed):
        assert _scored(each).layer == layer
    before = dict(Exposure.objects.values_list("incident", "computed_at"))
    load("old", unit("IQ01", square(43.1, 33.6, 43.2, 33.7)), level=1, country="IQ")
    load("new", unit("IQ01", HERE), level=1, country="IQ")
    for consumer in ("scoring.boundaries", "scoring.rescore"):
        dispatch(consumer)
    assert exposure_of(strike.id).parameters["unit"]["release"] == "new"
    after = dict(Exposure.objects.values_list("incident", "computed_at"))
    assert {each for each in after if after[each] != before[each]} == {strike.id}
    boundaries_activate(name="old")
    for consumer in ("scoring.boundaries", "scoring.rescore"):
        dispatch(consumer)
    assert exposure_of(strike.id).parameters["unit"]["release"] == "old"


def test_rescoring_takes_them_with_the_vague_places(layer, load, in_unit, make_strike):  # noqa: F811
    load("iraq", unit("IQ01", HERE), level=1, country="IQ")
    in_unit()
    make_strike()
    run = rescoring_begin(layer=layer)
    assert sorted(run.blocks.values_list("size", flat=True)) == [1, 1]
    dispatch("scoring.rescore")
    assert set(Exposure.objects.values_list("unscored_reason", flat=True)) == {""}
