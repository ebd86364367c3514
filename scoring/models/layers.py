"""Population layers: loaded inactive, one active, some beside it, old ones kept and queryable."""

import math
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents.vocab import AgeGroup, Sex


class PopulationLayer(models.Model):
    """One gridded population raster (EPSG:4326), of which a checked copy is stored."""

    class Kind(models.TextChoices):
        COUNT = "count"
        DENSITY = "density"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(help_text="of the population")
    kind = models.CharField(
        max_length=7, choices=Kind.choices, help_text="persons in a cell, or per km²"
    )
    licence = models.CharField(max_length=200)
    attribution = models.TextField()
    is_demonstration = models.BooleanField(default=False)

    sha256 = models.CharField(max_length=64, unique=True, help_text="of the stored copy")
    file_name = models.CharField(max_length=100, help_text="within LAYERS_DIR")
    source_sha256 = models.CharField(max_length=64, help_text="of the file imported")
    source_band = models.PositiveSmallIntegerField(default=1)
    resolution_arcsec = models.FloatField(help_text="height of a cell, arc-seconds")
    west = models.FloatField(help_text="outer edge, degrees")
    south = models.FloatField(help_text="outer edge, degrees")
    east = models.FloatField(help_text="outer edge, degrees; above 180 across the antimeridian")
    north = models.FloatField(help_text="outer edge, degrees")
    nodata = models.FloatField(null=True)
    total = models.FloatField(help_text="persons, read from the stored copy")
    source_total = models.FloatField(help_text="persons, read from the file imported")
    groups_total = models.FloatField(
        null=True, help_text="persons in all its groups; null where it has none"
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    activated_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=False)
    is_beside = models.BooleanField(
        default=False, db_default=False, help_text="incidents are scored by it too, to compare"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="layer_one_active"
            ),
            models.UniqueConstraint(
                fields=["source_sha256", "source_band", "kind"], name="layer_once_per_source"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(activated_at__isnull=False),
                name="layer_active_since",
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="layer_has_people"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(is_beside=False), name="layer_active_or_beside"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.year} ({self.sha256[:12]})"

    @property
    def groups_add_up(self) -> bool | None:
        """Whether its groups are its total, to a thousandth; None where it has none."""
        if self.groups_total is None:
            return None
        return math.isclose(self.groups_total, self.total, rel_tol=0.001)


class PopulationGroup(models.Model):
    """The people of one sex and age group of a layer, on the layer's own grid."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    layer = models.ForeignKey(
        PopulationLayer, on_delete=models.CASCADE, related_name="groups", db_index=False
    )
    sex = models.CharField(max_length=7, choices=Sex.choices)
    age_group = models.CharField(max_length=7, choices=AgeGroup.choices)
    sha256 = models.CharField(max_length=64, help_text="of the stored copy")
    file_name = models.CharField(max_length=100, help_text="within LAYERS_DIR")
    source_sha256 = models.CharField(max_length=64, help_text="of the file imported")
    source_band = models.PositiveSmallIntegerField(default=1)
    total = models.FloatField(help_text="persons, read from the stored copy")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["layer", "sex", "age_group"], name="group_once"),
            models.CheckConstraint(condition=Q(total__gte=0), name="group_total"),
        ]

    @property
    def label(self) -> str:
        """What it is called in figures: ``female/child``."""
        return f"{self.sex}/{self.age_group}"
