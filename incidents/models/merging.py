"""What was merged into what, so that it can be undone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents.models.incidents import Incident
from incidents.models.mixins import immutable
from ledger.history import keeps_history


@keeps_history(fields=["undone_by", "undone_at"])
class MergeRecord(models.Model):
    """One monitor's decision that incidents are the same strike. Changed once: when undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survivor = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="merges")
    moved = models.JSONField(help_text='reports by the incident they came from, {"id": ["id"]}')
    reason = models.TextField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField(default=timezone.now, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_reason"),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="merge_undone_whole",
            ),
        ]
        triggers: ClassVar = immutable(but=["undone_by", "undone_at"])
