"""What scoring does when something happened. Wired in ``config/consumers.py``."""

from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from core.ids import uuid7
from incidents.selectors import strike_ids
from ledger.models import DomainEvent
from ledger.services import event_emit_many
from scoring.selectors import active_layer
from scoring.services.exposure import exposure_compute

# Incidents in one piece of rescoring work: some seconds of computing, then it is committed.
BLOCK = 1000


def incidents_changed(events: Sequence[DomainEvent]) -> None:
    """Score the strikes among the incidents that were opened or changed."""
    exposure_compute(incident_ids={event.object_id for event in events})


def layer_activated(events: Sequence[DomainEvent]) -> None:
    """Cut all strikes into blocks, each an event of its own, so that workers share the work."""
    layer = active_layer()
    if layer is None:
        return
    ids = strike_ids().iterator(chunk_size=BLOCK)
    event_emit_many(
        events=[
            DomainEvent(
                kind="exposure.requested",
                object_type="exposure_block",
                object_id=uuid7(),
                payload={"sha256": layer.sha256, "incident_ids": [str(id_) for id_ in block]},
            )
            for block in _blocks(ids)
        ]
    )


def exposure_requested(events: Sequence[DomainEvent]) -> None:
    """Score the incidents of blocks; those cut for a layer that is active no more are left out."""
    layer = active_layer()
    for event in events:
        if layer is not None and event.payload["sha256"] == layer.sha256:
            exposure_compute(incident_ids=[UUID(id_) for id_ in event.payload["incident_ids"]])


def _blocks(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while block := list(islice(ids, BLOCK)):
        yield block
