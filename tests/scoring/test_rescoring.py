"""Scoring everything anew: shared by workers, resumed after a death, visible, each once."""

from threading import Barrier

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from ledger.dispatch import dispatch
from ledger.models import Delivery
from scoring.engine.exposure import FORMULA_VERSION
from scoring.models import Exposure, Rescoring, ScoringBlock
from scoring.selectors import rescorings
from scoring.services import rescoring
from scoring.services.layers import layer_activate, layer_put_beside
from scoring.services.rescoring import block_score, rescoring_begin, rescoring_begin_if_due
from tests.factories import bearer, make_member
from tests.support.at_once import at_once

NUMBERS = ("incident_id", "layer_id", "low", "best", "high", "expected", "data_fraction")


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(rescoring, "BLOCK", 3)
    monkeypatch.setattr(rescoring, "VAGUE_BLOCK", 2)


def _layer(import_layer, value=5.0, name="layer.tif"):
    return import_layer(np.full((60, 60), value), name=name)


def _rows(**which):
    return sorted(Exposure.objects.filter(**which).values_list(*NUMBERS))


def _progress():
    (run,) = rescorings()
    return run.done, run.total


def test_nothing_in_the_database_is_a_run_of_nothing(db, import_layer):
    layer_activate(layer_id=_layer(import_layer).id)
    dispatch("scoring.layer")
    assert _progress() == (0, 0)
    assert not ScoringBlock.objects.exists()


def test_one_incident_is_one_block(db, import_layer, make_strike):
    strike = make_strike()
    layer_activate(layer_id=_layer(import_layer).id)
    dispatch("scoring.layer")
    assert _progress() == (0, 1)
    dispatch("scoring.rescore")
    assert _progress() == (1, 1)
    assert Exposure.objects.get().incident == strike


def test_all_at_one_point_get_the_same_figures(db, import_layer, make_strike, small_blocks):
    for _ in range(7):
        make_strike()
    rescoring_begin(layer=_activated(import_layer))
    dispatch("scoring.rescore")
    assert len({str(row[2:]) for row in _rows()}) == 1
    assert len(_rows()) == 7


def _activated(import_layer):
    return layer_activate(layer_id=_layer(import_layer).id)


def test_exact_and_vague_places_go_into_blocks_of_their_own(
    db, import_layer, make_strike, small_blocks
):
    for number in range(4):
        make_strike((43.1 + number / 50, 33.7))
        make_strike((43.1 + number / 50, 33.7), uncertainty_m=500.0)
    make_strike(None, uncertainty_m=None)
    rescoring_begin(layer=_activated(import_layer))
    assert [block.size for block in ScoringBlock.objects.order_by("id")] == [3, 2, 2, 2]
    dispatch("scoring.rescore")
    assert len(_rows()) == 9


def test_a_block_done_again_changes_nothing(db, import_layer, make_strike):
    make_strike()
    rescoring_begin(layer=_activated(import_layer))
    block = ScoringBlock.objects.get()
    block_score(block_id=block.id)
    first, done = _rows(), ScoringBlock.objects.get().done_at
    block_score(block_id=block.id)
    assert _rows() == first
    assert ScoringBlock.objects.get().done_at == done


def test_a_layer_that_is_gone_keeps_its_blocks_waiting_and_they_are_done_once_it_is_back(
    db, import_layer, make_strike, layers_dir
):
    make_strike()
    layer = _activated(import_layer)
    rescoring_begin(layer=layer)
    stored = layers_dir / layer.file_name
    content = stored.read_bytes()
    for spoilt in (b"rubbish", None):
        stored.write_bytes(spoilt) if spoilt else stored.unlink()
        assert dispatch("scoring.rescore") == 0
        Delivery.objects.update(not_before="2014-01-01T00:00Z")
    assert not _rows()
    assert _progress() == (0, 1)
    given_up = {"state": "parked", "finished_at": timezone.now()}
    Delivery.objects.filter(consumer="scoring.rescore").update(**given_up)
    assert rescorings().get().stuck == 1
    stored.write_bytes(content)
    call_command("deliveries_unpark", "scoring.rescore")
    dispatch("scoring.rescore")
    assert _progress() == (1, 1)


def test_a_layer_beside_the_active_one_is_scored_too_and_changes_follow(
    db, import_layer, make_strike
):
    from scoring.handlers import incidents_changed
    from tests.scoring.test_scoring_handlers import _event

    strike = make_strike()
    one, two = _layer(import_layer, 1.0, "1.tif"), _layer(import_layer, 2.0, "2.tif")
    layer_activate(layer_id=one.id)
    layer_put_beside(layer_id=two.id)
    dispatch("scoring.layer")
    dispatch("scoring.rescore")
    (first,), (second,) = _rows(layer=one), _rows(layer=two)
    assert second[2] == pytest.approx([2 * people for people in first[2]])
    type(strike).objects.update(version=2, location="POINT(43.3 33.8)")
    incidents_changed([_event("incident.changed", strike.id)])
    dispatch("scoring.rescore")
    assert set(Exposure.objects.values_list("incident_version", flat=True)) == {2}
    assert Exposure.objects.count() == 2


