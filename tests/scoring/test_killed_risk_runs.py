"""A worker killed mid-run leaves nothing of it, and the next sweep begins anew."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from scoring.models import RiskCell, RiskRun
from scoring.risk_selectors import risk_served
from scoring.services.layers import layer_activate
from scoring.services.risk_record import record_run_if_due
from tests.support.processes import wait_until

SOURCE = RiskRun.Source.RECORD


@pytest.fixture
def good(committed_db, monkeypatch, tmp_path, import_layer, make_strike):
    monkeypatch.setenv("LAYERS_DIR", str(tmp_path / "layers"))
    layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)
    ago = timezone.now() - timedelta(days=9)
    make_strike(time_start=ago, time_end=ago)
    yesterday = timezone.now() - timedelta(days=1)
    return record_run_if_due(now=yesterday)


def test_a_killed_run_leaves_no_cells_and_the_last_good_one_served(good, start_child):
    child = start_child("tests.support.scoring.risk_and_die")
    assert child.died()
    assert RiskRun.objects.filter(state="running").count() == 1
    assert set(RiskCell.objects.values_list("run", flat=True)) == {good.id}
    assert risk_served(SOURCE) == good
    anew = record_run_if_due()
    assert anew.state == "finished"
    assert risk_served(SOURCE) == anew
    assert RiskRun.objects.get(state="failed").error == "its worker died"


def test_while_one_computes_nobody_else_does_and_the_last_good_one_is_served(
    good, start_child, tmp_path
):
    started = tmp_path / "started"
    child = start_child("tests.support.scoring.risk_and_hang", started)
    child.wait_until(started.exists, "a run")
    assert record_run_if_due() is None
    assert risk_served(SOURCE) == good
    child.kill()
    assert wait_until(record_run_if_due, "the lock to fall").state == "finished"
