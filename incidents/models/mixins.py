"""Columns that reports and incidents share: where and when, and how surely."""

from collections.abc import Sequence
from typing import ClassVar

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q

from incidents import vocab


def closed(table: str, **fields: type[models.TextChoices]) -> list[models.CheckConstraint]:
    """Return for each field the check that it holds a code of its vocabulary."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{name}__in": vocabulary.values}), name=f"{table}_{name}_is_known"
        )
        for name, vocabulary in fields.items()
    ]


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
        constraints: ClassVar = [
            *closed("%(class)s", location_precision=vocab.LocationPrecision),
            models.CheckConstraint(
                condition=Q(uncertainty_m__isnull=True) | Q(uncertainty_m__gte=0),
                name="%(class)s_uncertainty_not_below_0",
            ),
        ]


class Timed(models.Model):
    """A range of time, both ends included, with a precision. UTC."""

    time_start = models.DateTimeField()
    time_end = models.DateTimeField()
    time_precision = models.CharField(max_length=10, choices=vocab.TimePrecision.choices)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            *closed("%(class)s", time_precision=vocab.TimePrecision),
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
            *closed("%(class)s", kind=vocab.IncidentKind),
            models.CheckConstraint(
                condition=Q(weapon="") | Q(weapon__in=vocab.Weapon.values),
                name="%(class)s_weapon_is_known",
            ),
            models.CheckConstraint(
                condition=Q(targets__contained_by=vocab.Target.values),
                name="%(class)s_targets_are_known",
            ),
            models.CheckConstraint(
                condition=Q(damage__contained_by=vocab.Damage.values),
                name="%(class)s_damage_is_known",
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


def replaces_within(table: str, *, only: str = "TRUE", refusal: str) -> pgtrigger.Trigger:
    """Return a trigger: a row of ``table`` replaces one of its incident, or of one merged into it.

    ``only`` is what must hold besides of ``older``, the row replaced, and of ``NEW``.
    """
    return pgtrigger.Trigger(
        name="replaces_own",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.replaces_id IS NOT NULL"),
        func=f"""
            IF NOT EXISTS (
                WITH RECURSIVE home AS (
                    SELECT incident_id AS id FROM {table} AS older
                    WHERE older.id = NEW.replaces_id AND {only}
                    UNION
                    SELECT merged_into_id FROM incidents_incident AS absorbed
                    JOIN home ON absorbed.id = home.id WHERE merged_into_id IS NOT NULL
                )
                SELECT FROM home WHERE id = NEW.incident_id
            ) THEN RAISE EXCEPTION '{refusal}'; END IF;
            RETURN NEW;""",  # noqa: S608 - both names are the model's
    )
