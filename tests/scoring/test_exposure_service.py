"""The stored exposure of incidents."""

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from scoring.engine.exposure import FORMULA_VERSION, exposure_under_uncertainty, population_within
from scoring.models import Exposure
from scoring.selectors import active_layer, exposure_of
from scoring.services.exposure import figures_for_places, residents_in
from scoring.services.layer_files import layer_open
from scoring.services.layers import layer_activate
from scoring.services.scoring import exposure_compute
from scoring.weapon_profiles import ACLED_RADII_M, EVERY_RADIUS_M, PROFILES_VERSION, radii_of

pytestmark = pytest.mark.django_db
NUMBERS = ("radii_m", "low", "best", "high", "expected", "data_fraction", "unscored_reason")


@pytest.fixture
def layer(import_layer):
    cells = np.random.default_rng(41).gamma(0.2, 300, (60, 60)).astype(np.float32)
    layer = import_layer(cells)
    layer_activate(layer_id=layer.id)
    return layer


def _rows(*incidents):
    rows = Exposure.objects.filter(incident__in=incidents).order_by("incident")
    return list(rows.values_list("incident_id", *NUMBERS))


def _radii(strike):
    return [radius.metres for radius in radii_of(strike.weapon)]


def test_an_exact_place_gets_the_people_within_each_radius(layer, make_strike):
    strike = make_strike((43.25, 33.75))
    assert exposure_compute(incident_ids=[strike.id]) == 1
    people, data = population_within(
        layer_open(layer), 43.25, 33.75, EVERY_RADIUS_M, with_coverage=True
    )
    columns = [EVERY_RADIUS_M.index(radius) for radius in _radii(strike)]
    row = exposure_of(strike.id)
    assert row.radii_m[:3] == list(ACLED_RADII_M)
    assert row.radii_m == _radii(strike)
    assert row.low == row.best == row.high == row.expected == people[0, columns].tolist()
    assert row.data_fraction == data[0, columns].tolist()
    assert min(row.low) > 0
    assert (row.layer, row.layer_sha256) == (layer, layer.sha256)
    assert (row.formula_version, row.incident_version) == (FORMULA_VERSION, 1)
    assert row.profiles_version == PROFILES_VERSION
    assert row.parameters == {
        "alpha": 1.0,
        "percentiles": [0.1, 0.5, 0.9],
        "max_uncertainty_m": 100_000.0,
    }
    assert (row.weapon, row.uncertainty_m) == ("barrel_bomb", 0.0)


def test_a_vague_place_gets_a_spread(layer, make_strike):
    strike = make_strike((43.25, 33.75), uncertainty_m=8000, location_precision="town")
    exposure_compute(incident_ids=[strike.id])
    spread = exposure_under_uncertainty(layer_open(layer), [(43.25, 33.75, 8000.0)], _radii(strike))
    row = exposure_of(strike.id)
    for stored, figure in zip((row.low, row.best, row.high, row.expected), spread, strict=True):
        assert stored == figure[0].tolist()
    assert row.low[2] < row.best[2] < row.high[2]


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
    ((_, radii, *figures),) = _rows(strike)
    assert radii == _radii(strike)
    assert figures == [None, None, None, None, None, reason]


def test_an_exact_place_without_an_uncertainty_counts_as_a_point(layer, make_strike):
    said = make_strike(uncertainty_m=0)
    unsaid = make_strike(uncertainty_m=None, location_precision="exact")
    exposure_compute(incident_ids=[said.id, unsaid.id])
    one, other = _rows(said, unsaid)
    assert one[1:] == other[1:]


def test_an_uncertainty_of_100_km_is_still_scored(layer, make_strike):
    strike = make_strike(uncertainty_m=100_000)
    exposure_compute(incident_ids=[strike.id])
    assert exposure_of(strike.id).unscored_reason == ""


