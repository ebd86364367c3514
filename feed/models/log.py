"""The publication log: every version of everything published, for each audience, in one order."""

import secrets
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from incidents.vocab import Grade, Weapon, WeaponClass
from ledger.triggers import append_only

_SEALED_COLUMNS = ("seq", "sealed_at", "hash", "chain", "closed_by_seq")
# All that tells of the object itself, and the salt without which its hash tells nothing.
_REDACTABLE_COLUMNS = (
    *("salt", "feature", "geometry", "time_start", "time_end", "uncertainty_m", "country"),
    *("pcodes", "weapon", "weapon_class", "targets", "grade"),
    *("killed_min", "killed_best", "killed_max"),
    *("civilians_killed_min", "civilians_killed_best", "civilians_killed_max"),
    *("injured_min", "injured_best", "injured_max"),
    *("exposure_1km", "exposure_2km", "exposure_5km"),
)


def new_salt() -> str:
    """Return 128 random bits, hex: readers get them with the content, and nobody without it."""
    return secrets.token_hex(16)


class Audience(models.TextChoices):
    """Who reads. Each has its own order, or the gaps would show how much is hidden from it."""

    PUBLIC = "public", _("public")
    PARTNER = "partner", _("partner")


class Kind(models.TextChoices):
    """What an entry is a version of."""

    INCIDENT = "incident", _("incident")
    EXPOSURE = "exposure", _("exposure")
    RISK_CELL = "risk_cell", _("risk cell")
    CONTEXT_EVENT = "context_event", _("context event")


class Change(models.TextChoices):
    """What became of the object with this version."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    REGRADED = "regraded", _("regraded")
    MERGED_INTO = "merged_into", _("merged into another")
    SPLIT = "split", _("split")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REDACTED = "redacted", _("redacted")


class LogEntry(models.Model):
    """One version of one object as one audience may see it.

    ``feature`` is what is served; the columns before it are what may be filtered on, and hold
    nothing that the feature does not show. Without a feature an entry says that the object is gone.
    The sealer gives an entry its place in the order. ``hash`` covers the content and its ``salt``;
    redaction blanks both and leaves the hash, which then lets nobody try out what was there.
    ``chain`` is the hash over all hashes so far: two who have the same have the same log. ``id`` is
    never published.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    audience = models.CharField(max_length=7, choices=Audience.choices)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    object_id = models.UUIDField()
    object_version = models.PositiveIntegerField()
    incident_version = models.IntegerField(
        null=True, help_text="of an exposure: the version of the incident that it goes with"
    )
    change = models.CharField(max_length=11, choices=Change.choices)
    reason = models.CharField(max_length=200, blank=True, help_text="in fixed words, never a note")
    merged_into = models.UUIDField(null=True, help_text="the object that it lives on in")

    geometry = models.GeometryField(srid=4326, null=True, help_text="degrees WGS 84, as shown")
    time_start = models.DateTimeField(null=True)
    time_end = models.DateTimeField(null=True)
    uncertainty_m = models.FloatField(null=True, help_text="metres")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2")
    pcodes = ArrayField(models.CharField(max_length=30), default=list)
    weapon = models.CharField(max_length=30, choices=Weapon.choices, blank=True)
    weapon_class = models.CharField(max_length=20, choices=WeaponClass.choices, blank=True)
    targets = ArrayField(models.CharField(max_length=20), default=list)
    grade = models.CharField(max_length=10, choices=Grade.choices, blank=True)
    killed_min = models.PositiveIntegerField(null=True, help_text="persons")
    killed_best = models.PositiveIntegerField(null=True, help_text="persons")
    killed_max = models.PositiveIntegerField(null=True, help_text="persons")
    civilians_killed_min = models.PositiveIntegerField(null=True, help_text="persons")
    civilians_killed_best = models.PositiveIntegerField(null=True, help_text="persons")
    civilians_killed_max = models.PositiveIntegerField(null=True, help_text="persons")
    injured_min = models.PositiveIntegerField(null=True, help_text="persons")
    injured_best = models.PositiveIntegerField(null=True, help_text="persons")
    injured_max = models.PositiveIntegerField(null=True, help_text="persons")
    exposure_1km = models.FloatField(null=True, help_text="persons, best figure")
    exposure_2km = models.FloatField(null=True, help_text="persons, best figure")
    exposure_5km = models.FloatField(null=True, help_text="persons, best figure")
    feature = models.TextField(blank=True, help_text="the GeoJSON Feature, one line")
    salt = models.CharField(max_length=32, null=True, default=new_salt, editable=False)

    seq = models.BigIntegerField(null=True, editable=False, help_text="1, 2, 3 … per audience")
    sealed_at = models.DateTimeField(null=True, editable=False)
    hash = models.CharField(max_length=64, null=True, editable=False, help_text="SHA-256, hex")
    chain = models.CharField(max_length=64, null=True, editable=False, help_text="SHA-256, hex")
    closed_by_seq = models.BigIntegerField(null=True, editable=False)

    SEALED_COLUMNS: ClassVar = _SEALED_COLUMNS
    REDACTABLE_COLUMNS: ClassVar = _REDACTABLE_COLUMNS

    class Meta:
        verbose_name_plural = "log entries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["audience", "kind", "object_id", "object_version"],
                name="log_version_once",
            ),
            # Partial, as in the ledger: an index over all rows would make seq part of a key, and
            # then a row that refers to an entry would wait for the sealer.
            models.UniqueConstraint(
                fields=["audience", "seq"], name="log_seq_unique", condition=Q(seq__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["audience", "kind", "object_id"],
                name="log_one_open_version",
                condition=Q(seq__isnull=False, closed_by_seq__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="log_audience_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="log_kind_is_known"),
            models.CheckConstraint(
                condition=Q(change__in=Change.values), name="log_change_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="exposure", incident_version__isnull=False)
                | (~Q(kind="exposure") & Q(incident_version__isnull=True)),
                name="log_exposure_names_version",
            ),
            models.CheckConstraint(
                condition=Q(time_end__gte=F("time_start")), name="log_time_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closed_by_seq__gt=F("seq")), name="log_closed_by_a_later_one"
            ),
            models.CheckConstraint(
                condition=Q(seq__isnull=True, sealed_at__isnull=True, hash__isnull=True)
                | Q(seq__isnull=False, sealed_at__isnull=False, hash__isnull=False),
                name="log_sealed_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["audience", "object_version", "id"],
                name="log_unsealed",
                condition=Q(seq__isnull=True),
            ),
            models.Index(
                fields=["audience", "kind", "seq"],
                name="log_by_seq",
                condition=Q(seq__isnull=False) & ~Q(feature=""),
            ),
            models.Index(
                fields=["audience", "sealed_at", "seq"],
                name="log_by_sealing",
                condition=Q(seq__isnull=False),
            ),
            # Those by place and by time, and the few others behind a page of items: migration 0003.
        ]
        triggers: ClassVar = append_only(once=_SEALED_COLUMNS, redactable=_REDACTABLE_COLUMNS)
