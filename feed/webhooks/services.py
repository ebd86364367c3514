"""What members do with their webhooks. Each demands ``WEBHOOK_KEEP`` and sees its own alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Organisation
from accounts.permissions import Action, demand
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from feed.models import Audience, Kind, Webhook, WebhookDelivery
from feed.selectors import audience_of, latest_seq
from feed.webhooks.addresses import host_checked
from feed.webhooks.secrets import secret_new, secret_stored
from feed.webhooks.selectors import webhooks_visible_to
from ledger.services import audit_record
from ledger.wake import send

TASK = "feed.tasks.webhooks_send"
MOST = 20
OLD_SECRET_SIGNS = timedelta(hours=24)


@transaction.atomic
def webhook_create(
    *, actor: Actor, url: str, kinds: Sequence[Kind], from_seq: int | None = None
) -> tuple[Webhook, str]:
    """Return a new webhook of the actor's and its secret, which is shown this once.

    It is told of the entries from ``from_seq`` on, without it of those to come, as the actor's
    audience sees them. Raises ``InvalidInput``, and ``Conflict`` at 20 of an organisation's.
    """
    demand(actor, Action.WEBHOOK_KEEP)
    host = host_checked(url)
    audience = audience_of(actor)
    Organisation.objects.select_for_update().get(id=actor.organisation_id)
    if webhooks_visible_to(actor).count() >= MOST:
        raise Conflict(_("Your organisation has as many webhooks as are kept: %d.") % MOST)
    secret, head = secret_new(), latest_seq(audience)
    webhook = Webhook.objects.create(
        owner_id=actor.id,
        organisation_id=actor.organisation_id,
        audience=audience,
        kinds=sorted(set(kinds)),
        url=url,
        host=host,
        secret=secret_stored(secret),
        last_seq=head if from_seq is None else _before(from_seq, head),
    )
    _record(actor, "created", webhook, {"host": host, "audience": str(audience)})
    _wake()
    return webhook, secret


def _before(from_seq: int, head: int) -> int:
    """Return the entry before; ``InvalidInput`` for one that lies ahead of the log."""
    if not 1 <= from_seq <= head + 1:
        message = _("The log has the entries 1 to %d.") % head
        raise InvalidInput(errors=[FieldError("from_seq", message, "ahead")])
    return from_seq - 1


@transaction.atomic
def webhook_rotate(*, actor: Actor, webhook_id: UUID) -> tuple[Webhook, str]:
    """Give a new secret; the present one signs beside it for a day, one before that no more."""
    webhook = _locked(actor, webhook_id)
    secret = secret_new()
    webhook.old_secret, webhook.secret = webhook.secret, secret_stored(secret)
    webhook.old_secret_until = timezone.now() + OLD_SECRET_SIGNS
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _record(actor, "secret_rotated", webhook)
    return webhook, secret


@transaction.atomic
def webhook_pause(*, actor: Actor, webhook_id: UUID) -> Webhook:
    """Send nothing until it is resumed; what comes meanwhile waits in the log."""
    webhook = _locked(actor, webhook_id)
    webhook.state, webhook.reason = Webhook.State.PAUSED, ""
    webhook.save(update_fields=["state", "reason"])
    _record(actor, "paused", webhook)
    return webhook


@transaction.atomic
def webhook_resume(*, actor: Actor, webhook_id: UUID) -> Webhook:
    """Send again from where it stopped, at once, also one that was disabled or waits."""
    webhook = _locked(actor, webhook_id)
    webhook.state, webhook.reason = Webhook.State.ACTIVE, ""
    webhook.failures, webhook.failing_since = 0, None
    webhook.not_before = timezone.now()
    webhook.save(update_fields=["state", "reason", "failures", "failing_since", "not_before"])
    _record(actor, "resumed", webhook)
    _wake()
    return webhook


@transaction.atomic
def webhook_replay(*, actor: Actor, webhook_id: UUID, from_seq: int) -> Webhook:
    """Send all entries from one on again, in their order, under the same ids."""
    webhook = _locked(actor, webhook_id)
    webhook.last_seq = _before(from_seq, latest_seq(Audience(webhook.audience)))
    webhook.save(update_fields=["last_seq"])
    webhook.deliveries.filter(seq__gte=from_seq).delete()
    _record(actor, "replayed", webhook, {"from_seq": from_seq})
    _wake()
    return webhook


@transaction.atomic
def delivery_replay(*, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Send one entry again under the same id. Raises ``NotFound``; a ping is not repeated."""
    webhook = _locked(actor, webhook_id)
    delivery = webhook.deliveries.filter(id=delivery_id, seq__isnull=False).first()
    if delivery is None:
        raise NotFound(_("There is no such delivery."))
    delivery.state, delivery.finished_at = WebhookDelivery.State.PENDING, None
    delivery.save(update_fields=["state", "finished_at"])
    _record(actor, "replayed", webhook, {"seq": delivery.seq})
    _wake()
    return delivery


@transaction.atomic
def webhook_ping(*, actor: Actor, webhook_id: UUID) -> WebhookDelivery:
    """Send a test, tried once, whatever the webhook's state; one that waits already is enough."""
    webhook = _locked(actor, webhook_id)
    waiting = webhook.deliveries.filter(seq=None, state=WebhookDelivery.State.PENDING).first()
    _wake()
    return waiting or webhook.deliveries.create()


@transaction.atomic
def webhook_delete(*, actor: Actor, webhook_id: UUID) -> None:
    """Take a webhook away with its secret and its deliveries; an attempt under way still ends."""
    webhook = _locked(actor, webhook_id)
    _record(actor, "deleted", webhook)
    webhook.delete()


def webhook_disable(webhook: Webhook, reason: str) -> None:
    """Send nothing more until its owner resumes it. ``reason`` in fixed words; not saved."""
    webhook.state, webhook.reason = Webhook.State.DISABLED, reason
    _record(None, "disabled", webhook, {"reason": reason})


def _locked(actor: Actor, webhook_id: UUID) -> Webhook:
    demand(actor, Action.WEBHOOK_KEEP)
    webhook = webhooks_visible_to(actor).select_for_update().filter(id=webhook_id).first()
    if webhook is None:
        raise NotFound(_("There is no such webhook."))
    return webhook


def _record(
    actor: Actor | None, action: str, webhook: Webhook, data: dict[str, Any] | None = None
) -> None:
    audit_record(
        actor=actor,
        action=f"webhook.{action}",
        object_type="webhook",
        object_id=webhook.id,
        object_label=webhook.host,
        data=data,
    )


def _wake() -> None:
    transaction.on_commit(lambda: send(TASK, queue="webhooks"))
