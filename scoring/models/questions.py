"""What monitors ask about places of their own, where the answer takes a worker."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class QuestionState(models.TextChoices):
    """How far the answer has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being answered")
    DONE = "done", _("answered")
    FAILED = "failed", _("failed")


class ExposureQuestion(models.Model):
    """A question, what was known when it was asked, and its answer, kept until it expires.

    It is cut into parts, each an event of its own: ``answers`` holds those that are done.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    asked = models.JSONField(help_text="as it was sent")
    inputs = models.JSONField(help_text="scoring.services.questions.Inputs, frozen when asked")
    parts_total = models.PositiveSmallIntegerField()
    parts_done = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=dict, help_text="of each part that is done")
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(parts_done__lte=F("parts_total")), name="question_parts"
            ),
        ]
