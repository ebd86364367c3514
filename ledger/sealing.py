"""Numbering committed rows and sealing them in batches as Merkle trees with chained, signed heads.

One sealer runs at a time, by advisory lock. It sees committed rows only, so readers of sealed rows
never see 7 before 6, and a writer never waits for another.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.canonical import canonical_json, sha256_hex
from ledger import merkle, signing
from ledger.models import AuditEntry, DomainEvent, Head, SealedRow
from ledger.roles import acting_as

BATCH = 10_000
LEAF_BYTES = 32
LISTS: dict[str, type[SealedRow]] = {
    Head.List.AUDIT: AuditEntry,
    Head.List.EVENTS: DomainEvent,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCK = 0x4841524D  # "HARM"; the second key is the list's position


def row_leaf(model: type[SealedRow], content: dict[str, Any]) -> bytes:
    """Return the leaf hash of one row's content columns."""
    return merkle.leaf_hash(canonical_json({name: content[name] for name in model.CONTENT}))


def head_statement(head: Head) -> dict[str, Any]:
    """Return what a head's hash and signature cover."""
    return {
        "list": head.list,
        "number": head.number,
        "first_seq": head.first_seq,
        "last_seq": head.last_seq,
        "root": head.root,
        "previous": head.previous,
        "sealed_at": head.sealed_at,
    }


def head_leaves(head: Head) -> list[bytes]:
    """Return the leaf hashes under a head, in the order of their entries."""
    data = bytes(head.leaves)
    return [data[at : at + LEAF_BYTES] for at in range(0, len(data), LEAF_BYTES)]


def seal() -> int:
    """Seal all committed rows of both lists; return how many."""
    return sum(_seal_list(name, model) for name, model in LISTS.items())


def _seal_list(name: str, model: type[SealedRow]) -> int:
    # Most nudges find that the sealer before them took their rows along: those need no lock.
    if not model._default_manager.filter(seq__isnull=True).exists():
        return 0
    total = 0
    while True:
        with transaction.atomic():
            count = _seal_batch(name, model)
        total += count
        if count < BATCH:
            return total


def _seal_batch(name: str, model: type[SealedRow]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, list(LISTS).index(name)])
    waiting = model._default_manager.filter(seq__isnull=True).order_by("id")
    rows = list(waiting.values(*model.CONTENT)[:BATCH])
    if not rows:
        return 0
    last = Head.objects.filter(list=name).defer("leaves").order_by("-number").first()
    leaves = [row_leaf(model, row) for row in rows]
    head = _new_head(name, last, leaves)
    with acting_as(settings.SEALER_ROLE):
        _number_rows(model, [row["id"] for row in rows], head.first_seq, head.sealed_at)
        head.save(force_insert=True)
    return len(rows)


def _number_rows(
    model: type[SealedRow], ids: list[UUID], first_seq: int, sealed_at: datetime
) -> None:
    statement = f"""
        UPDATE {model._meta.db_table} AS t SET seq = %s + v.place - 1, sealed_at = %s
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS v(id, place)
        WHERE t.id = v.id"""  # noqa: S608 - the table name is the model's
    with connection.cursor() as cursor:
        cursor.execute(statement, [first_seq, sealed_at, ids])
        if cursor.rowcount != len(ids):
            raise RuntimeError(f"{cursor.rowcount} of {len(ids)} rows were numbered")


def on_the_clock(moment: datetime) -> datetime:
    """Return the mark of ``LEDGER_HEADS_EVERY`` at or after a moment, counted from 1970 in UTC.

    It is the time that a head bears, and the earliest at which it is public: to the second, heads
    would tell whoever watches a sender when that sender's report came in.
    """
    return _EPOCH - (_EPOCH - moment) // settings.LEDGER_HEADS_EVERY * settings.LEDGER_HEADS_EVERY


def _new_head(name: str, last: Head | None, leaves: list[bytes]) -> Head:
    now = on_the_clock(timezone.now())
    first_seq = last.last_seq + 1 if last else 1
    head = Head(
        list=name,
        number=last.number + 1 if last else 1,
        first_seq=first_seq,
        last_seq=first_seq + len(leaves) - 1,
        root=merkle.tree_root(leaves).hex(),
        leaves=b"".join(leaves),
        previous=last.hash if last else "",
        sealed_at=max(now, last.sealed_at) if last else now,
    )
    statement = head_statement(head)
    head.hash = sha256_hex(canonical_json(statement))
    head.key_id = signing.key_id()
    head.signature = signing.sign(statement)
    return head
