"""Webhooks: who is told of each new entry of the log, and what became of each telling."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feed.models.log import Audience, Kind


class WebhookState(models.TextChoices):
    """Whether a webhook is told of anything."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    DISABLED = "disabled", _("disabled")


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("pending")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Webhook(models.Model):
    """A subscription: an address of a member's, told of one audience's entries in their order.

    One worker at a time sends for it, under a ``claim`` that falls to others when it is old.
    """

    State = WebhookState

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    audience = models.CharField(max_length=7, choices=Audience.choices)
    kinds = ArrayField(models.CharField(max_length=13, choices=Kind.choices))
    url = models.CharField(max_length=2000)
    host = models.CharField(max_length=253)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    secret = models.BinaryField(help_text="encrypted under the sealing key")
    old_secret = models.BinaryField(null=True, help_text="signs beside it until old_secret_until")
    old_secret_until = models.DateTimeField(null=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(max_length=30, blank=True, help_text="why disabled, in fixed words")
    last_seq = models.BigIntegerField(help_text="up to which entry deliveries were written")
    failures = models.PositiveIntegerField(default=0, help_text="since the last success")
    failing_since = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="webhook_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "disabled"]),
                name="webhook_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="disabled", reason__gt="") | ~Q(state="disabled") & Q(reason=""),
                name="webhook_disabled_has_reason",
            ),
            models.CheckConstraint(condition=Q(last_seq__gte=0), name="webhook_seq_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "created_at"], name="webhook_by_organisation")
        ]


class WebhookDelivery(models.Model):
    """One entry on its way to one webhook; ``id`` is the webhook-id that receivers see.

    Its body is not kept here: it is read from the log, which never changes but by redaction.
    Without ``seq`` it is a ping, which is tried once.
    """

    State = DeliveryState

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    seq = models.BigIntegerField(null=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveIntegerField(default=0, help_text="counted before each is made")
    attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True, help_text="of the last answer")
    error = models.CharField(max_length=30, blank=True, help_text="of the last, in fixed words")

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "seq"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state="pending", finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="webhook_delivery_finished_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("webhook"),
                F("seq").asc(nulls_first=True),
                name="webhook_delivery_pending",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["finished_at"], name="webhook_delivery_finished"),
            models.Index(fields=["webhook", "created_at", "id"], name="webhook_delivery_listed"),
        ]
