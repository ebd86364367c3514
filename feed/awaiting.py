"""Waiting for the log to grow, without a database connection in hand.

The sealer says in Redis that there is something new. That is only a nudge: who waits also looks
for themselves every few seconds, and so a Redis that is down costs only some of the speed.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import connection
from redis import RedisError

from core.redis_client import redis_client
from feed.models import Audience
from feed.selectors import latest_seq

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0

# Each who waits takes a thread of the web server: the public has half of what may be taken.
_SLOTS = {
    Audience.PUBLIC: threading.BoundedSemaphore(max(1, settings.CHANGES_WAITERS // 2)),
    Audience.PARTNER: threading.BoundedSemaphore(max(1, settings.CHANGES_WAITERS // 2)),
}


def sealed_tell(audience: Audience) -> None:
    """Nudge those who wait for new entries. To be called after the commit."""
    try:
        redis_client().publish(_channel(audience), "")
    except RedisError as exc:
        logger.warning("those who wait for changes look for themselves: %r", exc)


def growth_await(audience: Audience, seq: int, seconds: float) -> bool:
    """Wait until there are entries behind ``seq``, at most so long.

    Return False at once where too many wait already, else True.
    """
    if not _SLOTS[audience].acquire(blocking=False):
        return False
    try:
        deadline = time.monotonic() + seconds
        with _nudges(audience) as nudge:
            while latest_seq(audience) <= seq:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                _let_go()
                nudge(min(left, LOOK_EVERY_S))
        return True
    finally:
        _SLOTS[audience].release()


def _let_go() -> None:
    """Give the database its connection back, unless a transaction of the caller's needs it."""
    if not connection.in_atomic_block:
        connection.close()


@contextmanager
def _nudges(audience: Audience) -> Iterator[Callable[[float], None]]:
    """Give a function that sleeps until something was sealed, or so many seconds."""
    subscription = redis_client().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]

    def sleep(seconds: float) -> None:
        began = time.monotonic()
        try:
            # What is heard may be no more than that the subscription stands: then None comes early.
            while (left := began + seconds - time.monotonic()) > 0:
                if subscription.get_message(timeout=left):
                    return
        except RedisError as exc:
            logger.warning("those who wait for changes look for themselves: %r", exc)
            time.sleep(max(0.0, began + seconds - time.monotonic()))

    try:
        with suppress(RedisError):
            subscription.subscribe(_channel(audience))
        yield sleep
    finally:
        subscription.close()


def _channel(audience: Audience) -> str:
    return f"{settings.REDIS_PREFIX}:sealed:{audience}"
