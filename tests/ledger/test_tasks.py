"""The workers' tasks: each does its part even where another's fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from ledger import dispatch, tasks
from ledger.models import AuditEntry, Delivery

SEALED: list[str] = []
SEALERS = (f"{__name__}.broken", f"{__name__}.working")


def broken() -> None:
    raise ValueError("this one cannot")


def working() -> None:
    SEALED.append("once")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return what the sweep sends: consumer and queue."""
    messages: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks, "send", lambda task, name, queue: messages.append((name, queue)))
    return messages


def test_a_sealer_that_fails_does_not_keep_the_next_from_sealing(settings: Any) -> None:
    settings.LEDGER_SEALERS = f"{__name__}.SEALERS"
    with pytest.raises(ExceptionGroup, match="sealing failed"):
        tasks.seal()
    assert SEALED == ["once"]


def test_the_sweep_seals_and_tells_each_consumer_that_has_work(
    db: None, emit: Callable[..., Any], sent: list[tuple[str, str]]
) -> None:
    emit("test.both")
    tasks.sweep()

    assert sent == [("test.one", "default"), ("test.two", "scoring")]
    assert not AuditEntry.objects.filter(seq=None).exists()


def test_the_sweep_finds_what_was_abandoned_but_not_what_is_at_work_or_waits(
    db: None, emit: Callable[..., Any], sent: list[tuple[str, str]]
) -> None:
    emit()
    now = timezone.now()
    for state, times, expected in (
        ("done", {"finished_at": now}, []),
        ("parked", {"finished_at": now}, []),
        ("pending", {"finished_at": None, "not_before": now + dispatch.FIRST_BACKOFF * 10}, []),
        ("claimed", {"claimed_at": now}, []),
        ("claimed", {"claimed_at": now - 2 * dispatch.ABANDONED_AFTER}, [("test.one", "default")]),
    ):
        sent.clear()
        Delivery.objects.update(state=state, **times)
        tasks.sweep()
        assert sent == expected, state


def test_dispatching_hands_over(db: None, emit: Callable[..., Any], handled: Any) -> None:
    event = emit()
    tasks.dispatch("test.one")
    assert handled() == [str(event.id)]
