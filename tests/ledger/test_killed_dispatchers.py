"""A handler that kills its process: its attempt counts, and nothing half done stays."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger.dispatch import dispatch
from ledger.models import AuditEntry, Delivery
from tests.support.consumers import HANDLED
from tests.support.processes import Child

DISPATCH = "tests.support.children.dispatch_soon_again"
Start = Callable[..., Child]
Emit = Callable[..., Any]
Handled = Callable[[], list[str]]


def test_a_killer_is_parked_and_its_neighbours_are_handled(
    start_child: Start, emit: Emit, handled: Handled
) -> None:
    before, killer, after = emit(), emit(kill=True), emit()

    attempts = 3
    for _ in range(attempts):
        assert start_child(DISPATCH, "test.one", attempts).died()
    start_child(DISPATCH, "test.one", attempts).result()

    parked = Delivery.objects.get(state="parked")
    assert parked.event_id == killer.id
    assert parked.error == "its worker died at every attempt"
    assert sorted(handled()) == sorted([str(before.id), str(after.id)])


def test_a_process_killed_in_its_work_leaves_nothing_half_done(
    start_child: Start, emit: Emit, handled: Handled, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    events = [emit(), emit(wait_for=str(go))]
    first = start_child(DISPATCH, "test.one")
    first.wait_until(Path(f"{go}.started").exists, "a handler at work")
    assert set(Delivery.objects.values_list("state", "attempts")) == {("claimed", 1)}
    first.kill()

    assert not AuditEntry.objects.filter(action=HANDLED).exists()
    go.touch()
    start_child(DISPATCH, "test.one").result()

    assert sorted(handled()) == sorted(str(event.id) for event in events)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 2)}


def test_work_that_takes_long_is_not_taken_over(
    start_child: Start, emit: Emit, handled: Handled, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    slow = emit(wait_for=str(go))
    first = start_child(DISPATCH, "test.one")
    first.wait_until(Path(f"{go}.started").exists, "a handler at work")
    assert start_child(DISPATCH, "test.one").result() == "0\n"
    other = emit()
    assert dispatch("test.one") == 1
    go.touch()

    assert first.result() == "1\n"
    assert handled() == [str(slow.id), str(other.id)]
