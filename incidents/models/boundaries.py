"""Administrative units with P-codes, in releases that are loaded, then activated.

At most one release is active for each country, and one for the world. A release that was ever
active keeps its content for ever: records name a P-code together with its release.
"""

from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7

MAX_LEVEL = 5  # 0 is a whole country; OCHA's deepest datasets go to 5


class BoundaryRelease(models.Model):
    """One edition of the boundaries of a country, or of the world, e.g. ``syr-cod-2016``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100, unique=True)
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO 3166 alpha-2; empty for the world"
    )
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    level_sha256 = models.JSONField(
        default=dict, help_text='hash of each level\'s content, {"0": "9f…"}'
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    activated_at = models.DateTimeField(null=True, help_text="the last time; null: never yet")
    is_active = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["country"], condition=Q(is_active=True), name="boundary_release_one_active"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="boundary_release_has_name"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(activated_at__isnull=False),
                name="boundary_release_active_has_time",
            ),
        ]


class BoundaryUnit(models.Model):
    """One administrative unit. A unit has one P-code in a release and level."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    release = models.ForeignKey(
        BoundaryRelease, on_delete=models.PROTECT, related_name="units", db_index=False
    )
    level = models.PositiveSmallIntegerField(help_text="0 country, 1 first subdivision, …")
    pcode = models.CharField(max_length=30)
    parent_pcode = models.CharField(max_length=30, blank=True)
    names = models.JSONField(help_text='by language, {"en": "Aleppo", "ar": "حلب"}')
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO 3166 alpha-2; empty where no one state's"
    )
    geometry = models.MultiPolygonField(srid=4326, help_text="degrees WGS 84")
    area_km2 = models.FloatField(help_text="geodesic; of two that overlap the smaller is taken")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "level", "pcode"], name="boundary_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(level__lte=MAX_LEVEL), name="boundary_unit_level_in_range"
            ),
            models.CheckConstraint(condition=~Q(pcode=""), name="boundary_unit_has_pcode"),
            models.CheckConstraint(condition=~Q(names={}), name="boundary_unit_has_name"),
            models.CheckConstraint(
                condition=Q(area_km2__gte=0), name="boundary_unit_area_not_below_0"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["pcode"], name="boundary_unit_by_pcode")]


class BoundaryPart(models.Model):
    """A small piece of a unit's geometry, which looking up a place reads instead of the whole.

    A whole country is decompressed and walked for every point asked about; pieces of a hundred
    vertices make it 5 to 20 times quicker (docs/data-sources.md).
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(BoundaryUnit, on_delete=models.CASCADE, related_name="parts")
    geometry = models.PolygonField(srid=4326, help_text="degrees WGS 84")
