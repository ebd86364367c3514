"""What tests have other processes do; called by ``tests.support.call``."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.selectors import actor_by_email
from incidents.intake.runs import FileReader
from incidents.models import ImportRun
from incidents.selectors.queue import IncidentFilter
from incidents.services import import_running
from incidents.services.bulk import BulkAction, BulkOrder, bulk_carry_out
from incidents.services.import_chunks import Chunk, Sorted
from incidents.vocab import Grade, State
from ledger import dispatch
from ledger.sealing import seal

GRADE_THE_NEW = BulkOrder(
    BulkAction.GRADE, IncidentFilter(states=(State.NEW,)), "One source.", Grade.WEAK
)


def seal_and_hang(started: str) -> None:
    """Be a sealer whose statements all ran, but who does not come to commit."""
    with transaction.atomic():
        seal()
        Path(started).touch()
        time.sleep(60)


def dispatch_when(go: str, consumer: str) -> int:
    """Say that it is ready, and dispatch as soon as it may."""
    Path(go).with_name(f"{os.getpid()}.ready").touch()
    while not Path(go).exists():
        time.sleep(0.001)
    return dispatch.dispatch(consumer)


def dispatch_soon_again(consumer: str, attempts: str = "8") -> int:
    """Dispatch, holding every claim for abandoned that is not locked; give up after attempts."""
    dispatch.ABANDONED_AFTER = timedelta()
    dispatch.MAX_ATTEMPTS = int(attempts)
    return dispatch.dispatch(consumer)


def import_and_die(run_id: str, row: str) -> None:
    """Carry out an import, and be killed with the chunk of that row stored but not committed."""
    store = import_running.chunk_store

    def store_and_die(*, actor: Actor, chunk: Chunk) -> Sorted:
        result = store(actor=actor, chunk=chunk)
        if chunk.rows[-1].number >= int(row):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    import_running.CHUNK = 50
    import_running.chunk_store = store_and_die  # type: ignore[assignment]
    import_running.import_run(run_id=UUID(run_id), reader=FileReader())


def import_and_wait(run_id: str, go: str) -> None:
    """Carry out an import, and hold it up after its first chunk."""

    def wait(run: ImportRun) -> None:
        if run.rows_done:
            Path(f"{go}.started").touch()
            while not Path(go).exists():
                time.sleep(0.01)

    import_running.CHUNK = 5
    import_running.import_run(run_id=UUID(run_id), reader=FileReader(), progress=wait)


def import_when(go: str, run_id: str) -> str:
    """Say that it is ready, and carry out an import as soon as it may."""
    Path(go).with_name(f"{os.getpid()}.ready").touch()
    while not Path(go).exists():
        time.sleep(0.001)
    import_running.CHUNK = 5
    run = import_running.import_run(run_id=UUID(run_id), reader=FileReader())
    return run.state if run else "left to another"


def grade_the_new(email: str, token: str, count: str) -> None:
    """Carry out the bulk order ``GRADE_THE_NEW`` as a monitor."""
    actor = actor_by_email(email)
    assert actor is not None
    bulk_carry_out(actor=actor, order=GRADE_THE_NEW, token=token, confirm_count=int(count))
