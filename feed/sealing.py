"""Giving the publication log its order.

A version is written without a number. One sealer at a time numbers what is committed, so that a
reader who follows ``seq`` never sees 7 before 6, whichever transaction took how long. In the same
step it closes the version that the new one replaces, and keeps the counts that tiles are made of.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.canonical import canonical_json, sha256_hex
from feed.awaiting import sealed_tell
from feed.models import Audience, Change, LogEntry
from feed.tiles.cells import cells_rebuild, cells_update
from feed.webhooks.selectors import webhooks_wait_for
from ledger.roles import acting_as
from ledger.wake import send

BATCH = 5_000
_LOCK = 0x46454544  # "FEED"; the second key is the audience's position

# What the sealer reads. The columns that can be filtered on only repeat what the feature shows.
CONTENT = (
    "id",
    "audience",
    "kind",
    "object_id",
    "object_version",
    "change",
    "reason",
    "merged_into",
    "salt",
    "feature",
)
CHAIN_START = "0" * 64


def hashed(content: dict[str, Any], seq: int, sealed_at: datetime) -> dict[str, Any]:
    """Return what an entry's hash covers, by the names that readers know; what is null is left out.

    ``feature`` is its text as it is served. A reader who was given the entry can build the same.
    """
    members = {
        "audience": content["audience"],
        "seq": seq,
        "sealed_at": sealed_at,
        "kind": content["kind"],
        "id": content["object_id"],
        "version": content["object_version"],
        "change": content["change"],
        "reason": content["reason"],
        "merged_into": content["merged_into"],
        "salt": content["salt"],
        "feature": content["feature"] or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def entry_hash(content: dict[str, Any], seq: int, sealed_at: datetime) -> str:
    """Return the SHA-256 (hex) of an entry's canonical content."""
    return sha256_hex(canonical_json(hashed(content, seq, sealed_at)))


def chained(chain: str, hash_: str) -> str:
    """Return the SHA-256 (hex) over the chain so far and the next entry's hash, as bytes."""
    return sha256_hex(bytes.fromhex(chain) + bytes.fromhex(hash_))


def seal() -> int:
    """Number all committed entries of both audiences; return how many."""
    return sum(_seal_audience(audience) for audience in Audience)


def _seal_audience(audience: Audience) -> int:
    total = 0
    # Most nudges find that the sealer before them took their entries along: those need no lock.
    while _waiting(audience).exists():
        with transaction.atomic():
            total += _seal_batch(audience)
        sealed_tell(audience)
        if webhooks_wait_for(audience):
            send("feed.tasks.webhooks_send", queue="webhooks")
    return total


def _waiting(audience: Audience) -> Any:
    return LogEntry.objects.filter(audience=audience, seq__isnull=True)


def _seal_batch(audience: Audience) -> int:
    with connection.cursor() as cursor:
        position = list(Audience).index(audience)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, position])
    # The clocks of two workers may differ, the versions of one object do not: they go first.
    rows = list(_waiting(audience).order_by("object_version", "id").values(*CONTENT)[:BATCH])
    if not rows:
        return 0
    sealed = LogEntry.objects.filter(audience=audience, seq__isnull=False)
    last: dict[str, Any] | None = (
        sealed.order_by("-seq").values("seq", "sealed_at", "chain").first()  # type: ignore[assignment]
    )
    first_seq = last["seq"] + 1 if last else 1
    now = timezone.now()
    sealed_at = max(now, last["sealed_at"]) if last else now
    with acting_as(settings.SEALER_ROLE):
        _close_replaced(audience, rows, first_seq)
        _number(rows, first_seq, sealed_at, last["chain"] if last else CHAIN_START)
    _count(audience, rows, first_seq)
    return len(rows)


def _count(audience: Audience, rows: Sequence[dict[str, Any]], first_seq: int) -> None:
    """Keep the counts behind the tiles; what is blanked can't be subtracted: all are made anew."""
    last_seq = first_seq + len(rows) - 1
    if any(row["change"] == Change.REDACTED for row in rows):
        cells_rebuild(audience, last_seq)
    else:
        cells_update(audience, first_seq, last_seq)


def _object(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["kind"], row["object_id"]


def _close_replaced(audience: Audience, rows: Sequence[dict[str, Any]], first_seq: int) -> None:
    """Close the open versions, sealed before, of the objects in this batch."""
    closers: dict[tuple[Any, Any], int] = {}
    for seq, row in enumerate(rows, first_seq):
        closers.setdefault(_object(row), seq)
    statement = """
        UPDATE feed_logentry AS t SET closed_by_seq = v.seq
        FROM unnest(%s::text[], %s::uuid[], %s::bigint[]) AS v(kind, object_id, seq)
        WHERE t.audience = %s AND t.kind = v.kind AND t.object_id = v.object_id
          AND t.seq IS NOT NULL AND t.closed_by_seq IS NULL"""
    kinds, objects = zip(*closers, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(kinds), list(objects), list(closers.values()), audience])


def _number(
    rows: Sequence[dict[str, Any]], first_seq: int, sealed_at: datetime, chain: str
) -> None:
    """Seal the batch; a version that a later one of the same batch replaces is closed at once."""
    closed_by: list[int | None] = [None] * len(rows)
    next_of: dict[tuple[Any, Any], int] = {}
    for index in reversed(range(len(rows))):
        closed_by[index] = next_of.get(_object(rows[index]))
        next_of[_object(rows[index])] = first_seq + index
    statement = """
        UPDATE feed_logentry AS t
        SET seq = v.seq, sealed_at = %s, hash = v.hash, chain = v.chain,
            closed_by_seq = v.closed_by
        FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])
             AS v(id, seq, hash, chain, closed_by)
        WHERE t.id = v.id"""
    hashes = [entry_hash(row, seq, sealed_at) for seq, row in enumerate(rows, first_seq)]
    columns = [
        [row["id"] for row in rows],
        list(range(first_seq, first_seq + len(rows))),
        hashes,
        list(accumulate(hashes, chained, initial=chain))[1:],
        closed_by,
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [sealed_at, *columns])
        if cursor.rowcount != len(rows):
            raise RuntimeError(f"{cursor.rowcount} of {len(rows)} entries were numbered")
