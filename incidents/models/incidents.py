"""Incidents as the monitors understand them, what they judge of them, and what was published."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.mixins import Alleged, Located, Timed, closed, immutable
from ledger.history import keeps_history
from ledger.triggers import append_only

# Where a monitor has something to decide: it is not out yet, or is not what was published any more.
TO_DECIDE = Q(merged_into__isnull=True) & (
    Q(state__in=[vocab.State.NEW, vocab.State.TRIAGED, vocab.State.IN_REVIEW])
    | Q(state=vocab.State.PUBLISHED, version__gt=F("published_version"))
)

# The H3 resolutions at which a lead monitor may show a finer place than the rule allows.
FINER = (8, 10)


@keeps_history(
    # What may name a person or a house, or tell where it stands.
    redactable=("title", "alleged_actor", "place_name", "pcode", "location", "units")
)
class Incident(Located, Timed, Alleged):
    """One strike, or one inseparable set of strikes."""

    # Random: this id is published, and one that holds a time would tell when a report arrived.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, help_text="grows with every change")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=vocab.State.choices, default=vocab.State.NEW)
    grade = models.CharField(max_length=10, choices=vocab.Grade.choices, blank=True)
    casualties = models.JSONField(default=list, help_text="the roll-up of the claims")
    independent_sources = models.PositiveIntegerField(
        default=0, help_text="distinct roots of who relays whom, over all its reports"
    )
    units = models.JSONField(
        default=list, help_text="administrative units of the point: level, pcode, release"
    )
    published_version = models.PositiveIntegerField(null=True)
    embargo_until = models.DateTimeField(
        null=True, help_text="nothing of it is written into the publication log before (UTC)"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_here"
    )

    class Meta(Timed.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            *Timed.Meta.constraints,
            *Alleged.Meta.constraints,
            *closed("incident", state=vocab.State),
            models.CheckConstraint(condition=Q(version__gte=1), name="incident_version_from_1"),
            models.CheckConstraint(
                condition=Q(published_version__isnull=True)
                | Q(published_version__gte=1, published_version__lte=F("version")),
                name="incident_published_version_was",
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade__in=vocab.Grade.values),
                name="incident_grade_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_version__isnull=False),
                name="incident_published_has_version",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="incident_merged_into_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="incident_newest"),
            models.Index(fields=["state", "-created_at", "-id"], name="incident_by_state"),
            models.Index(
                fields=["-created_at", "-id"], name="incident_to_decide", condition=TO_DECIDE
            ),
            models.Index(
                fields=["embargo_until"],
                name="incident_embargoed",
                condition=Q(embargo_until__isnull=False),
            ),
        ]


class Assessment(models.Model):
    """One monitor's grade of one version, with a reason. Never changed; the next one counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    incident_version = models.PositiveIntegerField()
    grade = models.CharField(max_length=10, choices=vocab.Grade.choices)
    reason = models.TextField()
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    assessed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            *closed("assessment", grade=vocab.Grade),
            models.CheckConstraint(
                condition=Q(incident_version__gte=1), name="assessment_version_from_1"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="assessment_has_reason"),
        ]
        triggers: ClassVar = immutable()


class Publication(models.Model):
    """A monitor's decision that one exact version be published; what it froze is ``snapshot``.

    A redaction empties it; its hash stays in the ledger.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="publications", db_index=False
    )
    incident_version = models.PositiveIntegerField()
    snapshot = models.JSONField(help_text="incidents.snapshots.snapshot_of, as it was then")
    public_resolution = models.PositiveSmallIntegerField(
        null=True, help_text="H3 resolution where a lead monitor chose a finer place"
    )
    reason = models.TextField(blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(default=timezone.now, editable=False)

    REDACTABLE_COLUMNS: ClassVar = ("snapshot",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "incident_version"], name="publication_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(incident_version__gte=1), name="publication_version_from_1"
            ),
            models.CheckConstraint(
                condition=Q(public_resolution__isnull=True)
                | Q(public_resolution__range=FINER) & ~Q(reason=""),
                name="publication_finer_with_reason",
            ),
        ]
        triggers: ClassVar = append_only(once=(), redactable=("snapshot",))
