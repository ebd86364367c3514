"""Writers and the sealer do not wait for each other, and no reader ever skips a row."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from core.ids import uuid7
from ledger.models import AuditEntry, Head
from ledger.sealing import seal
from ledger.services import audit_record
from ledger.verify import first_breach
from tests.support.databases import TestDatabases
from tests.support.processes import Child

WRITERS, EACH = 8, 40


def record(label: str = "") -> AuditEntry:
    return audit_record(
        actor=None, action="test.done", object_type="thing", object_id=uuid7(), object_label=label
    )


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    """Run ``work`` on a database connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def open_transaction(committed_db: TestDatabases) -> Any:
    """Hold a transaction open that has written an entry; the returned function commits it."""
    written, commit = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            record("early")
            written.set()
            assert commit.wait(120)

    thread = in_thread(hold)
    assert written.wait(120)

    def finish() -> None:
        commit.set()
        thread.join()

    yield finish
    finish()


def test_a_long_open_transaction_neither_blocks_the_sealer_nor_is_skipped(
    open_transaction: Callable[[], None],
) -> None:
    with transaction.atomic():
        record("late")
    assert seal() == 1

    open_transaction()
    assert seal() == 1

    order = AuditEntry.objects.order_by("seq").values_list("seq", "object_label")
    assert list(order) == [(1, "late"), (2, "early")]


def test_a_writer_does_not_wait_for_a_sealer_that_takes_its_time(
    committed_db: TestDatabases,
) -> None:
    with transaction.atomic():
        record("before")
    with transaction.atomic():
        assert seal() == 1  # not committed yet: its locks are held
        with_limit = "SET lock_timeout = '1s'"
        failures: list[Exception] = []

        def write() -> None:
            try:
                with transaction.atomic():
                    connection.cursor().execute(with_limit)
                    record("meanwhile")
            except Exception as exc:
                failures.append(exc)

        in_thread(write).join()

    assert failures == []
    assert seal() == 1


def test_eight_writers_and_two_sealers_end_with_every_entry_sealed_once(
    committed_db: TestDatabases,
) -> None:
    def write() -> None:
        for number in range(EACH):
            with transaction.atomic():
                record(str(number))

    done = threading.Event()

    def keep_sealing() -> None:
        while not done.is_set():
            seal()

    sealers = [in_thread(keep_sealing) for _ in range(2)]
    writers = [in_thread(write) for _ in range(WRITERS)]
    seen: list[int] = []
    while any(writer.is_alive() for writer in writers):
        last = max(seen, default=0)
        seen += (
            AuditEntry.objects.filter(seq__gt=last).order_by("seq").values_list("seq", flat=True)
        )
    done.set()
    for sealer in sealers:
        sealer.join()
    seal()

    assert seen == list(range(1, len(seen) + 1)), "a reader that follows skips nothing"
    numbers = AuditEntry.objects.order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, WRITERS * EACH + 1))
    assert first_breach() is None


def test_a_sealer_that_is_killed_leaves_nothing_half_sealed(
    start_child: Callable[..., Child], tmp_path: Path
) -> None:
    with transaction.atomic():
        record()
    started = tmp_path / "started"
    sealer = start_child("tests.support.children.seal_and_hang", started)
    sealer.wait_until(started.exists, "a sealer at work")
    sealer.kill()

    assert AuditEntry.objects.filter(seq__isnull=False).count() == 0
    assert Head.objects.count() == 0
    assert seal() == 1
    assert first_breach() is None