def test_progress_is_seen_by_those_who_read_the_record(db, import_layer, make_strike, capsys):
    make_strike()
    rescoring_begin(layer=_activated(import_layer))
    dispatch("scoring.rescore")
    (run,) = (
        Client(**bearer(make_member(Role.MONITOR))).get("/api/v1/rescorings/").json()["results"]
    )
    assert (run["done"], run["total"], run["left_out"], run["stuck"]) == (1, 1, 0, 0)
    assert run["layer"]["sha256"]
    for role in (Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR):
        answer = Client(**bearer(make_member(role))).get("/api/v1/rescorings/")
        assert answer.status_code == 403
    call_command("rescoring_progress")
    assert "1 of 1 incidents" in capsys.readouterr().out
    call_command("rescore_incidents")
    assert Rescoring.objects.count() == 2


def test_workers_share_the_blocks_and_do_each_once(
    committed_db, import_layer, make_strike, small_blocks
):
    for number in range(20):
        make_strike((43.1 + number / 100, 33.7))
    rescoring_begin(layer=_activated(import_layer))
    assert at_once(*[lambda: dispatch("scoring.rescore")] * 2) == ["done", "done"]
    assert len(_rows()) == 20
    attempts = Delivery.objects.filter(consumer="scoring.rescore").values_list("attempts", "state")
    assert set(attempts) == {(1, "done")}


def test_a_worker_killed_in_a_block_loses_and_doubles_nothing(
    committed_db, import_layer, make_strike, small_blocks, start_child, layers_dir, monkeypatch
):
    monkeypatch.setenv("LAYERS_DIR", str(layers_dir))
    for number in range(8):
        make_strike((43.1 + number / 100, 33.7))
    rescoring_begin(layer=_activated(import_layer))
    child = start_child("tests.support.scoring.score_and_die", "2")
    assert child.died()
    assert _progress() == (3, 8)
    assert len(_rows()) == 3
    before = _rows()
    start_child("tests.support.children.dispatch_soon_again", "scoring.rescore").result()
    assert _progress() == (8, 8)
    assert len(_rows()) == 8
    assert set(map(str, before)) <= set(map(str, _rows()))


def test_a_layer_switched_while_blocks_run_mixes_no_two_layers(
    committed_db, import_layer, make_strike, small_blocks, monkeypatch
):
    for number in range(9):
        make_strike((43.1 + number / 100, 33.7))
    one, two = _layer(import_layer, 1.0, "1.tif"), _layer(import_layer, 2.0, "2.tif")
    rescoring_begin(layer=layer_activate(layer_id=one.id))
    meet, compute = Barrier(2), rescoring.exposure_compute
    met = []

    def compute_and_meet(**arguments):
        rows = compute(**arguments)
        if not met:
            met.append(meet.wait(120))  # its rows are written, not committed
            meet.wait(120)  # until the other layer is active
        return rows

    monkeypatch.setattr(rescoring, "exposure_compute", compute_and_meet)

    def switch():
        meet.wait(120)
        layer_activate(layer_id=two.id)
        meet.wait(120)

    assert at_once(lambda: dispatch("scoring.rescore"), switch) == ["done", "done"]
    dispatch("scoring.layer")
    dispatch("scoring.rescore")
    for layer, least in ((one, 1), (two, 9)):
        rows = Exposure.objects.filter(layer=layer)
        assert rows.count() >= least
        assert set(rows.values_list("layer_sha256", flat=True)) == {layer.sha256}
    ones = dict(Exposure.objects.filter(layer=one).values_list("incident", "expected"))
    for incident, expected in Exposure.objects.filter(layer=two).values_list(
        "incident", "expected"
    ):
        if incident in ones:
            assert expected == pytest.approx([2 * people for people in ones[incident]])


def test_figures_that_an_upgrade_left_behind_are_made_anew_once(db, import_layer, make_strike):
    strike = make_strike()
    layer_activate(layer_id=_layer(import_layer).id)
    dispatch("scoring.layer")
    dispatch("scoring.rescore")
    rescoring_begin_if_due()
    assert Rescoring.objects.count() == 1
    for rows in (Exposure.objects.all(), Rescoring.objects.all()):
        rows.update(formula_version="exposure-2", profiles_version="")
    rescoring_begin_if_due()
    rescoring_begin_if_due()
    assert Rescoring.objects.count() == 2
    dispatch("scoring.rescore")
    versions = Exposure.objects.filter(incident=strike).values_list("formula_version", flat=True)
    assert sorted(versions) == ["exposure-2", FORMULA_VERSION]
