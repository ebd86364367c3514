"""Taking a run of deliveries for one attempt, and writing down what became of it.

A claim, and the attempt it counts, are committed before the work starts. What a dead worker had
claimed is taken by another when the claim is old; the receiver may then see an entry twice, under
one id. Only one worker sends for a webhook, so that its entries go in order.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.permissions import Action, may
from accounts.selectors import actor_of_member
from feed.changes import lines_by_seq
from feed.models import Audience, LogEntry, Webhook, WebhookDelivery
from feed.selectors import audience_of, latest_seq, log_visible_to
from feed.webhooks.secrets import secrets_of
from feed.webhooks.selectors import webhooks_due
from feed.webhooks.services import webhook_disable
from feed.webhooks.transport import Outcome

RUN = 20
FIRST_BACKOFF = timedelta(seconds=5)
BACKOFF_FACTOR = 3
LONGEST_BACKOFF = timedelta(hours=6)
DISABLED_AFTER = timedelta(days=3)
# Why a webhook is disabled.
GONE, FAILING, OWNER_LEFT = "gone", "failing_for_three_days", "owner_may_no_longer"
# Why a delivery failed for good.
NOT_IN_LOG = "not_in_log"


@dataclass(frozen=True, slots=True)
class Item:
    """One post: its id and its body."""

    id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class Run:
    """Some posts to one receiver, in their order, and what signs them."""

    webhook_id: UUID
    claim: UUID
    url: str
    host: str
    secrets: list[str]
    items: list[Item]


@transaction.atomic
def run_claim(busy_hosts: Collection[str]) -> Run | None:
    """Take the deliveries of one webhook that are due; None where nothing is.

    The run may be empty: then there was nothing for this webhook after all.
    """
    now = timezone.now()
    due = webhooks_due(now, busy_hosts).select_for_update(skip_locked=True, of=("self",))
    webhook = due.first()
    if webhook is None:
        return None
    is_active = webhook.state == Webhook.State.ACTIVE and webhook.not_before <= now
    if is_active and not _owner_may(webhook):
        webhook_disable(webhook, OWNER_LEFT)
        is_active = False
    elif is_active:
        _write_deliveries(webhook)
    items = _take(webhook, is_active, now)
    webhook.claim, webhook.claimed_at = (uuid4(), now) if items else (None, None)
    webhook.save(update_fields=["claim", "claimed_at", "last_seq", "state", "reason"])
    return Run(
        webhook.id,
        webhook.claim or uuid4(),
        webhook.url,
        webhook.host,
        secrets_of(webhook, now),
        items,
    )


def _owner_may(webhook: Webhook) -> bool:
    """Tell whether who asked for it may still see what it is told."""
    owner = actor_of_member(webhook.owner_id, webhook.organisation_id)
    return may(owner, Action.WEBHOOK_KEEP) and (
        webhook.audience == Audience.PUBLIC or audience_of(owner) == webhook.audience
    )


def _pending(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    pending = webhook.deliveries.filter(state=WebhookDelivery.State.PENDING)
    return pending.order_by(F("seq").asc(nulls_first=True))


def _write_deliveries(webhook: Webhook) -> None:
    """Write deliveries of the next entries, unless enough wait already."""
    if _pending(webhook)[RUN - 1 : RUN].exists():
        return
    entries, head = _entries_behind(webhook)
    seqs = [row.seq or 0 for row in entries.only("seq")[:RUN]]
    WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(id=uuid5(webhook.id, str(seq)), webhook=webhook, seq=seq) for seq in seqs],
        ignore_conflicts=True,
    )
    webhook.last_seq = seqs[-1] if len(seqs) == RUN else max(head, webhook.last_seq)


def _entries_behind(webhook: Webhook) -> tuple[QuerySet[LogEntry], int]:
    audience = Audience(webhook.audience)
    head = latest_seq(audience)
    entries = log_visible_to(audience).filter(seq__gt=webhook.last_seq, seq__lte=head)
    return entries.filter(kind__in=webhook.kinds).order_by("seq"), head


def _take(webhook: Webhook, is_active: bool, now: datetime) -> list[Item]:
    """Count an attempt of the next deliveries, pings first; return them with their bodies."""
    pending = _pending(webhook) if is_active else _pending(webhook).filter(seq=None)
    taken = list(pending[:RUN])
    seqs = [one.seq for one in taken if one.seq is not None]
    lines = lines_by_seq(Audience(webhook.audience), seqs)
    lost = [one.id for one in taken if one.seq is not None and one.seq not in lines]
    if lost:  # as after the database was restored
        _finish(webhook, lost, WebhookDelivery.State.FAILED, Outcome(error=NOT_IN_LOG))
    items = [
        Item(one.id, _ping_body(webhook) if one.seq is None else lines[one.seq])
        for one in taken
        if one.id not in lost
    ]
    webhook.deliveries.filter(id__in=[item.id for item in items]).update(
        attempts=F("attempts") + 1, attempted_at=now
    )
    return items


def _ping_body(webhook: Webhook) -> str:
    return f'{{"kind":"ping","webhook":"{webhook.id}"}}'


@transaction.atomic
def run_record(run: Run, outcomes: list[tuple[UUID, Outcome]]) -> None:
    """Write down what became of a run, and when to go on; one that others took over is theirs."""
    webhook = Webhook.objects.select_for_update().filter(id=run.webhook_id, claim=run.claim).first()
    if webhook is None:
        return
    tried = {id_ for id_, _outcome in outcomes}
    untried = [item.id for item in run.items if item.id not in tried]
    webhook.deliveries.filter(id__in=untried).update(attempts=F("attempts") - 1)
    pings = set(webhook.deliveries.filter(id__in=tried, seq=None).values_list("id", flat=True))
    for id_, outcome in outcomes:
        if not outcome.error:
            _finish(webhook, [id_], WebhookDelivery.State.DONE, outcome)
        elif id_ in pings:
            _finish(webhook, [id_], WebhookDelivery.State.FAILED, outcome)
        else:
            webhook.deliveries.filter(id=id_).update(
                status_code=outcome.status_code, error=outcome.error
            )
    _note_health(webhook, [outcome for id_, outcome in outcomes if id_ not in pings])
    webhook.claim = webhook.claimed_at = None
    webhook.save()


def _finish(webhook: Webhook, ids: list[UUID], state: str, outcome: Outcome) -> None:
    webhook.deliveries.filter(id__in=ids).update(
        state=state,
        finished_at=timezone.now(),
        status_code=outcome.status_code,
        error=outcome.error,
    )


def _note_health(webhook: Webhook, outcomes: list[Outcome]) -> None:
    """Note whether the receiver works: it waits after a failure, and ends after three days."""
    if not outcomes:
        return
    if len(outcomes) > 1 or not outcomes[-1].error:
        webhook.failures, webhook.failing_since = 0, None
    if not (error := outcomes[-1].error):
        return
    now = timezone.now()
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.not_before = now + backoff(webhook.failures)
    if webhook.state != Webhook.State.ACTIVE:
        return
    if error == GONE:
        webhook_disable(webhook, GONE)
    elif now - webhook.failing_since >= DISABLED_AFTER:
        webhook_disable(webhook, FAILING)


def backoff(failures: int) -> timedelta:
    """Return how long to wait after so many failures, 1 or more: 5 s to 6 h, a fifth about."""
    wait = min(FIRST_BACKOFF * BACKOFF_FACTOR ** min(failures - 1, 12), LONGEST_BACKOFF)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 - to spread, not to hide
