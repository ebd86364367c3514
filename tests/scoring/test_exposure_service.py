"""The stored exposure of incidents."""

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from scoring.engine.exposure import FORMULA_VERSION, exposure_under_uncertainty, population_within
from scoring.models import Exposure
from scoring.selectors import exposure_of
from scoring.services.exposure import (
    ACLED_RADII_M,
    exposure_compute,
)
from scoring.services.layer_files import layer_open
from scoring.services.layers import layer_activate

pytestmark = pytest.mark.django_db
NUMBERS = ("radius_m", "low", "best", "high", "expected", "data_fraction", "unscored_reason")


@pytest.fixture
def layer(import_layer):
    cells = np.random.default_rng(41).gamma(0.2, 300, (60, 60)).astype(np.float32)
    layer = import_layer(cells)
    layer_activate(layer_id=layer.id)
    return layer


def _rows(*incidents):
    rows = Exposure.objects.filter(incident__in=incidents).order_by("incident", "radius_m")
    return list(rows.values_list("incident_id", *NUMBERS))


def test_an_exact_place_gets_the_people_within_each_radius(layer, make_strike):
    strike = make_strike((43.25, 33.75))
    assert exposure_compute(incident_ids=[strike.id]) == 3
    people, data = population_within(
        layer_open(layer), 43.25, 33.75, ACLED_RADII_M, with_coverage=True
    )
    for row, radius, number, share in zip(
        exposure_of(strike.id), ACLED_RADII_M, people[0], data[0], strict=True
    ):
        assert (row.radius_m, row.data_fraction) == (radius, share)
        assert row.low == row.best == row.high == row.expected == number > 0
        assert (row.layer, row.layer_sha256) == (layer, layer.sha256)
        assert (row.formula_version, row.incident_version) == (FORMULA_VERSION, 1)
        assert row.parameters == {
            "alpha": 1.0,
            "percentiles": [0.1, 0.5, 0.9],
            "max_uncertainty_m": 100_000.0,
            "uncertainty_m": 0.0,
        }


def test_a_vague_place_gets_a_spread(layer, make_strike):
    strike = make_strike((43.25, 33.75), uncertainty_m=8000, location_precision="town")
    exposure_compute(incident_ids=[strike.id])
    spread = exposure_under_uncertainty(layer_open(layer), [(43.25, 33.75, 8000.0)], ACLED_RADII_M)
    for column, row in enumerate(exposure_of(strike.id)):
        stored = [row.low, row.best, row.high, row.expected]
        assert stored == [figure[0, column] for figure in spread]
        assert row.low < row.best < row.high


@pytest.mark.parametrize(
    ("reason", "place", "fields"),
    [
        ("no_place", None, {}),
        ("too_vague", (43.25, 33.75), {"uncertainty_m": 100_001}),
        ("too_vague", (43.25, 33.75), {"uncertainty_m": None, "location_precision": "town"}),
        ("outside_layer", (10.0, 33.75), {}),
    ],
)
def test_what_cannot_be_scored_says_why(layer, make_strike, reason, place, fields):
    strike = make_strike(place, **fields)
    exposure_compute(incident_ids=[strike.id])
    rows = _rows(strike)
    assert [row[1] for row in rows] == list(ACLED_RADII_M)
    assert all(row[2:] == (None, None, None, None, None, reason) for row in rows)


def test_an_exact_place_without_an_uncertainty_counts_as_a_point(layer, make_strike):
    said = make_strike(uncertainty_m=0)
    unsaid = make_strike(uncertainty_m=None, location_precision="exact")
    exposure_compute(incident_ids=[said.id, unsaid.id])
    rows = _rows(said, unsaid)
    assert [row[1:] for row in rows[:3]] == [row[1:] for row in rows[3:]]


def test_an_uncertainty_of_100_km_is_still_scored(layer, make_strike):
    strike = make_strike(uncertainty_m=100_000)
    exposure_compute(incident_ids=[strike.id])
    assert {row.unscored_reason for row in exposure_of(strike.id)} == {""}


