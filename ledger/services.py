"""Writing to the ledger. Both demand an open transaction: no change without its entry."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import connection

from core.canonical import canonical_json
from core.copying import Row, row_of, rows_copy
from ledger.consumers import consumers_of
from ledger.models import AuditEntry, Delivery, DomainEvent
from ledger.wake import wake_dispatcher, wake_sealer

SYSTEM_LABEL = "system"


class ActorLike(Protocol):
    """Who acts, as far as the ledger needs to know."""

    @property
    def id(self) -> UUID:
        """Return the user's id."""

    @property
    def label(self) -> str:
        """Return how the ledger calls them, now and for good."""


def _demand_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written only inside the transaction of the change")


def _sealable(data: Any) -> Any:
    """Return data as the sealer will read them; ``ValueError`` for what could never be sealed."""
    return msgspec.json.decode(canonical_json(data))


def audit_record(
    *,
    actor: ActorLike | None,
    action: str,
    object_type: str,
    object_id: UUID,
    object_label: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Record that ``actor`` (None: the system itself) did ``action`` to an object."""
    entry = AuditEntry(
        actor_id=actor.id if actor else None,
        actor_label=actor.label if actor else SYSTEM_LABEL,
        action=action,
        object_type=object_type,
        object_id=object_id,
        object_label=object_label,
        reason=reason,
        data=data or {},
    )
    audit_record_many(entries=[entry])
    return entry


def audit_record_many(*, entries: Sequence[AuditEntry | Row]) -> None:
    """Record many prepared entries at once (bulk import)."""
    _demand_transaction()
    for entry in entries:
        entry.data = _sealable(entry.data)
    rows_copy(AuditEntry, map(vars, entries))
    wake_sealer()


def event_emit(
    *, kind: str, object_type: str, object_id: UUID, payload: dict[str, Any] | None = None
) -> DomainEvent:
    """Put one event into the outbox, with a delivery for each consumer of its kind.

    The caller holds a lock on the object, so that the events of one object are numbered in order.
    """
    event = DomainEvent(
        kind=kind, object_type=object_type, object_id=object_id, payload=payload or {}
    )
    event_emit_many(events=[event])
    return event


def event_emit_many(*, events: Sequence[DomainEvent | Row]) -> None:
    """Put many prepared events into the outbox at once (bulk import)."""
    _demand_transaction()
    for event in events:
        event.payload = _sealable(event.payload)
    rows_copy(DomainEvent, map(vars, events))
    consumers = {kind: consumers_of(kind) for kind in {event.kind for event in events}}
    deliveries = [
        row_of(Delivery, event_id=event.id, consumer=consumer.name, object_id=event.object_id)
        for event in events
        for consumer in consumers[event.kind]
    ]
    rows_copy(Delivery, map(vars, deliveries))
    for kind in sorted(consumers):
        for consumer in consumers[kind]:
            wake_dispatcher(consumer)
    wake_sealer()
