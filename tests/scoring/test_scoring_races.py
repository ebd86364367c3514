"""Several workers at once: nothing stale stays, no two layers are mixed, none is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connections

from incidents.models import Incident
from ledger.dispatch import dispatch
from scoring.models import Exposure, PopulationLayer
from scoring.selectors import exposure_of
from scoring.services import scoring as service
from scoring.services.layers import layer_activate
from scoring.services.scoring import exposure_compute

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def layers(committed_db, import_layer):
    return [import_layer(np.full((60, 60), float(n)), name=f"{n}.tif") for n in (1, 2)]


def _in_thread(pool, function, **arguments):
    def work():
        try:
            return function(**arguments)
        finally:
            connections.close_all()

    return pool.submit(work)


class _Pause:
    """Holds the first computation between its figures and the writing of its rows."""

    def __init__(self, monkeypatch):
        self.reached, self.go_on = threading.Event(), threading.Event()
        compute = service.exposure_figures

        def figures(*arguments):
            found = compute(*arguments)
            if not self.reached.is_set():
                self.reached.set()
                assert self.go_on.wait(120)
            return found

        monkeypatch.setattr(service, "exposure_figures", figures)


def test_a_worker_that_read_an_old_version_and_commits_last_changes_nothing(
    layers, make_strike, monkeypatch
):
    layer_activate(layer_id=layers[0].id)
    strike = make_strike((43.1, 33.75), uncertainty_m=0)
    pause = _Pause(monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        slow = _in_thread(pool, exposure_compute, incident_ids=[strike.id])
        assert pause.reached.wait(120)
        Incident.objects.filter(id=strike.id).update(version=2, location="POINT(10 10)")
        exposure_compute(incident_ids=[strike.id])
        pause.go_on.set()
        assert slow.result(30) == 1
    row = exposure_of(strike.id)
    assert (row.incident_version, row.unscored_reason) == (2, "outside_layer")


def test_a_layer_switched_while_scoring_mixes_nothing_and_all_are_scored_anew(
    layers, make_strike, monkeypatch
):
    first, second = layers
    layer_activate(layer_id=first.id)
    strikes = [make_strike((43.1 + n / 10, 33.75)) for n in range(3)]
    pause = _Pause(monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        slow = _in_thread(pool, exposure_compute, incident_ids=[one.id for one in strikes])
        assert pause.reached.wait(120)
        layer_activate(layer_id=second.id)
        pause.go_on.set()
        slow.result(30)
    old = list(Exposure.objects.order_by("incident"))
    assert {row.layer_id for row in old} == {first.id}
    assert exposure_of(strikes[0].id) is None

    dispatch("scoring.layer")
    dispatch("scoring.rescore")
    new = list(Exposure.objects.filter(layer=second).order_by("incident"))
    assert len(new) == len(old) == 3
    for one, two in zip(old, new, strict=True):
        assert two.expected == pytest.approx([2 * people for people in one.expected], rel=1e-12)


def test_two_activations_at_once_leave_one_active(layers):
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            waiting = [_in_thread(pool, layer_activate, layer_id=one.id) for one in layers]
            assert {one.result(30).id for one in waiting} == {one.id for one in layers}
            assert PopulationLayer.objects.filter(is_active=True).count() == 1


def test_two_workers_scoring_the_same_incidents_do_not_block_each_other_for_good(
    layers, make_strike
):
    layer_activate(layer_id=layers[0].id)
    ids = [make_strike((43.1 + n / 100, 33.75)).id for n in range(30)]
    with ThreadPoolExecutor(2) as pool:
        both = [
            _in_thread(pool, exposure_compute, incident_ids=order) for order in (ids, ids[::-1])
        ]
        assert [one.result(30) for one in both] == [30, 30]
    assert Exposure.objects.count() == 30
