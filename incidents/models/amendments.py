"""What an organisation said afterwards of a report of its own. The report itself never changes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.mixins import closed, immutable
from incidents.models.reports import Report


class ConsentChange(models.Model):
    """The consent to a report from here on, for every purpose. The highest number counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="consent_changes", db_index=False
    )
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the report")
    basis = models.CharField(max_length=20, choices=vocab.ConsentBasis.choices)
    share = models.BooleanField()
    publish = models.BooleanField()
    court = models.BooleanField()
    reason = models.TextField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="consent_change_numbered"),
            models.CheckConstraint(condition=~Q(reason=""), name="consent_change_has_reason"),
            models.CheckConstraint(condition=Q(number__gte=1), name="consent_change_from_1"),
            *closed("consent_change", basis=vocab.ConsentBasis),
        ]
        triggers: ClassVar = immutable()


class ReportWithdrawal(models.Model):
    """The organisation stands by a report no longer. It stays readable and counts nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="report_withdrawal_has_reason"),
        ]
        triggers: ClassVar = immutable()
