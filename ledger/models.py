"""Append-only tables. What may change, and by whom, is held by the triggers in ``triggers.py``."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from ledger.triggers import append_only


class Head(models.Model):
    """The signed head of one sealed batch; each names the head before it."""

    class List(models.TextChoices):
        AUDIT = "audit"
        EVENTS = "events"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.CharField(max_length=10, choices=List.choices)
    number = models.BigIntegerField(help_text="1, 2, 3 … within the list")
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    root = models.CharField(max_length=64, help_text="RFC 6962 tree hash of the batch, hex")
    leaves = models.BinaryField(help_text="the batch's leaf hashes, 32 bytes each, in order")
    previous = models.CharField(max_length=64, blank=True, help_text="hash of the head before")
    sealed_at = models.DateTimeField()
    hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical head, hex")
    key_id = models.CharField(max_length=43)
    signature = models.CharField(max_length=86)

    SEALED_COLUMNS: ClassVar = ()  # written whole, by the sealer alone

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "number"], name="head_number_unique"),
            models.CheckConstraint(
                condition=Q(list__in=["audit", "events"]), name="head_list_is_known"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, first_seq__gte=1), name="head_counted_from_1"
            ),
            models.CheckConstraint(
                condition=Q(last_seq__gte=models.F("first_seq")), name="head_not_empty"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["list", "first_seq"], name="head_by_first_seq")]
        triggers: ClassVar = append_only(once=())


class SealedRow(models.Model):
    """A row that gets its number and its time of sealing once, from the sealer.

    ``seq`` is unique by a partial index: one over all rows would make it a key, and then a row that
    refers to an entry would have to wait for the sealer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    seq = models.BigIntegerField(null=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)

    CONTENT: ClassVar[tuple[str, ...]]
    SEALED_COLUMNS: ClassVar = ("seq", "sealed_at")

    class Meta:
        abstract = True


def sealed_whole(table: str) -> models.CheckConstraint:
    """Return the check that a row has a number and a time of sealing, or neither."""
    return models.CheckConstraint(
        condition=Q(seq__isnull=True, sealed_at__isnull=True)
        | Q(seq__isnull=False, sealed_at__isnull=False),
        name=f"{table}_sealed_whole",
    )


class AuditEntry(SealedRow):
    """Who did what to which object, and why.

    Names are copied, never joined: an entry must outlive what it speaks of.
    """

    actor_id = models.UUIDField(null=True)
    actor_label = models.TextField()
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    object_label = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(
        null=True, editable=False, help_text="the database's number of it; not sealed"
    )

    CONTENT: ClassVar = (
        "id",
        "recorded_at",
        "actor_id",
        "actor_label",
        "action",
        "object_type",
        "object_id",
        "object_label",
        "reason",
        "data",
    )

    class Meta:
        verbose_name_plural = "audit entries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seq"], name="audit_seq_unique", condition=Q(seq__isnull=False)
            ),
            sealed_whole("audit"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["object_id", "id"], name="audit_by_object"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(seq__isnull=True)),
        ]
        triggers: ClassVar = [
            *append_only(once=SealedRow.SEALED_COLUMNS),
            pgtrigger.Trigger(
                name="transaction_named",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="NEW.transaction := pg_current_xact_id()::text::bigint; RETURN NEW;",
            ),
        ]


class DomainEvent(SealedRow):
    """Something that happened to one object, for whoever consumes its kind (the outbox)."""

    kind = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    payload = models.JSONField(default=dict)

    CONTENT: ClassVar = ("id", "recorded_at", "kind", "object_type", "object_id", "payload")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seq"], name="event_seq_unique", condition=Q(seq__isnull=False)
            ),
            sealed_whole("event"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="event_unsealed", condition=Q(seq__isnull=True)),
        ]
        triggers: ClassVar = append_only(once=SealedRow.SEALED_COLUMNS)


class Delivery(models.Model):
    """One event on its way to one consumer. Written with the event, so none can be forgotten."""

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        DONE = "done"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(
        DomainEvent, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    consumer = models.CharField(max_length=60)
    object_id = models.UUIDField(help_text="the event's, here for the order within one object")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "consumer"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "claimed"], finished_at__isnull=True)
                | Q(state__in=["done", "parked"], finished_at__isnull=False),
                name="delivery_finished_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["consumer", "id"],
                name="delivery_fresh",
                condition=Q(state="pending", attempts=0),
            ),
            models.Index(
                fields=["consumer", "id"],
                name="delivery_retry",
                condition=Q(state__in=["pending", "claimed"], attempts__gt=0),
            ),
            models.Index(
                fields=["consumer", "object_id", "id"],
                name="delivery_order",
                condition=~Q(state="done"),
            ),
        ]
