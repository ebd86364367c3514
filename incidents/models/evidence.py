"""Files and links that belong to reports. The files themselves lie in two storages."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.mixins import immutable
from incidents.models.reports import Report


class Evidence(models.Model):
    """One original file of one report: what it is called, what it is, and its receipt. Immutable.

    Two reports may bring the same file; it is then stored once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, related_name="evidence", db_index=False
    )
    name = models.CharField(max_length=300, help_text="as the sender called it")
    sha256 = models.CharField(max_length=64, help_text="of the file, hex")
    size = models.BigIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=100, help_text="by the file's own bytes")
    storage_name = models.CharField(max_length=200, help_text="where the storage has it")
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    receipt = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "name"], name="evidence_once_per_name"),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_has_content"),
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="evidence_by_content")]
        triggers: ClassVar = immutable()


def _band(number: int) -> Any:
    """Return 16 of the fingerprint's 64 bits."""
    return F("fingerprint").bitrightshift(16 * number).bitand(0xFFFF)


class WorkingCopy(models.Model):
    """What a picture shows, without anything else that its file holds; or why there is no copy.

    Made by us from the original and made anew when the way of making it changes.
    """

    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, primary_key=True, related_name="working_copy"
    )
    maker = models.CharField(max_length=10, help_text="version of the way it was made")
    made_at = models.DateTimeField()
    no_copy = models.CharField(max_length=20, choices=vocab.NoCopy.choices, blank=True)
    storage_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the copy, hex")
    size = models.BigIntegerField(null=True, help_text="bytes")
    width = models.PositiveIntegerField(null=True, help_text="pixels")
    height = models.PositiveIntegerField(null=True, help_text="pixels")
    is_first_of_several = models.BooleanField(
        default=False, help_text="the original holds more pictures than the one shown"
    )
    fingerprint = models.BigIntegerField(
        null=True, help_text="difference hash, 64 bits; null where the picture is too plain"
    )

    class Meta:
        verbose_name_plural = "working copies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(no_copy="") ^ ~Q(storage_name=""), name="working_copy_or_reason"
            ),
            models.CheckConstraint(
                condition=Q(no_copy="") | Q(no_copy__in=vocab.NoCopy.values),
                name="working_copy_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(storage_name="")
                | Q(size__isnull=False, width__isnull=False, height__isnull=False)
                & Q(size__gt=0, width__gt=0, height__gt=0),
                name="working_copy_is_measured",
            ),
        ]
        # A fingerprint near another has 16 bits that differ in at most one: see selectors.evidence.
        indexes: ClassVar = [
            models.Index(_band(number), name=f"working_copy_band_{number}") for number in range(4)
        ]


class EvidenceLink(models.Model):
    """Where something can be seen on the web, as the sender says. We never fetch it. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="links")
    url = models.CharField(max_length=2000)
    captured_at = models.DateTimeField(null=True, help_text="when the sender saw or saved it")
    archive_url = models.CharField(max_length=2000, blank=True)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(url=""), name="evidence_link_has_url"),
        ]
        triggers: ClassVar = immutable()
