"""Which webhooks there are: for their members, and for the workers who send."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import Action, may
from feed.models import Audience, Webhook, WebhookDelivery
from feed.selectors import latest_seq

# A run of sends takes less than half of it: one older than this died with its worker.
ABANDONED_AFTER = timedelta(seconds=45)


def webhooks_visible_to(actor: Actor) -> QuerySet[Webhook]:
    """Return the webhooks of the actor's organisation, none without the permission."""
    if not may(actor, Action.WEBHOOK_KEEP):
        return Webhook.objects.none()
    return Webhook.objects.filter(organisation_id=actor.organisation_id)


def webhooks_wait_for(audience: Audience) -> bool:
    """Tell whether anybody is to be told of this audience's entries."""
    return Webhook.objects.filter(audience=audience, state=Webhook.State.ACTIVE).exists()


def webhooks_due(now: datetime, busy_hosts: Collection[str]) -> QuerySet[Webhook]:
    """Return the webhooks with something to send that nobody sends for, longest unserved first."""
    pending = WebhookDelivery.objects.filter(
        webhook=OuterRef("pk"), state=WebhookDelivery.State.PENDING
    )
    behind = Q(Exists(pending))
    for audience in Audience:
        behind |= Q(audience=audience, last_seq__lt=latest_seq(audience))
    active = Q(state=Webhook.State.ACTIVE, not_before__lte=now) & behind
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - ABANDONED_AFTER)
    due = Webhook.objects.filter(free, active | Exists(pending.filter(seq=None)))
    return due.exclude(host__in=busy_hosts).order_by(F("claimed_at").asc(nulls_first=True), "id")
