"""Files that came with reports. The file itself lies in the storage ``evidence``."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents.models.mixins import immutable
from incidents.models.reports import Report


class Evidence(models.Model):
    """One original file of one report: what it is called, what it is, and its receipt. Immutable.

    Two reports may bring the same file; it is then stored once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=300, help_text="as the sender called it")
    sha256 = models.CharField(max_length=64, help_text="of the file, hex")
    size = models.BigIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100, help_text="by the file's own bytes")
    storage_name = models.CharField(max_length=200, help_text="where the storage has it")
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    receipt = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "name"], name="evidence_once_per_name"),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_has_content"),
        ]
        triggers: ClassVar = immutable()
