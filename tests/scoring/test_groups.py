"""Sex and age groups of a layer: taken in, checked against the total, and in the figures."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Role
from core.errors import Conflict, InvalidInput
from incidents.vocab import AgeGroup, Sex
from ledger.models import AuditEntry
from scoring.models import PopulationGroup
from scoring.selectors import exposure_of
from scoring.services.groups import GroupSource, groups_import
from scoring.services.layers import layer_activate
from scoring.services.scoring import exposure_compute
from tests.factories import bearer, make_member
from tests.scoring.asking import SQUARE, asked

pytestmark = pytest.mark.django_db
CELLS = np.random.default_rng(7).gamma(0.2, 300, (60, 60))
GIRLS, OTHERS = (Sex.FEMALE, AgeGroup.CHILD), (Sex.MALE, AgeGroup.CHILD)


@pytest.fixture
def layer(import_layer):
    return import_layer(CELLS)


@pytest.fixture
def files(make_raster):
    return {
        GIRLS: GroupSource(make_raster(CELLS * 0.25, name="girls.tif")),
        OTHERS: GroupSource(make_raster(CELLS * 0.75, name="others.tif")),
    }


def test_figures_of_groups_add_up_for_points_and_for_vague_places(layer, files, make_strike):
    groups_import(layer=layer, sources=files)
    layer_activate(layer_id=layer.id)
    for fields in ({}, {"uncertainty_m": 6000.0, "location_precision": "town"}):
        strike = make_strike(**fields)
        exposure_compute(incident_ids=[strike.id])
        row = exposure_of(strike.id)
        girls, others = row.groups
        assert (girls["sex"], girls["age_group"]) == ("female", "child")
        assert girls["expected"] == pytest.approx([people / 4 for people in row.expected])
        assert np.add(girls["expected"], others["expected"]) == pytest.approx(row.expected)
        assert girls["low"] == pytest.approx([people / 4 for people in row.low])


def test_a_group_that_lives_elsewhere_is_summed_around_the_places_of_all(
    layer, make_raster, make_strike
):
    west = CELLS.copy()
    west[:, 30:] = 0
    sources = {
        GIRLS: GroupSource(make_raster(west, name="west.tif")),
        OTHERS: GroupSource(make_raster(CELLS - west, name="east.tif")),
    }
    groups_import(layer=layer, sources=sources)
    layer_activate(layer_id=layer.id)
    strike = make_strike((43.25, 33.75), uncertainty_m=6000.0, location_precision="town")
    exposure_compute(incident_ids=[strike.id])
    row = exposure_of(strike.id)
    assert np.add(*(group["expected"] for group in row.groups)) == pytest.approx(row.expected)
    assert row.groups[0]["expected"] != pytest.approx(row.groups[1]["expected"])


def test_they_are_in_the_answers(layer, files, make_strike):
    groups_import(layer=layer, sources=files)
    layer_activate(layer_id=layer.id)
    strike = make_strike()
    exposure_compute(incident_ids=[strike.id])
    monitor = Client(**bearer(make_member(Role.MONITOR)))
    answer = monitor.get(f"/api/v1/incidents/{strike.id}/exposure/").json()
    assert answer["layer"]["groups_add_up"] is True
    assert [group["sex"] for group in answer["figures"][2]["groups"]] == ["female", "male"]
    result = asked({"polygon": SQUARE})
    assert sum(group["people"] for group in result["residents_by_group"]) == pytest.approx(
        result["residents"]
    )


def test_groups_that_do_not_add_up_are_taken_and_flagged(layer, make_raster):
    sources = {
        GIRLS: GroupSource(make_raster(CELLS * 0.25, name="girls.tif")),
        OTHERS: GroupSource(make_raster(CELLS * 0.7, name="others.tif")),
    }
    groups_import(layer=layer, sources=sources)
    layer.refresh_from_db()
    assert layer.groups_add_up is False
    assert AuditEntry.objects.get(action="layer.groups_imported").data["add_up"] is False


@pytest.mark.parametrize(
    "keys",
    [
        [GIRLS],
        [GIRLS, (Sex.ANY, AgeGroup.CHILD)],
        [(Sex.FEMALE, AgeGroup.ANY), (Sex.MALE, AgeGroup.CHILD)],
    ],
)
def test_groups_that_would_count_somebody_twice_are_refused(layer, files, keys):
    with pytest.raises(InvalidInput):
        groups_import(layer=layer, sources=dict.fromkeys(keys, files[GIRLS]))
    assert not PopulationGroup.objects.exists()


def test_another_grid_or_no_file_is_refused(layer, files, make_raster, tmp_path):
    odd = GroupSource(make_raster(CELLS, west=44.0, name="odd.tif"))
    for wrong in (odd, GroupSource(tmp_path / "none.tif")):
        with pytest.raises(InvalidInput):
            groups_import(layer=layer, sources=files | {OTHERS: wrong})
    assert not PopulationGroup.objects.exists()


def test_they_come_once_and_before_the_layer_is_in_use(layer, files, import_layer):
    groups_import(layer=layer, sources=files)
    with pytest.raises(Conflict):
        groups_import(layer=layer, sources=files)
    other = import_layer(CELLS * 2, name="other.tif")
    layer_activate(layer_id=other.id)
    with pytest.raises(Conflict):
        groups_import(layer=other, sources=files)


def test_the_command_takes_bands_and_files(db, make_raster, capsys):
    path = make_raster(np.stack([CELLS, CELLS * 0.25, CELLS * 0.75]))
    words = ("--provider", "P", "--year", "2020", "--licence", "L", "--attribution", "A")
    call_command(
        "import_population", path, *words, "--band", "1", "--group", "female:any=2",
        "--group", "male:any=3",
    )  # fmt: skip
    assert "people in its groups" in capsys.readouterr().out
    assert [group.label for group in PopulationGroup.objects.order_by("sex")] == [
        "female/any", "male/any",
    ]  # fmt: skip
    for odd in ("female=2", "women:any=2", "female:any=", "female:old=2"):
        with pytest.raises(CommandError):
            call_command("import_population", path, *words, "--band", "1", "--group", odd)
