"""How quick the import of a file is, beside plain COPY and beside Django REST framework.

    make bench ARGS="-k speed"

The file is read, checked and committed with reports, sources, relays, claims, incidents, signed
receipts, audit entries, events and deliveries. Plain COPY writes the very same rows into the same
empty tables, with the same indexes, keys and triggers, from memory and in one transaction. The list
of serializers validates the same content and writes it with ``bulk_create``; the file is read for
it beforehand, its keys are not looked up, and its rows are made by the import's own code.
A server on another machine cannot be asked for its processor time.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.db import connection, transaction

from accounts.models import Organisation, User
from incidents.intake.runs import FileReader
from incidents.models import Claim, Incident, Relay, Report, Source
from incidents.services.import_running import import_run
from ledger.models import AuditEntry, Delivery, DomainEvent
from tests.benchmarks.drf_baseline import ReportShape
from tests.benchmarks.files import ucdp_file
from tests.factories import make_actor
from tests.incidents.imports.files import start_path

ROWS = int(os.environ.get("IMPORT_BENCH_ROWS", "10000"))
DRF_ROWS = min(ROWS, 2000)
PEOPLE = (Organisation, User)
TABLES = (Incident, Report, Source, Relay, Claim, AuditEntry, DomainEvent, Delivery)


class Speed(NamedTuple):
    """Reports a second by the clock, and by the processor time of this process and the server's."""

    wall: float
    processor: float

    def times(self, other: "Speed") -> str:
        return f"{self.wall / other.wall:.2f} (processor {self.processor / other.processor:.2f})"


def processor_s() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def speed(rows: int, work: Callable[[], object]) -> Speed:
    processor, wall = processor_s(), time.perf_counter()
    work()
    wall = time.perf_counter() - wall
    return Speed(rows / wall, rows / (processor_s() - processor))


def copy_statement(model) -> str:
    columns = ",".join(field.column for field in model._meta.concrete_fields)
    return f"COPY {model._meta.db_table} ({columns})"


def copied_out(model) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"{copy_statement(model)} TO STDOUT") as copy:
        return b"".join(map(bytes, copy))


@transaction.atomic
def copy_in(contents: dict) -> None:
    for model, content in contents.items():
        with (
            connection.cursor() as cursor,
            cursor.copy(f"{copy_statement(model)} FROM STDIN") as copy,
        ):
            copy.write(content)


def drf_import(actor, submissions) -> None:
    for at in range(0, len(submissions), 500):
        part = submissions[at : at + 500]
        shape = ReportShape(
            data=[msgspec.to_builtins(one.draft) for one in part],
            many=True,
            context={"actor": actor, "keys": [one.idempotency_key for one in part]},
        )
        shape.is_valid(raise_exception=True)
        shape.save()


def test_speed(committed_db, imports_folder, tmp_path):
    path = ucdp_file(tmp_path / "ged.csv", ROWS)
    run = start_path(make_actor(), path)
    ours = speed(ROWS, lambda: import_run(run_id=run.id, reader=FileReader()))
    assert Report.objects.count() == ROWS
    people = {model: copied_out(model) for model in PEOPLE}
    contents = {model: copied_out(model) for model in TABLES}

    committed_db.switch_to_new()
    copy_in(people)
    copy = speed(ROWS, lambda: copy_in(contents))
    assert Report.objects.count() == ROWS

    committed_db.switch_to_new()
    actor = make_actor()
    rows = FileReader().rows(start_path(actor, path), 0)
    submissions = [next(rows).submission for _ in range(DRF_ROWS)]
    drf = speed(DRF_ROWS, lambda: drf_import(actor, submissions))
    assert Report.objects.count() == DRF_ROWS

    for name, one in (("import", ours), ("plain COPY", copy), ("serializers", drf)):
        print(f"\n{name}: {one.wall:,.0f} reports/s, {one.processor:,.0f} a processor second")
    print(f"import / COPY {ours.times(copy)}, at least 0.33")
    print(f"import / serializers {ours.times(drf)}, at least 10")
