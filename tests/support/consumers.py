"""Consumers for tests: what a handler does stands in the payload of each event.

Every event that is handled leaves one audit entry, committed with the mark "done"; so the number of
entries is how often an event was handled in effect.
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from ledger.consumers import Consumer
from ledger.models import DomainEvent
from ledger.services import audit_record

HANDLED = "test.handled"


def handle(events: Sequence[DomainEvent]) -> None:
    """Record each event, then do as its payload says."""
    for event in events:
        audit_record(
            actor=None,
            action=HANDLED,
            object_type="event",
            object_id=event.object_id,
            object_label=str(event.id),
            data={"pid": os.getpid(), "batch": len(events), "n": event.payload.get("n")},
        )
        _obey(event.payload)


def _obey(payload: dict[str, str]) -> None:
    if payload.get("fail"):
        raise ValueError(payload["fail"].replace("NUL", "\x00"))
    if (path := payload.get("fail_while")) and Path(path).exists():
        raise ValueError("not yet")
    if payload.get("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if path := payload.get("wait_for"):
        Path(f"{path}.started").touch()
        while not Path(path).exists():
            time.sleep(0.01)


CONSUMERS = (
    Consumer(
        name="test.one",
        kinds=frozenset({"test.happened", "test.both"}),
        handler="tests.support.consumers.handle",
        batch=10,
    ),
    Consumer(
        name="test.two",
        kinds=frozenset({"test.both"}),
        handler="tests.support.consumers.handle",
        queue="scoring",
    ),
)
