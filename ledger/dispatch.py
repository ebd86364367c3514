"""Handing events to their consumers, each once in effect.

A claim is committed before the work starts, so an attempt counts even if it kills its worker. The
work then runs under row locks and commits together with the mark "done": a dead worker's locks fall
at once, and whoever claims the rows next finds nothing half done. Fresh events are claimed by the
batch, those that failed before one at a time, so that one bad event cannot park its neighbours.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ledger.consumers import Consumer, consumer_named
from ledger.models import Delivery, DomainEvent

logger = logging.getLogger(__name__)

# With the backoff below an event is tried for three hours before it is parked.
MAX_ATTEMPTS = 8
FIRST_BACKOFF = timedelta(seconds=2)
BACKOFF_FACTOR = 4
# A claim locks its rows within milliseconds; unlocked after this long, its worker is gone.
ABANDONED_AFTER = timedelta(seconds=15)
# Nothing new is claimed after this long: a worker must be able to end, and the sweep calls again.
CLAIMING_S = 60.0

# The oldest unfinished delivery of each object only: events of one object are handled in order.
_CLAIM = """
    WITH next AS (
        SELECT d.id FROM ledger_delivery d
        WHERE d.consumer = %(consumer)s AND d.not_before <= clock_timestamp() AND {which}
          AND NOT EXISTS (
              SELECT 1 FROM ledger_delivery e
              WHERE e.consumer = d.consumer AND e.object_id = d.object_id AND e.id < d.id
                AND e.state <> 'done')
        ORDER BY d.id LIMIT %(limit)s
        FOR UPDATE OF d SKIP LOCKED)
    UPDATE ledger_delivery d
    SET state = 'claimed', attempts = attempts + 1, claimed_at = clock_timestamp()
    FROM next WHERE d.id = next.id
    RETURNING d.id, d.attempts"""
_FRESH = "d.state = 'pending' AND d.attempts = 0"
_RETRY = """d.attempts > 0 AND d.state IN ('pending', 'claimed') AND (d.state = 'pending'
          OR d.claimed_at < clock_timestamp() - make_interval(secs => %(abandoned_s)s))"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries taken for one attempt: many fresh ones, or one that is tried again."""

    ids: list[int]
    attempt: int

    def deliveries(self) -> QuerySet[Delivery]:
        """Return those still ours; another may take over what a process holds up for too long."""
        return Delivery.objects.filter(
            id__in=self.ids, attempts=self.attempt, state=Delivery.State.CLAIMED
        )


def dispatch(consumer_name: str) -> int:
    """Hand over what is due for one consumer; return how many events were handled."""
    consumer = consumer_named(consumer_name)
    until = time.monotonic() + CLAIMING_S
    handled = 0
    while time.monotonic() < until:
        claims = [_claim(consumer, _FRESH, consumer.batch)]
        handled += _attempt(consumer, claims[0])
        claims.append(_claim(consumer, _RETRY, 1))
        handled += _attempt(consumer, claims[1])
        if not any(claims):
            break
    return handled


def _claim(consumer: Consumer, which: str, limit: int) -> Claim | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _CLAIM.format(which=which),
            {
                "consumer": consumer.name,
                "limit": limit,
                "abandoned_s": ABANDONED_AFTER.total_seconds(),
            },
        )
        rows = cursor.fetchall()
    return Claim([id_ for id_, _ in rows], rows[0][1]) if rows else None


def _attempt(consumer: Consumer, claim: Claim | None) -> int:
    if claim is None:
        return 0
    if claim.attempt > MAX_ATTEMPTS:
        _park(claim, "its worker died at every attempt")
        return 0
    try:
        with transaction.atomic():
            return _handle(consumer, claim)
    except Exception as exc:
        logger.exception("%s failed on %d event(s)", consumer.name, len(claim.ids))
        _put_back(claim, f"{type(exc).__name__}: {exc}")
        return 0


def _handle(consumer: Consumer, claim: Claim) -> int:
    # Waits, and does not skip: another dispatcher whose claim came a moment late locks our rows for
    # an instant before it sees that they are taken, and what is skipped would lie as abandoned.
    locked = claim.deliveries().select_for_update().order_by("id")
    deliveries = dict(locked.values_list("id", "event_id"))
    if not deliveries:
        return 0
    events = DomainEvent.objects.in_bulk(list(deliveries.values()))
    consumer.handle([events[event_id] for event_id in deliveries.values()])
    Delivery.objects.filter(id__in=deliveries).update(
        state=Delivery.State.DONE, finished_at=timezone.now(), error=""
    )
    return len(deliveries)


def _put_back(claim: Claim, error: str) -> None:
    """Release what failed: a batch to be tried one by one, a lone event to wait and end parked."""
    if len(claim.ids) > 1:
        wait = timedelta()
    elif claim.attempt < MAX_ATTEMPTS:
        wait = FIRST_BACKOFF * BACKOFF_FACTOR ** (claim.attempt - 1)
    else:
        _park(claim, error)
        return
    claim.deliveries().update(
        state=Delivery.State.PENDING, not_before=timezone.now() + wait, error=_stored(error)
    )


def _park(claim: Claim, error: str) -> None:
    logger.error("parked deliveries %s: %s", claim.ids, error)
    claim.deliveries().update(
        state=Delivery.State.PARKED, finished_at=timezone.now(), error=_stored(error)
    )


def _stored(error: str) -> str:
    """Return an error's beginning as PostgreSQL takes it (without NUL)."""
    return error.replace("\x00", "")[:2000]


def deliveries_unpark(*, consumer: str) -> int:
    """Give a consumer's parked deliveries a new start, after the cause was mended."""
    parked = Delivery.objects.filter(consumer=consumer, state=Delivery.State.PARKED)
    return parked.update(
        state=Delivery.State.PENDING, attempts=0, not_before=timezone.now(), finished_at=None
    )
