"""Imports of files: how far each has come, which rows it refused, and what headers mean."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.mixins import closed

UNDER_WAY = (vocab.ImportState.WAITING, vocab.ImportState.RUNNING)
ENDED = (vocab.ImportState.DONE, vocab.ImportState.FAILED)


class ImportRun(models.Model):
    """One file on its way into the record. Counts are committed with the rows that they count."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    preset = models.CharField(max_length=40)
    format = models.CharField(max_length=10, choices=vocab.TableFormat.choices)
    mode = models.CharField(max_length=20, choices=vocab.ImportMode.choices)
    dry_run = models.BooleanField(default=False)
    headers = models.JSONField(default=list, help_text="the file's own")
    mapping = models.JSONField(default=dict, help_text="from the preset's column to the header")
    file_name = models.CharField(max_length=200, help_text="as the sender called it, made harmless")
    storage_name = models.CharField(max_length=100, help_text="empty once the file is deleted")
    sha256 = models.CharField(max_length=64, help_text="of the file, hex")
    fingerprint = models.CharField(
        max_length=64, help_text="of the file and all that was asked for: one run at a time"
    )
    state = models.CharField(
        max_length=10, choices=vocab.ImportState.choices, default=vocab.ImportState.WAITING
    )
    starts = models.PositiveSmallIntegerField(
        default=0, help_text="how often it began since it last got anywhere"
    )
    total_rows = models.PositiveIntegerField(null=True, help_text="null until they are counted")
    rows_checked = models.PositiveIntegerField(default=0, help_text="read without storing any")
    rows_done = models.PositiveIntegerField(default=0, help_text="stored, known or refused")
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    language = models.CharField(max_length=10, db_default="en", help_text="of what is refused")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"],
                condition=Q(state__in=UNDER_WAY),
                name="import_once_at_a_time",
            ),
            *closed(
                "import", state=vocab.ImportState, mode=vocab.ImportMode, format=vocab.TableFormat
            ),
            models.CheckConstraint(
                condition=Q(total_rows__isnull=True) | Q(rows_done__lte=F("total_rows")),
                name="import_not_beyond_its_end",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_rows__isnull=False,
                    total_rows__gte=F("new") + F("known") + F("refused"),
                )
                | Q(total_rows__isnull=True, new=0, known=0, refused=0),
                name="import_counts_rows_it_has",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, finished_at__isnull=True)
                | Q(state__in=ENDED, finished_at__isnull=False),
                name="import_finished_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(total_rows__isnull=True) | Q(rows_checked__lte=F("total_rows")),
                name="import_checked_to_its_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at", "-id"], name="import_newest"),
            models.Index(fields=["id"], name="import_under_way", condition=Q(state__in=UNDER_WAY)),
        ]

    def step(self) -> str:
        """Return what a run under way is at; blank for one that waits or ended."""
        if self.state != vocab.ImportState.RUNNING:
            return ""
        is_checking = self.dry_run or (
            self.mode == vocab.ImportMode.ALL_OR_NOTHING and self.rows_checked != self.total_rows
        )
        return vocab.ImportStep.CHECKING if is_checking else vocab.ImportStep.STORING

    def percent(self) -> int:
        """Return how much is done; a file that is checked as a whole first is walked twice.

        The second walk is one transaction: until it is over nobody sees it move.
        """
        if self.state == vocab.ImportState.DONE:
            return 100
        if not self.total_rows:
            return 0
        walks = 2 if self.mode == vocab.ImportMode.ALL_OR_NOTHING and not self.dry_run else 1
        return 100 * (self.rows_checked + self.rows_done) // (walks * self.total_rows)


class RejectedRow(models.Model):
    """One row of a file that was refused, and why. The row itself stays in the file."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="rejected", db_index=False
    )
    number = models.PositiveIntegerField(help_text="of the data row, from 1")
    errors = models.JSONField(help_text='[{"field", "code", "message"}]')

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="rejected_once_per_row"),
            models.CheckConstraint(condition=Q(number__gte=1), name="rejected_from_row_1"),
        ]


class HeaderMapping(models.Model):
    """What an organisation's own headers mean to a preset, said once for files of these headers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    preset = models.CharField(max_length=40)
    headers_sha256 = models.CharField(max_length=64, help_text="of the sorted headers")
    mapping = models.JSONField(help_text="from the preset's column to the header")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "preset", "headers_sha256"], name="headers_mapped_once"
            ),
        ]
