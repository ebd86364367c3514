"""What one organisation said, as it said it: reports, their sources and their claims."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.incidents import Incident
from incidents.models.mixins import Alleged, Located, Timed, closed, immutable
from ledger.history import keeps_history


class ReportQuerySet(models.QuerySet["Report"]):
    """Sets of reports."""

    def current(self) -> "ReportQuerySet":
        """Return those that count: neither corrected by a newer one nor withdrawn."""
        return self.filter(corrected_by__isnull=True, withdrawal__isnull=True)


@keeps_history(fields=["incident"])
class Report(Located, Timed, Alleged):
    """Immutable; corrected by a newer report on the same incident."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    idempotency_key = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64, help_text="of the body as sent, hex")
    description = models.TextField(blank=True)
    language = models.CharField(max_length=3)
    licence = models.CharField(max_length=30, choices=vocab.Licence.choices)
    may_republish = models.BooleanField(default=False)
    consent_basis = models.CharField(max_length=20, choices=vocab.ConsentBasis.choices)
    consent_share = models.BooleanField()
    consent_publish = models.BooleanField()
    consent_court = models.BooleanField()
    flags = ArrayField(models.CharField(max_length=30), default=list)
    reporter_sealed = models.BinaryField(null=True, help_text="encrypted, with its salt")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    attachments = ArrayField(
        models.CharField(max_length=300), default=list, help_text="names of the files announced"
    )
    receipt = models.JSONField()

    objects = ReportQuerySet.as_manager()

    class Meta(Timed.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            *Timed.Meta.constraints,
            *Alleged.Meta.constraints,
            *closed("report", licence=vocab.Licence, consent_basis=vocab.ConsentBasis),
            models.CheckConstraint(
                condition=Q(flags__contained_by=vocab.ReportFlag.values),
                name="report_flags_are_known",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")),
                name="report_corrects_another",
            ),
            models.UniqueConstraint(
                fields=["organisation", "idempotency_key"], name="report_once_per_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "-received_at", "-id"], name="report_by_organisation"
            ),
            models.Index(fields=["-received_at", "-id"], name="report_newest"),
        ]
        triggers: ClassVar = immutable(but=["incident"])  # merging moves it


class Source(models.Model):
    """Where a report's content comes from. It may relay others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="sources", db_index=False
    )
    ref = models.CharField(max_length=60, help_text="its name within the report")
    kind = models.CharField(max_length=20, choices=vocab.SourceKind.choices)
    name = models.CharField(max_length=300, blank=True)
    description = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    published_on = models.DateField(null=True)
    identity_sealed = models.BinaryField(null=True, help_text="encrypted, with its salt")
    relays = models.ManyToManyField("self", symmetrical=False, related_name="relayed_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "ref"], name="source_ref_once"),
            *closed("source", kind=vocab.SourceKind),
        ]
        triggers: ClassVar = immutable()


class Relay(Source.relays.through):  # type: ignore[name-defined]
    """One source passing on what another said; here to be held by triggers like the sources."""

    class Meta:
        proxy = True
        triggers: ClassVar = immutable()


class Claim(models.Model):
    """One figure from one source. Persons; a minimum without a maximum is open-ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="claims")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claims")
    outcome = models.CharField(max_length=10, choices=vocab.Outcome.choices)
    civilian_status = models.CharField(max_length=12, choices=vocab.CivilianStatus.choices)
    sex = models.CharField(max_length=8, choices=vocab.Sex.choices)
    age_group = models.CharField(max_length=8, choices=vocab.AgeGroup.choices)
    party = models.CharField(max_length=300, blank=True)
    minimum = models.PositiveIntegerField(null=True)
    best = models.PositiveIntegerField(null=True)
    maximum = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minimum__isnull=False)
                | Q(best__isnull=False)
                | Q(maximum__isnull=False),
                name="claim_says_something",
            ),
            *closed(
                "claim",
                outcome=vocab.Outcome,
                civilian_status=vocab.CivilianStatus,
                sex=vocab.Sex,
                age_group=vocab.AgeGroup,
            ),
        ]
        triggers: ClassVar = immutable()
