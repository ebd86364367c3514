"""What a party to the conflict answered, and which harm it concedes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import uuid7
from incidents import vocab
from incidents.models.incidents import Incident
from incidents.models.mixins import closed, immutable, replaces_within

# Who denies, is silent or still looks into it concedes no figure.
CONCEDING = (vocab.Stance.ACCEPTED_STRIKE, vocab.Stance.ACCEPTED_HARM, vocab.Stance.PARTLY)


class Response(models.Model):
    """One party's answer, as a monitor recorded it. Immutable; a newer one may replace it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="responses")
    party = models.CharField(max_length=300, help_text="who answers, by its public name")
    stance = models.CharField(max_length=20, choices=vocab.Stance.choices)
    conceded = models.JSONField(
        default=list,
        help_text="persons: outcome, civilian_status, minimum, best, maximum; no claims",
    )
    quote = models.TextField(blank=True, help_text="its own words")
    url = models.CharField(max_length=2000, blank=True, help_text="where it says so")
    published_on = models.DateField(null=True, help_text="when it said so")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            *closed("response", stance=vocab.Stance),
            # Once on each incident: after a merge is undone, both may have a newer one.
            models.UniqueConstraint(fields=["replaces", "incident"], name="response_replaced_once"),
            models.CheckConstraint(condition=~Q(party=""), name="response_has_party"),
            models.CheckConstraint(
                condition=Q(conceded=[]) | Q(stance__in=CONCEDING),
                name="response_concedes_by_stance",
            ),
            models.CheckConstraint(
                condition=Q(stance="no_comment") | ~Q(quote="") | ~Q(url=""),
                name="response_can_be_traced",
            ),
        ]
        triggers: ClassVar = [
            *immutable(),
            replaces_within(
                "incidents_response", refusal="a response replaces one to its own incident"
            ),
        ]
