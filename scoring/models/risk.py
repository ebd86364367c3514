"""Runs of the risk model, what each found cell by cell, and each cell's risk over the days."""

from typing import ClassVar

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from scoring.models.layers import PopulationLayer


class RiskRun(models.Model):
    """One run: what it was computed from, and by what. Once it has ended it never changes.

    The same inputs, layer, parameters and model version give the same ``results_sha256``. Its cells
    are there only once it is finished, all at once; of old runs they are deleted.
    """

    class Source(models.TextChoices):
        RECORD = "record", _("the record")
        PUBLIC = "public", _("what the public may see")
        PARTNER = "partner", _("what partners may see")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=7, choices=Source.choices)
    at_seq = models.BigIntegerField(
        help_text="the newest event, or entry of the publication log, known when it was read"
    )
    origin = models.DateField(help_text="the first day forecast, UTC; strikes before it are known")
    model_version = models.CharField(max_length=60)
    parameters = models.JSONField()
    seed = models.PositiveIntegerField(default=0, help_text="0: nothing is drawn at random")
    inputs = models.JSONField(help_text="how many strikes count, or were left out")
    inputs_sha256 = models.CharField(max_length=64)
    layer = models.ForeignKey(PopulationLayer, on_delete=models.PROTECT, related_name="+")
    layer_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    results_sha256 = models.CharField(max_length=64, blank=True)
    cell_count = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source__in=["record", "public", "partner"]),
                name="risk_run_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True, results_sha256="")
                | Q(state="failed", finished_at__isnull=False, results_sha256="")
                | Q(state="finished", finished_at__isnull=False, cell_count__isnull=False)
                & ~Q(results_sha256=""),
                name="risk_run_ended_whole",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state="running"), name="risk_run_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "state", "-started_at"], name="risk_run_newest")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="ended_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["finished", "failed"]),
            ),
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
        ]


class RiskCell(models.Model):
    """One H3 cell in one run: all figures of all horizons and floors in one row.

    ``figures`` is flat, names × horizons × floors in the orders of ``engine.risk``;
    ``risk_class`` one for each floor, null at resolutions without classes.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(RiskRun, on_delete=models.CASCADE, related_name="cells", db_index=False)
    cell = models.CharField(max_length=15)
    geometry = models.PolygonField(srid=4326, spatial_index=False, help_text="degrees WGS 84")
    people = models.FloatField(help_text="persons living in the cell")
    figures = ArrayField(models.FloatField())
    risk_class = ArrayField(models.SmallIntegerField(null=True))
    explanation = models.JSONField(help_text="by floor: background, and strikes that add most")
    units = ArrayField(models.UUIDField(), default=list, help_text="boundary units of its centre")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "cell"], name="risk_cell_once"),
            models.CheckConstraint(condition=Q(people__gte=0), name="risk_cell_people"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update)]


class RiskHistory(models.Model):
    """One cell's risk day by day, of the last run of each day: 30 days, every strike that counts.

    The three arrays go together; a day without the cell is left out.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=7, choices=RiskRun.Source.choices)
    cell = models.CharField(max_length=15)
    days = ArrayField(models.DateField(), help_text="origins of the runs")
    people = ArrayField(models.FloatField(), help_text="persons expected to be exposed")
    risk_class = ArrayField(models.SmallIntegerField(null=True))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "cell"], name="risk_history_once"),
        ]
