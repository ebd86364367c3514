"""Carrying out an import: chunk by chunk, each with its counts in one transaction.

Whoever carries it out holds a session's advisory lock, which falls with the process; the counts say
where to go on. So a death loses and doubles nothing.
"""

import contextlib
import gc
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import Actor
from accounts.permissions import Action, may
from accounts.selectors import actor_of_member
from core.copying import rows_copy
from core.errors import FieldError, InvalidInput
from incidents.import_files import file_delete
from incidents.models import ImportRun, RejectedRow
from incidents.models.imports import UNDER_WAY
from incidents.selectors.imports import lock_keys
from incidents.services.import_chunks import (
    Chunk,
    RowRead,
    Sorted,
    chunk_make,
    chunk_store,
    hashes_of_known,
    rows_judge,
    rows_sort,
)
from incidents.services.reading_ahead import read_ahead
from incidents.vocab import ImportMode, ImportState
from ledger.services import audit_record

CHUNK = 1000
STARTS_WITHOUT_PROGRESS = 5
MOST_REASONS = 20  # kept of one row

Progress = Callable[[ImportRun], object]


class Reader(Protocol):
    """How the rows of a run's file are read. Both raise ``InvalidInput`` where it breaks off."""

    def last_number(self, run: ImportRun) -> int:
        """Return the number of the last row."""

    def rows(self, run: ImportRun, start: int) -> Iterator[RowRead]:
        """Yield the rows after number ``start``."""


class Stop(Exception):
    """The import ends here, and the message says why."""


def import_run(
    *, run_id: UUID, reader: Reader, progress: Progress = lambda run: None
) -> ImportRun | None:
    """Carry out an import from where it stands; None where another process is at it, or it ended.

    What goes wrong with the machine is raised, and the import goes on when it is called again.
    """
    with _locked(run_id) as is_ours:
        run = ImportRun.objects.filter(id=run_id, state__in=UNDER_WAY).first()
        if not is_ours or run is None:
            return None
        try:
            with _rarely_collecting(), override(run.language):
                _carry_out(run, reader, progress)
        except (Stop, InvalidInput) as exc:
            _fail(run, exc)
        return run


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Look for cyclic garbage less often: rows make none, and the looking takes a seventh."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _locked(run_id: UUID) -> Iterator[bool]:
    keys = lock_keys(run_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        # A connection that broke has let go of its locks by itself.
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


def _carry_out(run: ImportRun, reader: Reader, progress: Progress) -> None:
    run.starts += 1
    if run.starts > STARTS_WITHOUT_PROGRESS:
        raise Stop(_("It was begun %d times and got nowhere.") % STARTS_WITHOUT_PROGRESS)
    run.state = ImportState.RUNNING
    run.save(update_fields=["starts", "state"])
    actor = _sender(run)
    if run.total_rows is None:
        run.total_rows = reader.last_number(run)
        run.save(update_fields=["total_rows"])
    progress(run)
    if run.dry_run or run.mode == ImportMode.ALL_OR_NOTHING:
        _check(run, reader, progress)
    if not run.dry_run and not (run.mode == ImportMode.ALL_OR_NOTHING and run.refused):
        _store(run, actor, reader, progress)
    _finish(run, actor)


def _sender(run: ImportRun) -> Actor:
    """Return who sent the file, as they are now; ``Stop`` where they may import no longer."""
    actor = actor_of_member(run.created_by_id, run.organisation_id)
    if actor is None or not may(actor, Action.REPORT_IMPORT):
        raise Stop(_("Who sent the file may import no longer."))
    return actor


def _chunks(reader: Reader, run: ImportRun, start: int) -> Iterator[list[RowRead]]:
    rows = reader.rows(run, start)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _check(run: ImportRun, reader: Reader, progress: Progress) -> None:
    """Sort all rows, storing none but the reasons of those refused. Begins anew after a death."""
    RejectedRow.objects.filter(run=run).delete()
    run.rows_checked = run.new = run.known = run.refused = 0
    # The keys of a long file do not fit into memory; SQLite keeps them in a file of its own.
    with contextlib.closing(sqlite3.connect("")) as keys:
        keys.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, hash TEXT) WITHOUT ROWID")
        for chunk in _chunks(reader, run, 0):
            hashes = _hashes_seen(keys, chunk) | hashes_of_known(run.organisation_id, chunk)
            result = rows_sort(rows_judge(chunk, hashes), hashes)
            keys.executemany(
                "INSERT INTO seen VALUES (?, ?)",
                [
                    (row.submission.idempotency_key, row.submission.body_sha256)
                    for row in result.new
                    if row.submission
                ],
            )
            with transaction.atomic():
                run.rows_checked = chunk[-1].number
                _count(run, result)
            progress(run)


