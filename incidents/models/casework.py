"""How monitors share the work on an incident: who has it, and what they say to each other."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents.models.incidents import Incident
from incidents.models.mixins import immutable, replaces_within


class Assignment(models.Model):
    """Which monitor works on an incident; no row: nobody. Not a part of the incident's content."""

    incident = models.OneToOneField(
        Incident, on_delete=models.PROTECT, primary_key=True, related_name="assignment"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)


class Comment(models.Model):
    """What one monitor says to the others. Never changed, never published."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
            # Once on each incident: after a merge is undone, both may have a newer one.
            models.UniqueConstraint(fields=["replaces", "incident"], name="comment_replaced_once"),
        ]
        triggers: ClassVar = [
            *immutable(),
            replaces_within(
                "incidents_comment",
                only="older.written_by_id = NEW.written_by_id",
                refusal="a comment replaces one of its own author and incident",
            ),
        ]
