"""One layer is active at a time, and everything is scored anew by it."""

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, NotFound
from core.ids import uuid7
from ledger.models import AuditEntry, DomainEvent
from scoring.models import PopulationLayer
from scoring.selectors import active_layer, layer_matching
from scoring.services.layers import layer_activate

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_layers(import_layer):
    return [import_layer(np.full((9, 9), float(n)), name=f"{n}.tif") for n in (1, 2)]


def test_activation_switches_and_keeps_the_old_layer(two_layers):
    first, second = two_layers
    assert active_layer() is None
    layer_activate(layer_id=first.id)
    assert active_layer() == first
    layer_activate(layer_id=second.id)
    assert active_layer() == second
    assert PopulationLayer.objects.count() == 2
    first.refresh_from_db()
    assert not first.is_active
    assert first.activated_at is not None


def test_activation_is_announced_and_audited(two_layers):
    first, second = two_layers
    layer_activate(layer_id=first.id)
    layer_activate(layer_id=second.id)
    events = DomainEvent.objects.filter(kind="layer.activated").order_by("id")
    assert [(event.object_type, event.object_id) for event in events] == [
        ("population_layer", first.id),
        ("population_layer", second.id),
    ]
    assert events[1].payload == {"sha256": second.sha256}
    entry = AuditEntry.objects.get(action="layer.activated", object_id=second.id)
    assert entry.data == {"sha256": second.sha256, "before": [str(first.id)]}


def test_the_active_layer_again_changes_nothing(two_layers):
    layer_activate(layer_id=two_layers[0].id)
    layer_activate(layer_id=two_layers[0].id)
    assert DomainEvent.objects.filter(kind="layer.activated").count() == 1


def test_the_database_holds_one_active_layer(two_layers):
    layer_activate(layer_id=two_layers[0].id)
    with pytest.raises(IntegrityError, match="layer_one_active"), transaction.atomic():
        PopulationLayer.objects.filter(id=two_layers[1].id).update(
            is_active=True, activated_at=two_layers[1].created_at
        )


def test_it_refuses_an_unknown_layer_and_one_whose_file_is_gone(two_layers, layers_dir):
    with pytest.raises(NotFound):
        layer_activate(layer_id=uuid7())
    (layers_dir / two_layers[0].file_name).unlink()
    with pytest.raises(Conflict, match="missing or damaged"):
        layer_activate(layer_id=two_layers[0].id)
    assert active_layer() is None


def test_layers_are_found_by_id_and_by_the_beginning_of_their_checksum(two_layers):
    first, second = two_layers
    assert layer_matching(str(first.id)) == first
    assert layer_matching(second.sha256[:8].upper()) == second
    for reference in ("", second.sha256[:5], "zzzzzz", str(uuid7())):
        with pytest.raises(NotFound):
            layer_matching(reference)


def test_a_beginning_that_several_share_is_refused(two_layers):
    for layer, digits in zip(two_layers, ("a", "b"), strict=True):
        PopulationLayer.objects.filter(id=layer.id).update(sha256="123456" + digits * 58)
    with pytest.raises(Conflict):
        layer_matching("123456")
