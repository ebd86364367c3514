"""Scoring all incidents anew: one run for each layer, cut into blocks that workers share."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import uuid7
from scoring.models.layers import PopulationLayer


class Rescoring(models.Model):
    """One run over all strikes that stood when it was asked for, by one layer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    layer = models.ForeignKey(PopulationLayer, on_delete=models.PROTECT, related_name="rescorings")
    formula_version = models.CharField(max_length=40)
    profiles_version = models.CharField(max_length=40)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)


class ScoringBlock(models.Model):
    """Incidents to be scored by one layer in one transaction, which also marks the block done."""

    class Outcome(models.TextChoices):
        SCORED = "scored"
        LEFT_OUT = "left_out"  # the layer was no longer in use

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(
        Rescoring, on_delete=models.CASCADE, null=True, related_name="blocks",
        help_text="null for incidents that changed",
    )  # fmt: skip
    layer = models.ForeignKey(PopulationLayer, on_delete=models.PROTECT, related_name="+")
    incident_ids = ArrayField(models.UUIDField(), help_text="emptied once it is done")
    size = models.PositiveIntegerField(help_text="how many incidents")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="", done_at__isnull=True)
                | Q(outcome__in=["scored", "left_out"], done_at__isnull=False),
                name="scoring_block_done",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="")
                | Q(size=models.Func(F("incident_ids"), function="cardinality",
                                     output_field=models.IntegerField())),
                name="scoring_block_size",
            ),
        ]  # fmt: skip
