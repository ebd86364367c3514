"""Events of one object are handled in order; those of others do not wait."""

from collections.abc import Callable
from typing import Any

import pytest

from core.ids import uuid7
from ledger import dispatch as dispatching
from ledger.dispatch import dispatch
from ledger.models import AuditEntry, Delivery

Emit = Callable[..., Any]
Handled = Callable[[], list[str]]


def test_events_are_handled_once_and_marked_done(
    db: None, emit: Emit, handled: Handled, states: Callable[[], Any]
) -> None:
    events = [emit(n=number) for number in range(3)]

    assert dispatch("test.one") == 3
    assert dispatch("test.one") == 0

    assert handled() == [str(event.id) for event in events]
    assert states() == [("done", 1)] * 3
    assert not Delivery.objects.filter(finished_at=None).exists()


def test_each_consumer_gets_its_own(db: None, emit: Emit, handled: Handled) -> None:
    event = emit("test.both")

    assert dispatch("test.one") == 1
    assert handled() == [str(event.id)]
    assert dispatch("test.two") == 1
    assert handled() == [str(event.id)] * 2


def test_events_of_different_objects_come_by_the_batch(db: None, emit: Emit) -> None:
    for _ in range(12):
        emit()

    assert dispatch("test.one") == 12

    sizes = AuditEntry.objects.order_by("id").values_list("data__batch", flat=True)
    assert list(sizes) == [10] * 10 + [2] * 2, "the consumer's batch is 10"


def test_events_of_one_object_come_one_after_the_other(
    db: None, emit: Emit, handled: Handled
) -> None:
    thing = uuid7()
    events = [emit(object_id=thing, n=number) for number in range(4)]

    assert dispatch("test.one") == 4

    assert handled() == [str(event.id) for event in events]
    sizes = AuditEntry.objects.values_list("data__batch", flat=True)
    assert set(sizes) == {1}


def test_what_follows_a_failed_event_of_its_object_waits(
    db: None, emit: Emit, handled: Handled, states: Callable[[], Any]
) -> None:
    thing = uuid7()
    emit(object_id=thing, fail="broken")
    emit(object_id=thing)
    other = emit()

    dispatch("test.one")

    assert handled() == [str(other.id)]
    assert states() == [("pending", 2), ("pending", 0), ("done", 2)]


def test_what_follows_a_parked_event_of_its_object_waits_until_it_is_unparked(
    db: None, emit: Emit, handled: Handled, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(dispatching, "MAX_ATTEMPTS", 1)
    broken = tmp_path / "broken"
    broken.touch()
    thing = uuid7()
    events = [emit(object_id=thing, fail_while=str(broken)), emit(object_id=thing)]

    dispatch("test.one")
    broken.unlink()
    dispatch("test.one")
    assert handled() == []

    assert dispatching.deliveries_unpark(consumer="test.one") == 1
    assert dispatch("test.one") == 2
    assert handled() == [str(event.id) for event in events]


def test_a_dispatch_ends_after_a_while(
    db: None, emit: Emit, handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "CLAIMING_S", 0.0)
    emit()

    assert dispatch("test.one") == 0
    assert handled() == []
