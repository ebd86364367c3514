"""No change without its entry: ledger and outbox are written in the transaction of the change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from core.canonical import canonical_json
from core.ids import uuid7
from ledger.models import AuditEntry, Delivery, DomainEvent
from ledger.services import audit_record, audit_record_many, event_emit, event_emit_many


@dataclass
class Somebody:
    id: UUID
    label: str


def event(kind: str = "test.happened", **payload: Any) -> DomainEvent:
    return DomainEvent(kind=kind, object_type="thing", object_id=uuid7(), payload=payload)


def test_nothing_is_recorded_outside_of_a_transaction(committed_db: object) -> None:
    with pytest.raises(RuntimeError, match="only inside the transaction"):
        audit_record(actor=None, action="a", object_type="thing", object_id=uuid7())
    with pytest.raises(RuntimeError, match="only inside the transaction"):
        event_emit(kind="test.happened", object_type="thing", object_id=uuid7())


def test_an_entry_goes_with_the_change_that_is_rolled_back(db: None, consumers: None) -> None:
    with transaction.atomic():
        audit_record(actor=None, action="a", object_type="thing", object_id=uuid7())
        event_emit(kind="test.happened", object_type="thing", object_id=uuid7())
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    assert not DomainEvent.objects.exists()
    assert not Delivery.objects.exists()


def test_an_entry_copies_the_name_of_who_acted(db: None) -> None:
    actor = Somebody(uuid7(), "Layla (Some NGO)")
    audit_record(actor=actor, action="a", object_type="thing", object_id=uuid7(), reason="why")
    audit_record(actor=None, action="b", object_type="thing", object_id=uuid7())

    named = AuditEntry.objects.order_by("id").values_list("actor_id", "actor_label", "reason")
    assert list(named) == [(actor.id, "Layla (Some NGO)", "why"), (None, "system", "")]


def test_an_event_is_delivered_to_each_consumer_of_its_kind(db: None, consumers: None) -> None:
    both = event_emit(kind="test.both", object_type="thing", object_id=uuid7())
    event_emit(kind="test.nobody_wants_this", object_type="thing", object_id=uuid7())

    deliveries = Delivery.objects.order_by("consumer").values_list("consumer", "event", "object_id")
    assert list(deliveries) == [
        ("test.one", both.id, both.object_id),
        ("test.two", both.id, both.object_id),
    ]


def test_what_is_stored_is_what_will_be_sealed(db: None) -> None:
    given = {"when": datetime(2026, 1, 2, tzinfo=UTC), "who": uuid7(), "n": 1.0, "large": 1e300}
    entry = audit_record(actor=None, action="a", object_type="t", object_id=uuid7(), data=given)

    stored = AuditEntry.objects.get().data
    assert stored["when"] == "2026-01-02T00:00:00Z"
    assert canonical_json(stored) == canonical_json(entry.data) == canonical_json(given)


@pytest.mark.parametrize("data", [{"n": float("nan")}, {"n": 2**53 + 1}, {"t": "\ud800"}])
def test_what_could_never_be_sealed_is_refused_at_once(
    db: None, consumers: None, data: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"domain|representable|surrogates"):
        audit_record(actor=None, action="a", object_type="t", object_id=uuid7(), data=data)
    with pytest.raises(ValueError, match=r"domain|representable|surrogates"):
        event_emit_many(events=[event(**data)])
    assert not AuditEntry.objects.exists()
    assert not DomainEvent.objects.exists()


def test_many_are_written_with_a_handful_of_statements(
    db: None, consumers: None, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    entries = [
        AuditEntry(actor_label="x", action="a", object_type="t", object_id=uuid7())
        for _ in range(500)
    ]
    with django_assert_max_num_queries(6):
        audit_record_many(entries=entries)
        event_emit_many(events=[event() for _ in range(500)])
    assert AuditEntry.objects.count() == Delivery.objects.count() == 500


def test_workers_are_told_once_after_the_commit(
    db: None,
    consumers: None,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr("ledger.wake.send", lambda *args, queue: sent.append((*args, queue)))

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        event_emit_many(events=[event("test.both"), event(), event("test.both")])
        audit_record(actor=None, action="a", object_type="thing", object_id=uuid7())
        assert sent == []

    assert sorted(sent) == [
        ("ledger.tasks.dispatch", "test.one", "default"),
        ("ledger.tasks.dispatch", "test.two", "scoring"),
        ("ledger.tasks.seal", "default"),
    ]
