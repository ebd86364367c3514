"""Pairs of incidents that may be the same strike, and what a monitor decided of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.incidents import Incident
from incidents.models.mixins import closed


class MatchSuggestion(models.Model):
    """Two incidents, the lower id first, as matching scored the versions that it names.

    A suggestion only: ``same`` is set by a merge, ``different`` by a monitor who dismissed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Without an index of its own: the pair's begins with it.
    one = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    one_version = models.PositiveIntegerField()
    other_version = models.PositiveIntegerField()
    score = models.FloatField(help_text="0 to 1")
    verdict = models.CharField(max_length=12, choices=vocab.Verdict.choices)
    reasons = models.JSONField(help_text="code, weight in log odds, and values")
    formula = models.CharField(max_length=20)
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    decision = models.CharField(
        max_length=10, choices=vocab.MatchDecision.choices, null=True, default=None
    )
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="match_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="match_in_order"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="match_score_in_range"
            ),
            *closed("match", verdict=vocab.Verdict),
            models.CheckConstraint(
                condition=Q(one_version__gte=1, other_version__gte=1), name="match_versions_from_1"
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=vocab.MatchDecision.values)
                & Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reason=""),
                name="match_decided_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-found_at", "-id"],
                name="match_undecided",
                condition=Q(decision__isnull=True, verdict="likely_same"),
            ),
        ]
