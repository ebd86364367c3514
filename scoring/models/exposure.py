"""How many people live within r metres of an incident, and by which layer and formula."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from incidents.models import Incident
from scoring.models.layers import PopulationLayer


class Unscored(models.TextChoices):
    """Why there is no figure."""

    NO_PLACE = "no_place", _("no coordinates are known")
    TOO_VAGUE = "too_vague", _("the place is known to no better than 100 km, or not how well")
    NO_LAYER = "no_layer", _("no population layer is active")
    OUTSIDE_LAYER = "outside_layer", _("the place lies outside the population layer")


_FIGURES = ("low", "best", "high", "expected", "data_fraction")


class Exposure(models.Model):
    """The figures of one incident for one radius, one layer and one formula; or why there are none.

    People; the 10th, 50th and 90th percentile and the mean where the place is uncertain. Only
    ``expected`` may be added up.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="exposures")
    incident_version = models.PositiveIntegerField()
    layer = models.ForeignKey(
        PopulationLayer, on_delete=models.PROTECT, null=True, related_name="exposures"
    )
    layer_sha256 = models.CharField(max_length=64, blank=True, help_text="empty without a layer")
    radius_m = models.FloatField()
    low = models.FloatField(null=True)
    best = models.FloatField(null=True)
    high = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    data_fraction = models.FloatField(null=True, help_text="share of the disc that has data")
    unscored_reason = models.CharField(max_length=20, choices=Unscored.choices, blank=True)
    formula_version = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            # By checksum and not by layer, since NULLs would never be equal.
            models.UniqueConstraint(
                fields=["incident", "layer_sha256", "radius_m", "formula_version"],
                name="exposure_once",
            ),
            models.CheckConstraint(
                condition=Q(layer__isnull=True, layer_sha256="")
                | (Q(layer__isnull=False) & ~Q(layer_sha256="")),
                name="exposure_layer_has_checksum",
            ),
            models.CheckConstraint(
                condition=Q(unscored_reason="", **{f"{name}__isnull": False for name in _FIGURES})
                | Q(
                    unscored_reason__in=Unscored.values,
                    **{f"{name}__isnull": True for name in _FIGURES},
                ),
                name="exposure_figures_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True)
                | Q(low__gte=0, best__gte=F("low"), high__gte=F("best"), expected__gte=0),
                name="exposure_in_order",
            ),
            models.CheckConstraint(
                condition=Q(data_fraction__isnull=True)
                | Q(data_fraction__gte=0, data_fraction__lte=1),
                name="exposure_fraction",
            ),
            models.CheckConstraint(condition=Q(radius_m__gt=0), name="exposure_radius"),
        ]
        triggers: ClassVar = [
            # Two workers may have read different versions; whoever commits last, the newer stays.
            pgtrigger.Trigger(
                name="newer_version_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    new__incident_version__lt=pgtrigger.F("old__incident_version")
                ),
                func="RETURN NULL;",
            ),
        ]
