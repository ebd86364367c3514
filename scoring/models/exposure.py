"""How many people live within r metres of an incident, and by which layer and formula."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from scoring.models.layers import PopulationLayer


class Unscored(models.TextChoices):
    """Why there is no figure."""

    NO_PLACE = "no_place", _("no coordinates are known")
    TOO_VAGUE = "too_vague", _("the place is known to no better than 100 km, or not how well")
    NO_LAYER = "no_layer", _("no population layer is active")
    OUTSIDE_LAYER = "outside_layer", _("the place lies outside the population layer")


FIGURES = ("low", "best", "high", "expected", "data_fraction")


def _numbers(**options: Any) -> ArrayField:
    return ArrayField(models.FloatField(), null=True, **options)


def _all(field: str, comparison: str) -> Exact:
    """Return the condition that every number of an array compares so: ``0 <=``, ``1 >=``."""
    every = Func(
        field, template=f"({comparison} ALL(%(expressions)s))", output_field=models.BooleanField()
    )
    return Exact(every, True)


def _as_many_as_radii(field: str) -> Exact:
    return Exact(_length(field), _length("radii_m"))


def _length(field: str) -> Func:
    return Func(field, function="cardinality", output_field=models.IntegerField())


def _in_order(lower: str, upper: str) -> Q:
    function = "scoring_none_above"  # migration 0002
    called = Func(lower, upper, function=function, output_field=models.BooleanField())
    # Of a point they are equal, which is told much quicker.
    return Q(**{lower: F(upper)}) | Q(Exact(called, True))


class Exposure(models.Model):
    """The figures of one incident by one layer and formula at all its radii; or why there are none.

    One row, so that it is of one version of the incident whatever happens beside it. Arrays have a
    number for each radius: people, as the 10th, 50th and 90th percentile and the mean where the
    place is uncertain. Only ``expected`` may be added up.
    """

    id = models.BigAutoField(primary_key=True)
    # The unique index below begins with it.
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="exposures", db_index=False
    )
    incident_version = models.PositiveIntegerField()
    layer = models.ForeignKey(
        PopulationLayer,
        on_delete=models.PROTECT,
        null=True,
        related_name="exposures",
        db_index=False,
    )
    layer_sha256 = models.CharField(max_length=64, blank=True, help_text="empty without a layer")
    radii_m = ArrayField(models.FloatField())
    reaches = ArrayField(models.CharField(max_length=20), help_text="what each radius stands for")
    low = _numbers()
    best = _numbers()
    high = _numbers()
    expected = _numbers()
    data_fraction = _numbers(help_text="share of each disc that has data")
    groups = models.JSONField(
        null=True, help_text="the same by sex and age group; null where the layer has none"
    )
    unscored_reason = models.CharField(max_length=20, choices=Unscored.choices, blank=True)
    formula_version = models.CharField(max_length=40)
    profiles_version = models.CharField(max_length=40)
    weapon = models.CharField(max_length=30, help_text="of that version, whose radii they are")
    uncertainty_m = models.FloatField(null=True, help_text="of that version; null where unknown")
    parameters = models.JSONField(default=dict)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "layer", "formula_version", "profiles_version"],
                name="exposure_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(layer__isnull=True, layer_sha256="")
                | (Q(layer__isnull=False) & ~Q(layer_sha256="")),
                name="exposure_layer_has_checksum",
            ),
            models.CheckConstraint(
                condition=Q(unscored_reason="", **{f"{name}__isnull": False for name in FIGURES})
                | Q(
                    unscored_reason__in=Unscored.values,
                    groups__isnull=True,
                    **{f"{name}__isnull": True for name in FIGURES},
                ),
                name="exposure_figures_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    GreaterThanOrEqual(_length("radii_m"), 1),
                    _as_many_as_radii("reaches"),
                    _all("radii_m", "0 <"),
                ),
                name="exposure_radii",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(*map(_as_many_as_radii, FIGURES)),
                name="exposure_figure_for_each_radius",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True)
                | Q(
                    _all("low", "0 <="),
                    _all("expected", "0 <="),
                    _in_order("low", "best"),
                    _in_order("best", "high"),
                ),
                name="exposure_in_order",
            ),
            models.CheckConstraint(
                condition=Q(data_fraction__isnull=True)
                | Q(_all("data_fraction", "0 <="), _all("data_fraction", "1 >=")),
                name="exposure_fraction",
            ),
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