def test_without_a_layer_the_rows_say_so_until_there_is_one(import_layer, make_strike):
    strike, nowhere = make_strike(), make_strike(None)
    for _ in range(2):
        exposure_compute(incident_ids=[strike.id, nowhere.id])
    assert exposure_of(strike.id).unscored_reason == "no_layer"
    assert exposure_of(nowhere.id).unscored_reason == "no_place"
    layer_activate(layer_id=import_layer(np.ones((60, 60))).id)
    assert exposure_of(strike.id) is None
    exposure_compute(incident_ids=[strike.id])
    assert exposure_of(strike.id).unscored_reason == ""


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
    assert exposure_of(strike.id).incident_version == 2
    assert len(_rows(strike)) == 1
    assert _rows(strike) != before


def test_a_stale_version_never_replaces_a_newer_one(layer, make_strike):
    strike = make_strike((43.2, 33.7), version=3)
    exposure_compute(incident_ids=[strike.id])
    newer = _rows(strike)
    strike.location.x, strike.version = 43.3, 2
    strike.save()
    exposure_compute(incident_ids=[strike.id])
    assert exposure_of(strike.id).incident_version == 3
    assert _rows(strike) == newer


def test_each_layer_keeps_its_own_figures(layer, import_layer, make_strike):
    strike = make_strike()
    exposure_compute(incident_ids=[strike.id])
    other = import_layer(np.full((60, 60), 7.0), name="other.tif")
    layer_activate(layer_id=other.id)
    exposure_compute(incident_ids=[strike.id])
    assert Exposure.objects.filter(incident=strike).count() == 2
    assert exposure_of(strike.id).layer == other


def test_the_database_refuses_figures_without_sense(layer, make_strike):
    exposure_compute(incident_ids=[make_strike().id])
    rows = Exposure.objects.all()
    for wrong in (
        {"low": [1e9] * 6},
        {"high": [0.0] * 6},
        {"best": None},
        {"best": [1.0]},
        {"expected": [-1.0] * 6},
        {"unscored_reason": "no_place"},
        {"unscored_reason": "laziness"},
        {"data_fraction": [1.5] * 6},
        {"layer": None},
        {"radii_m": [0.0] * 6},
        {"radii_m": []},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_figures_for_places_store_nothing_and_say_by_what_they_are(layer):
    figures = figures_for_places([(43.25, 33.75, 5000.0), None, (0.0, 0.0, 1.0)], [2000.0])
    assert not Exposure.objects.exists()
    assert (figures.layer_sha256, figures.formula_version) == (layer.sha256, FORMULA_VERSION)
    assert not figures.is_demonstration
    known, nowhere, outside = (figure for (figure,) in figures.by_place)
    assert known.low < known.best < known.high
    assert (nowhere.unscored_reason, outside.unscored_reason) == ("no_place", "outside_layer")
    assert nowhere.expected is None


def test_figures_without_a_layer_name_none(db):
    figures = figures_for_places([(43.25, 33.75, 0.0)])
    assert (figures.layer, figures.layer_sha256) == (None, "")
    assert [figure.unscored_reason for figure in figures.by_place[0]] == ["no_layer"] * 3


def test_residents_are_counted_by_the_active_layer(db, import_layer):
    import shapely

    boxes = [shapely.box(43, 33.9, 43.1, 34), shapely.box(43.1, 33.9, 43.2, 34)]
    assert residents_in(boxes, active_layer()) == [0.0, 0.0]
    layer_activate(layer_id=import_layer(np.full((60, 60), 2.0)).id)
    assert residents_in(boxes, active_layer()) == pytest.approx([288.0, 288.0], rel=1e-6)


def test_a_batch_takes_few_queries_whatever_its_size(layer, make_strike, django_assert_num_queries):
    ids = [make_strike((43.1 + n / 200, 33.75)).id for n in range(40)]
    for count in (1, 40):
        # The layer, its groups, the incidents, the rows and a savepoint.
        with django_assert_num_queries(6):
            assert exposure_compute(incident_ids=ids[:count]) == count
