"""A handler that fails: its work is undone, its neighbours go on, in the end it is parked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from ledger import dispatch as dispatching
from ledger.dispatch import FIRST_BACKOFF, MAX_ATTEMPTS, dispatch
from ledger.models import AuditEntry, Delivery
from tests.support.consumers import HANDLED

Emit = Callable[..., Any]
Handled = Callable[[], list[str]]


def let_time_pass() -> None:
    """Make everything due that waits for another attempt."""
    Delivery.objects.filter(state="pending").update(not_before=timezone.now())


def test_a_failing_batch_is_taken_apart(
    db: None, emit: Emit, handled: Handled, states: Callable[[], Any]
) -> None:
    before, bad, after = emit(), emit(fail="broken"), emit()

    assert dispatch("test.one") == 2

    assert handled() == [str(before.id), str(after.id)]
    assert states() == [("done", 2), ("pending", 2), ("done", 2)]
    assert Delivery.objects.get(event=bad).error == "ValueError: broken"


def test_what_a_handler_wrote_before_it_failed_is_rolled_back(db: None, emit: Emit) -> None:
    emit(fail="after the entry was written")
    dispatch("test.one")
    assert not AuditEntry.objects.filter(action=HANDLED).exists()


def test_a_failed_event_is_tried_again_after_longer_and_longer_waits(db: None, emit: Emit) -> None:
    emit(fail="broken")
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        let_time_pass()
        dispatch("test.one")
        waits.append(Delivery.objects.get().not_before - timezone.now())
        assert dispatch("test.one") == 0, "not before its time"

    expected = [FIRST_BACKOFF * 4**n for n in range(MAX_ATTEMPTS - 1)]
    for wait, wanted in zip(waits, expected, strict=True):
        assert timedelta() <= wanted - wait < timedelta(seconds=2)


def test_an_event_that_keeps_failing_is_parked_with_its_error(
    db: None, emit: Emit, handled: Handled
) -> None:
    emit(fail="brokenNUL for good")
    other = emit()
    for _ in range(MAX_ATTEMPTS + 2):
        let_time_pass()
        dispatch("test.one")

    parked = Delivery.objects.get(state="parked")
    assert (parked.attempts, parked.error) == (MAX_ATTEMPTS, "ValueError: broken for good")
    assert parked.finished_at is not None
    assert handled() == [str(other.id)]


def test_an_event_whose_cause_of_failing_went_is_handled(
    db: None, emit: Emit, handled: Handled, tmp_path: Any
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    event = emit(fail_while=str(broken))
    dispatch("test.one")
    broken.unlink()
    let_time_pass()

    assert dispatch("test.one") == 1
    assert handled() == [str(event.id)]
    assert Delivery.objects.get().error == ""


def test_a_parked_event_can_be_given_a_new_start(
    db: None,
    emit: Emit,
    handled: Handled,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(dispatching, "MAX_ATTEMPTS", 1)
    broken = tmp_path / "broken"
    broken.touch()
    event = emit(fail_while=str(broken))
    dispatch("test.one")
    broken.unlink()

    call_command("deliveries_unpark", "test.one")

    assert capsys.readouterr().out == "1 events will be tried again.\n"
    assert dispatch("test.one") == 1
    assert handled() == [str(event.id)]


def test_what_another_took_over_is_left_alone(
    db: None, emit: Emit, handled: Handled, states: Callable[[], Any]
) -> None:
    """A process that was stopped between its claim and its work finds that it came too late."""
    emit()
    late = dispatching._claim(dispatching.consumer_named("test.one"), dispatching._FRESH, 10)
    assert late is not None
    Delivery.objects.update(attempts=2)  # as another's claim of it

    assert dispatching._attempt(dispatching.consumer_named("test.one"), late) == 0
    dispatching._put_back(late, "too late")

    assert handled() == []
    assert states() == [("claimed", 2)]
