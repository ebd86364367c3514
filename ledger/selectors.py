"""Reading the ledger."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from core.ids import uuid7_floor
from ledger import merkle
from ledger.consumers import Consumer, all_consumers
from ledger.dispatch import ABANDONED_AFTER
from ledger.models import AuditEntry, Delivery, Head
from ledger.sealing import head_leaves, head_statement

OPEN = (Delivery.State.PENDING, Delivery.State.CLAIMED)


def oldest_waiting() -> timedelta | None:
    """Return the age of the oldest unhandled event that is due; None where none is.

    Those that wait behind a parked event of their object are left out: ``parked_count`` tells.
    """
    now = timezone.now()
    parked_before = Delivery.objects.filter(
        state=Delivery.State.PARKED,
        consumer=OuterRef("consumer"),
        object_id=OuterRef("object_id"),
        id__lt=OuterRef("id"),
    )
    waiting = Delivery.objects.filter(~Exists(parked_before), state__in=OPEN, not_before__lte=now)
    oldest = waiting.aggregate(oldest=Min("event__recorded_at"))["oldest"]
    return now - oldest if oldest else None


def parked_count() -> int:
    """Return how many deliveries need a person."""
    return Delivery.objects.filter(state=Delivery.State.PARKED).count()


def retrying_count() -> int:
    """Return how many deliveries failed and wait for their next attempt."""
    return Delivery.objects.filter(
        state=Delivery.State.PENDING, attempts__gt=0, not_before__gt=timezone.now()
    ).count()


def consumers_with_work() -> list[Consumer]:
    """Return the consumers for whom something is due or was abandoned."""
    now = timezone.now()
    due = Q(state=Delivery.State.PENDING, not_before__lte=now)
    abandoned = Q(state=Delivery.State.CLAIMED, claimed_at__lt=now - ABANDONED_AFTER)
    work = Delivery.objects.filter(due | abandoned)
    return [each for each in all_consumers() if work.filter(consumer=each.name).exists()]


def heads(list_name: str) -> QuerySet[Head]:
    """Return the signed heads of one list, the newest first, without their leaves."""
    return Head.objects.filter(list=list_name).defer("leaves").order_by("-number")


def heads_public(list_name: str) -> QuerySet[Head]:
    """Return those of ``heads`` whose time has come: see ``sealing.on_the_clock``."""
    return heads(list_name).filter(sealed_at__lte=timezone.now())


def head_document(head: Head) -> dict[str, Any]:
    """Return a head as it is published."""
    return head_statement(head) | {
        "hash": head.hash,
        "key_id": head.key_id,
        "signature": head.signature,
    }


def acts_since(moment: datetime, *, actor_id: UUID, action: str) -> QuerySet[AuditEntry]:
    """Return what somebody did of one kind since a moment (some hours at most), oldest first."""
    # Ids are in the order of time, and the only index that is.
    recent = AuditEntry.objects.filter(id__gte=uuid7_floor(moment), recorded_at__gte=moment)
    return recent.filter(actor_id=actor_id, action=action).order_by("id")


def entry_proof(entry: AuditEntry) -> dict[str, Any]:
    """Return what proves offline that a sealed entry stands in the ledger.

    Holds the content, its Merkle path and every head from the entry's batch to the newest, so that
    any of those heads, fetched at any time since, will do as witness. ``ValueError`` if unsealed.
    """
    if entry.seq is None:
        raise ValueError("the entry is not sealed yet")
    chain = list(heads(Head.List.AUDIT).filter(last_seq__gte=entry.seq).order_by("number"))
    leaves = head_leaves(chain[0])
    return {
        "type": "harmwatch.ledger-entry.v1",
        "entry": _content(entry),
        "seq": entry.seq,
        "path": [step.hex() for step in merkle.audit_path(leaves, entry.seq - chain[0].first_seq)],
        "heads": [head_document(head) for head in chain],
    }


def entries_about(object_ids: Iterable[UUID]) -> QuerySet[AuditEntry]:
    """Return the audit entries about some objects, in the order in which they were recorded."""
    return AuditEntry.objects.filter(object_id__in=list(object_ids)).order_by("id")


def entries_proof(entries: QuerySet[AuditEntry]) -> dict[str, Any]:
    """Return what proves offline that several entries stand in the ledger.

    ``entries``: each sealed one with its content, its Merkle path and the number of its head.
    ``heads``: those heads, each once. ``pending``: how many are not sealed yet.
    """
    over = Head.objects.filter(list=Head.List.AUDIT, first_seq__lte=OuterRef("seq"))
    found = entries.annotate(head=Subquery(over.order_by("-first_seq").values("id")[:1]))
    under: dict[UUID, list[AuditEntry]] = {}
    pending = 0
    for entry in found:
        if entry.seq is None:
            pending += 1
        else:
            under.setdefault(entry.head, []).append(entry)
    heads = Head.objects.filter(id__in=list(under)).order_by("number")
    proved: list[dict[str, Any]] = []
    documents = []
    # One at a time: the leaves of a full batch are 320 kB.
    for head in heads.iterator(chunk_size=1):
        proved += _proved_under(head, under[head.id])
        documents.append(head_document(head))
    return {"entries": proved, "heads": documents, "pending": pending}


def _proved_under(head: Head, entries: list[AuditEntry]) -> list[dict[str, Any]]:
    entries = sorted(entries, key=lambda entry: entry.seq or 0)
    places = [(entry.seq or 0) - head.first_seq for entry in entries]
    paths = merkle.audit_paths(head_leaves(head), places)
    return [
        {
            "seq": entry.seq,
            "head": head.number,
            "path": [step.hex() for step in path],
            "entry": _content(entry),
        }
        for entry, path in zip(entries, paths, strict=True)
    ]


def _content(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in AuditEntry.CONTENT}