def _hashes_seen(keys: sqlite3.Connection, chunk: Sequence[RowRead]) -> dict[str, str]:
    asked = [row.submission.idempotency_key for row in chunk if row.submission]
    marks = ",".join("?" * len(asked))
    found = keys.execute(f"SELECT key, hash FROM seen WHERE key IN ({marks})", asked)  # noqa: S608
    return dict(found.fetchall())


def _store(run: ImportRun, actor: Actor, reader: Reader, progress: Progress) -> None:
    if run.mode == ImportMode.GOOD_ROWS:
        for chunk in _made(reader, run, actor, run.rows_done):
            with transaction.atomic():
                _sender(run)
                run.rows_done = chunk.rows[-1].number
                _count(run, chunk_store(actor=actor, chunk=chunk))
            progress(run)
        return
    run.new = run.known = 0
    with transaction.atomic():
        for chunk in _made(reader, run, actor, 0):
            _sender(run)
            result = chunk_store(actor=actor, chunk=chunk)
            if result.refused:  # since it was checked, somebody used one of its ids
                raise RuntimeError("a row that was good is refused now; it is checked again")
            run.rows_done = chunk.rows[-1].number
            _count(run, result)
            progress(run)


def _made(reader: Reader, run: ImportRun, actor: Actor, start: int) -> Generator[Chunk]:
    """Yield what is to be stored; the next chunk is made while the server works on this one."""
    return read_ahead(chunk_make(actor, rows) for rows in _chunks(reader, run, start))


def _count(run: ImportRun, result: Sorted) -> None:
    """Write how far the run has come, and the reasons of what was refused."""
    run.starts = 0
    run.new += len(result.new)
    run.known += result.known
    run.refused += len(result.refused)
    run.save(
        update_fields=["starts", "rows_checked", "rows_done", "new", "known", "refused"],
    )
    rejected = [
        {"run_id": run.id, "number": number, "errors": [_reason(e) for e in errors[:MOST_REASONS]]}
        for number, errors in result.refused
    ]
    if rejected:
        rows_copy(RejectedRow, rejected)


def _reason(error: FieldError) -> dict[str, str]:
    return {"field": error.field, "code": error.code, "message": str(error.message)}


@transaction.atomic
def _finish(run: ImportRun, actor: Actor | None) -> None:
    if run.refused:
        _stored_nothing(run)
    run.state, run.finished_at = ImportState.DONE, timezone.now()
    _end(run, actor)


def _stored_nothing(run: ImportRun) -> None:
    """Forget what checking counted as new or known, of a run that takes all or nothing."""
    if run.mode == ImportMode.ALL_OR_NOTHING and not run.dry_run:
        run.new = run.known = 0


def _fail(run: ImportRun, reason: Stop | InvalidInput) -> None:
    # What the last chunk counted was rolled back, if that was what failed.
    run.refresh_from_db()
    errors = reason.errors if isinstance(reason, InvalidInput) else []
    run.error = " ".join(str(error.message) for error in errors) or str(reason)
    _stored_nothing(run)
    run.state, run.finished_at = ImportState.FAILED, timezone.now()
    with transaction.atomic():
        _end(run, actor_of_member(run.created_by_id, run.organisation_id))


def file_forget(run: ImportRun) -> None:
    """Let go of a run's file: at commit it is deleted."""
    transaction.on_commit(partial(file_delete, run.storage_name))
    run.storage_name = ""


def _end(run: ImportRun, actor: Actor | None) -> None:
    if not run.refused:
        file_forget(run)
    run.save()
    audit_record(
        actor=actor,
        action="import.finished",
        object_type="import",
        object_id=run.id,
        data={
            "state": str(run.state),
            "new": run.new,
            "known": run.known,
            "refused": run.refused,
        },
    )
