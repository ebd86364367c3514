"""Two dispatchers in two processes share the work and never handle an event twice."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from core.ids import uuid7
from ledger.models import AuditEntry, Delivery
from tests.support.consumers import HANDLED
from tests.support.processes import Child

DISPATCH = "tests.support.children.dispatch_when"
OBJECTS, EACH = 40, 5


def test_every_event_is_handled_once_and_those_of_an_object_in_order(
    start_child: Callable[..., Child], emit: Callable[..., Any], tmp_path: Any
) -> None:
    things = [uuid7() for _ in range(OBJECTS)]
    events = {thing: [emit(object_id=thing, n=n) for n in range(EACH)] for thing in things}
    go = tmp_path / "go"
    dispatchers = [start_child(DISPATCH, go, "test.one") for _ in range(2)]
    for number, dispatcher in enumerate(dispatchers):
        dispatcher.wait_until(
            lambda: len(list(tmp_path.glob("*.ready"))) > number,  # noqa: B023
            "dispatchers that are ready",
        )
    go.touch()
    counts = [int(dispatcher.result()) for dispatcher in dispatchers]

    assert sum(counts) == OBJECTS * EACH
    assert min(counts) > 0, "both had their share"
    entries = list(AuditEntry.objects.filter(action=HANDLED))
    assert len({entry.data["pid"] for entry in entries}) == 2
    times = Counter(entry.object_label for entry in entries)
    assert times == Counter(str(event.id) for group in events.values() for event in group)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    for thing in things:
        finished = Delivery.objects.filter(object_id=thing).order_by("finished_at")
        assert list(finished.values_list("event__payload__n", flat=True)) == list(range(EACH))
