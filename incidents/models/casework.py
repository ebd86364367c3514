"""How monitors share the work on an incident: who has it, and what they say to each other."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents.models.incidents import Incident
from incidents.models.mixins import immutable


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
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
        ]
        triggers: ClassVar = [
            *immutable(),
            pgtrigger.Trigger(
                name="replaces_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.replaces_id IS NOT NULL"),
                func=(
                    "IF NOT EXISTS (SELECT FROM incidents_comment WHERE id = NEW.replaces_id"
                    " AND written_by_id = NEW.written_by_id)"
                    " THEN RAISE EXCEPTION 'a comment replaces one of its own author'; END IF;"
                    " RETURN NEW;"
                ),
            ),
        ]
