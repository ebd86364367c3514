"""Recomputing the whole ledger from its rows, and naming the first thing that is not as sealed.

A signed head vouches for its leaves, and each leaf for one row: so a changed row is named even
where everything beside it was changed along. What the ledger cannot show by itself is that its
newest heads were cut off together with their rows; a head that somebody fetched earlier shows it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from core.canonical import canonical_json, sha256_hex
from ledger import merkle, signing
from ledger.models import Head, SealedRow
from ledger.sealing import LISTS, head_leaves, head_statement, row_leaf


@dataclass(frozen=True, slots=True)
class Breach:
    """Where the ledger is not what was sealed."""

    list: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.list} {self.where}: {self.what}"


def first_breach(
    *,
    witnesses: Sequence[dict[str, Any]] = (),
    progress: Callable[[int], object] = lambda rows: None,
) -> Breach | None:
    """Check both lists from their first row on; None where all is as sealed.

    ``witnesses``: heads as published, fetched at any time before. ``progress`` is told the number
    of rows of each batch that was found whole.
    """
    for name, model in LISTS.items():
        witnessed = {head["number"]: head["hash"] for head in witnesses if head["list"] == name}
        breach = next(_breaches(name, model, witnessed, progress), None)
        if breach:
            return breach
    return None


def _breaches(
    name: str,
    model: type[SealedRow],
    witnessed: dict[int, str],
    progress: Callable[[int], object],
) -> Iterator[Breach]:
    previous, number, next_seq = "", 1, 1
    while head := Head.objects.filter(list=name, number=number).first():
        for what in _head_faults(head, previous, next_seq, witnessed):
            yield Breach(name, f"head {number}", what)
        for where, what in _row_faults(model, head):
            yield Breach(name, where, what)
        progress(head.last_seq - head.first_seq + 1)
        previous, number, next_seq = head.hash, number + 1, head.last_seq + 1
    beyond = Head.objects.filter(list=name).exclude(number__range=(1, number - 1))
    if beyond.exists() or any(witness >= number for witness in witnessed):
        yield Breach(name, f"head {number}", "is missing")
    # In one query, since the sealer may be at work.
    covered = Exists(Head.objects.filter(list=name, last_seq__gte=OuterRef("seq")))
    rows = model._default_manager.filter(seq__isnull=False).exclude(seq__range=(1, next_seq - 1))
    if stray := rows.exclude(covered, seq__gte=1).order_by("seq").first():
        yield Breach(name, _entry(stray.id, stray.seq), "lies under no head")


def _entry(id_: object, seq: int | None) -> str:
    return f"entry {id_} (seq {seq})"


def _head_faults(
    head: Head, previous: str, first_seq: int, witnessed: dict[int, str]
) -> Iterator[str]:
    statement = head_statement(head)
    if sha256_hex(canonical_json(statement)) != head.hash:
        yield "its content does not match its hash"
    if signing.public_key(head.key_id) is None:
        yield "it is signed with a key that is not known"
    if not signing.signature_is_good(statement, head.signature, head.key_id):
        yield "its signature is not good"
    if head.previous != previous or head.first_seq != first_seq:
        yield "does not follow the head before it"
    if witnessed.get(head.number, head.hash) != head.hash:
        yield "is not the one that was witnessed"
    leaves = head_leaves(head)
    if len(leaves) != head.last_seq - head.first_seq + 1:
        yield "has not one leaf for each entry"
    if merkle.tree_root(leaves).hex() != head.root:
        yield "its leaves do not lead to its signed root"


def _row_faults(model: type[SealedRow], head: Head) -> Iterator[tuple[str, str]]:
    columns = (*model.CONTENT, "seq", "sealed_at")
    rows = model._default_manager.filter(seq__range=(head.first_seq, head.last_seq))
    found = iter(rows.order_by("seq", "id").values(*columns))
    for seq, leaf in enumerate(head_leaves(head), head.first_seq):
        row = next(found, None)
        if row is None or row["seq"] > seq:
            yield f"entry with seq {seq}", "is missing"
            return
        where = _entry(row["id"], row["seq"])
        if row["seq"] < seq:
            yield where, "has a number that is another entry's"
        if not _is_content_of(leaf, model, row):
            yield where, "is not what was sealed"
        if row["sealed_at"] != head.sealed_at:
            yield where, "its time of sealing is not its head's"
    if row := next(found, None):
        yield _entry(row["id"], row["seq"]), "has a number that is another entry's"


def _is_content_of(leaf: bytes, model: type[SealedRow], row: dict[str, Any]) -> bool:
    try:
        return row_leaf(model, row) == leaf
    except ValueError:  # changed into something that could never have been sealed
        return False
