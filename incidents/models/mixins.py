"""Columns that reports and incidents share: where and when, and how surely."""

from collections.abc import Sequence
from typing import ClassVar

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q

from incidents import vocab


class Located(models.Model):
    """A point with an uncertainty radius and a precision class, or only names."""

    location = models.PointField(srid=4326, null=True, help_text="degrees WGS 84")
    uncertainty_m = models.FloatField(null=True, help_text="metres; null where unknown")
    location_precision = models.CharField(max_length=20, choices=vocab.LocationPrecision.choices)
    place_name = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2")
    pcode = models.CharField(max_length=30, blank=True)

    class Meta:
        abstract = True


class Timed(models.Model):
    """A range of time, both ends included, with a precision. UTC."""

    time_start = models.DateTimeField()
    time_end = models.DateTimeField()
    time_precision = models.CharField(max_length=10, choices=vocab.TimePrecision.choices)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(time_end__gte=F("time_start")), name="%(class)s_time_in_order"
            ),
        ]


class Alleged(models.Model):
    """What is said of the strike, or of the context event, itself."""

    kind = models.CharField(
        max_length=12,
        choices=vocab.IncidentKind.choices,
        default=vocab.IncidentKind.STRIKE,
        db_default=vocab.IncidentKind.STRIKE,
    )
    title = models.CharField(max_length=300, blank=True)
    weapon = models.CharField(max_length=30, choices=vocab.Weapon.choices, blank=True)
    alleged_actor = models.CharField(max_length=300, blank=True)
    targets = ArrayField(models.CharField(max_length=20), default=list)
    damage = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="strike") & ~Q(weapon="") | ~Q(kind="strike") & Q(weapon=""),
                name="%(class)s_strike_has_weapon",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=vocab.IncidentKind.values), name="%(class)s_kind_is_known"
            ),
        ]


def immutable(*, but: Sequence[str] = ()) -> list[pgtrigger.Trigger]:
    """Return triggers for ``Meta.triggers``: no row changes (but these fields) or goes."""
    read_only = (
        pgtrigger.ReadOnly(name="immutable", exclude=[*but])
        if but
        else pgtrigger.Protect(name="immutable", operation=pgtrigger.Update)
    )
    return [read_only, pgtrigger.Protect(name="stays", operation=pgtrigger.Delete)]
