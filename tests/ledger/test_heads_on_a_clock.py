"""Heads tell the order of what was recorded, and to ten minutes when: not whose came when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from ledger import sealing
from ledger.models import AuditEntry, Head
from ledger.verify import first_breach

HEADS = "/.well-known/harmwatch-ledger.json"
Audit = Callable[..., AuditEntry]


@pytest.mark.parametrize(
    ("moment", "mark"),
    [("10:00:00", "10:00"), ("10:00:01", "10:10"), ("10:09:59", "10:10"), ("23:55:00", "00:00")],
)
def test_a_head_bears_the_next_full_ten_minutes(settings: Any, moment: str, mark: str) -> None:
    settings.LEDGER_HEADS_EVERY = timedelta(minutes=10)
    at = datetime.fromisoformat(f"2026-11-21T{moment}+00:00")
    shown = sealing.on_the_clock(at)
    assert f"{shown:%H:%M:%S}" == f"{mark}:00"
    assert timedelta(0) <= shown - at < timedelta(minutes=10)


def test_a_head_is_public_when_its_time_has_come_and_not_before(
    db: None, audit: Audit, settings: Any, client: Client
) -> None:
    entry = audit()
    sealing.seal()
    settings.LEDGER_HEADS_EVERY = timedelta(days=36_500)  # the next mark is in 2069
    for _ in range(2):
        audit()
        sealing.seal()

    now, *later = Head.objects.filter(list="audit").order_by("number")
    assert now.sealed_at >= entry.recorded_at
    mark = datetime(1970, 1, 1, tzinfo=UTC) + settings.LEDGER_HEADS_EVERY
    assert {head.sealed_at for head in later} == {mark}
    shown = client.get(HEADS).json()["heads"]
    assert [head["number"] for head in shown] == [now.number]
    assert first_breach() is None
