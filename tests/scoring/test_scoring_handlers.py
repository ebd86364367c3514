"""What scoring does with events."""

import numpy as np
import pytest

from core.ids import uuid7
from ledger.models import DomainEvent
from scoring import handlers
from scoring.models import Exposure, ScoringBlock
from scoring.selectors import exposure_of
from scoring.services import rescoring
from scoring.services.layers import layer_activate

pytestmark = pytest.mark.django_db


def _event(kind, object_id=None, **payload):
    return DomainEvent(kind=kind, object_type="x", object_id=object_id or uuid7(), payload=payload)


@pytest.fixture
def layer(import_layer):
    layer = import_layer(np.full((60, 60), 5.0))
    layer_activate(layer_id=layer.id)
    return layer


def test_opened_and_changed_incidents_are_scored_together(layer, make_strike):
    strikes = [make_strike() for _ in range(3)]
    events = [_event("incident.opened", strike.id) for strike in strikes]
    handlers.incidents_changed([*events, _event("incident.changed", strikes[0].id)])
    assert Exposure.objects.count() == 3


def test_an_event_of_an_incident_that_is_not_there_harms_nothing(layer, make_strike):
    strike = make_strike()
    handlers.incidents_changed([_event("incident.opened"), _event("incident.opened", strike.id)])
    assert exposure_of(strike.id)


def test_an_activated_layer_has_all_incidents_scored_in_blocks(layer, make_strike, monkeypatch):
    monkeypatch.setattr(rescoring, "BLOCK", 2)
    strikes = [make_strike() for _ in range(5)]
    handlers.layer_activated([_event("layer.activated", layer.id)])
    blocks = list(ScoringBlock.objects.order_by("id"))
    assert [block.size for block in blocks] == [2, 2, 1]
    assert sorted(id_ for block in blocks for id_ in block.incident_ids) == sorted(
        strike.id for strike in strikes
    )
    events = list(DomainEvent.objects.filter(kind="exposure.requested").order_by("id"))
    assert [event.object_id for event in events] == [block.id for block in blocks]
    assert not Exposure.objects.exists()
    handlers.exposure_requested(events)
    assert Exposure.objects.filter(layer=layer).count() == 5


def test_blocks_of_a_layer_that_is_active_no_more_are_left_out(layer, import_layer, make_strike):
    make_strike()
    handlers.layer_activated([_event("layer.activated", layer.id)])
    layer_activate(layer_id=import_layer(np.full((60, 60), 9.0), name="new.tif").id)
    handlers.exposure_requested(list(DomainEvent.objects.filter(kind="exposure.requested")))
    assert not Exposure.objects.exists()
    assert ScoringBlock.objects.get().outcome == "left_out"


def test_an_activation_that_was_undone_asks_for_nothing(db, make_strike):
    make_strike()
    handlers.layer_activated([_event("layer.activated")])
    assert not DomainEvent.objects.filter(kind="exposure.requested").exists()