def test_without_a_layer_the_rows_say_so_until_there_is_one(import_layer, make_strike):
    strike, nowhere = make_strike(), make_strike(None)
    for _ in range(2):
        exposure_compute(incident_ids=[strike.id, nowhere.id])
    assert [row.unscored_reason for row in exposure_of(strike.id)] == ["no_layer"] * 3
    assert [row.unscored_reason for row in exposure_of(nowhere.id)] == ["no_place"] * 3
    layer_activate(layer_id=import_layer(np.ones((60, 60))).id)
    assert not exposure_of(strike.id).exists()
    exposure_compute(incident_ids=[strike.id])
    assert [row.unscored_reason for row in exposure_of(strike.id)] == [""] * 3


def test_computing_again_adds_nothing_and_changes_nothing(layer, make_strike):
    strikes = [make_strike(uncertainty_m=n * 900.0) for n in range(5)]
    ids = [strike.id for strike in strikes]
    exposure_compute(incident_ids=ids)
    first = list(Exposure.objects.order_by("id").values_list("id", "incident_id", *NUMBERS))
    exposure_compute(incident_ids=[*ids, *ids])
    assert first == list(Exposure.objects.order_by("id").values_list("id", "incident_id", *NUMBERS))


def test_a_batch_is_its_singles_bit_for_bit(layer, make_strike):
    rng = np.random.default_rng(5)
    strikes = [
        make_strike((float(x), float(y)), uncertainty_m=float(r))
        for x, y, r in zip(
            rng.uniform(43, 43.5, 30),
            rng.uniform(33.5, 34, 30),
            rng.choice([0, 1000, 9000], 30),
            strict=True,
        )
    ]
    exposure_compute(incident_ids=[strike.id for strike in strikes])
    together = _rows(*strikes)
    Exposure.objects.all().delete()
    for strike in reversed(strikes):
        exposure_compute(incident_ids=[strike.id])
    assert together == _rows(*strikes)


def test_a_new_version_replaces_the_figures_of_the_old(layer, make_strike):
    strike = make_strike((43.2, 33.7))
    exposure_compute(incident_ids=[strike.id])
    before = _rows(strike)
    strike.location.x, strike.version = 43.3, 2
    strike.save()
    exposure_compute(incident_ids=[strike.id])
    assert {row.incident_version for row in exposure_of(strike.id)} == {2}
    assert len(_rows(strike)) == 3
    assert _rows(strike) != before


def test_a_stale_version_never_replaces_a_newer_one(layer, make_strike):
    strike = make_strike((43.2, 33.7), version=3)
    exposure_compute(incident_ids=[strike.id])
    newer = _rows(strike)
    strike.location.x, strike.version = 43.3, 2
    strike.save()
    exposure_compute(incident_ids=[strike.id])
    assert {row.incident_version for row in exposure_of(strike.id)} == {3}
    assert _rows(strike) == newer


def test_each_layer_keeps_its_own_figures(layer, import_layer, make_strike):
    strike = make_strike()
    exposure_compute(incident_ids=[strike.id])
    other = import_layer(np.full((60, 60), 7.0), name="other.tif")
    layer_activate(layer_id=other.id)
    exposure_compute(incident_ids=[strike.id])
    assert Exposure.objects.filter(incident=strike).count() == 6
    assert {row.layer_id for row in exposure_of(strike.id)} == {other.id}


def test_the_database_refuses_figures_without_sense(layer, make_strike):
    exposure_compute(incident_ids=[make_strike().id])
    rows = Exposure.objects.all()
    for wrong in (
        {"low": 1e9},
        {"best": None},
        {"unscored_reason": "no_place"},
        {"unscored_reason": "laziness"},
        {"data_fraction": 1.5},
        {"layer": None},
        {"radius_m": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(radius_m=1000).update(**wrong)
