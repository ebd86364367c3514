"""Releases: the log of one audience at one entry, frozen, named and signed."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from feed.models.log import Audience


class Release(models.Model):
    """What stood at ``seq``. Its files are made by a job, anew after each redaction within it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    audience = models.CharField(max_length=7, choices=Audience.choices)
    name = models.SlugField(max_length=60, unique=True)
    seq = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    redactions = models.PositiveIntegerField(default=0, help_text="that took something out of it")
    is_made = models.BooleanField(default=False, help_text="the files are there, and up to date")
    changes = models.JSONField(default=dict, help_text="how many were created, updated, withdrawn")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="release_audience_is_known"
            ),
            models.CheckConstraint(condition=Q(seq__gte=0), name="release_seq_not_negative"),
        ]


class ReleaseFile(models.Model):
    """One file of a release. One that a redaction replaced stays listed, without its content."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    superseded_at = models.DateTimeField(null=True)
    superseded_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "name"],
                name="release_file_stands_once",
                condition=Q(superseded_at__isnull=True),
            ),
        ]
