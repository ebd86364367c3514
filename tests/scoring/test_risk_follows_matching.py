"""What monitors and matching say of likely duplicates is a reason for a new run."""

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Role
from incidents.models import MatchSuggestion
from incidents.services.matching import match_dismiss, matches_refresh
from ledger.sealing import seal
from scoring.services import risk
from scoring.services.layers import layer_activate
from scoring.services.risk_record import record_run_if_due
from tests.factories import make_actor


@pytest.fixture
def layer(db, import_layer, monkeypatch):
    today = risk.first_day_ahead(timezone.now())  # midnight would be a reason of its own
    monkeypatch.setattr(risk, "first_day_ahead", lambda now: today)
    return layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)


def run_once_at_rest():
    """Make the run that is due once what happened last has come to rest; None if none is."""
    seal()
    return record_run_if_due(now=timezone.now() + risk.QUIET)


def test_a_pair_found_and_then_dismissed_is_counted_so_by_the_next_run(layer, make_strike):
    one, other = make_strike(), make_strike()
    assert record_run_if_due().inputs["likely_duplicate_pairs"] == 0
    assert run_once_at_rest() is None
    matches_refresh(incident_ids=[one.id, other.id])
    assert run_once_at_rest().inputs["likely_duplicate_pairs"] == 1
    matches_refresh(incident_ids=[one.id, other.id])
    assert run_once_at_rest() is None
    match_dismiss(
        actor=make_actor(Role.MONITOR), match_id=MatchSuggestion.objects.get().id, reason="Two."
    )
    assert run_once_at_rest().inputs["likely_duplicate_pairs"] == 0
