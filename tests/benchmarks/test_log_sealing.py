"""How long sealing takes, also while an old snapshot keeps dead rows from going."""

import time

from django.db import connections

from core.ids import uuid7
from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import BATCH, seal

ROWS = 100_000
FEATURE = '{"type":"Feature","geometry":null,"properties":{"license":"CC-BY-4.0","text":"%s"}}' % (
    "x" * 900
)


def write(count):
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                audience=Audience.PUBLIC,
                kind=Kind.INCIDENT,
                object_id=uuid7(),
                object_version=1,
                change=Change.CREATED,
                feature=FEATURE,
            )
            for _number in range(count)
        ],
        batch_size=2_000,
    )


def sealed_per_second():
    before = time.process_time(), time.perf_counter()
    count = seal()
    cpu, wall = time.process_time() - before[0], time.perf_counter() - before[1]
    return count, count / wall, count / cpu


def test_sealing(committed_db):
    for snapshot in (False, True):
        write(ROWS)
        if snapshot:
            old = connections["migration"].cursor()
            old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            old.execute("SELECT count(*) FROM feed_logentry WHERE seq = 1")
        count, wall, cpu = sealed_per_second()
        print(f"\n{count} rows, old snapshot {snapshot}: {wall:.0f}/s wall, {cpu:.0f}/s of CPU")
        for size in (1, BATCH):
            write(size)
            before = time.perf_counter()
            assert seal() == size
            print(f"then {size} more: {time.perf_counter() - before:.3f} s")
    old.execute("ROLLBACK")
