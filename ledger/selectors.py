"""Reading the ledger."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
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
        "entry": {name: getattr(entry, name) for name in AuditEntry.CONTENT},
        "seq": entry.seq,
        "path": [step.hex() for step in merkle.audit_path(leaves, entry.seq - chain[0].first_seq)],
        "heads": [head_document(head) for head in chain],
    }
