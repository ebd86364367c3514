"""How often a caller may ask the feed, counted a minute at a time.

A caller is a token or, without one, a network (``core.networks``: nothing tells which). Where Redis
is down each process counts for itself.
"""

import logging
import time
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis import RedisError

from core.errors import TooMany
from core.networks import network_name
from core.redis_client import redis_client

logger = logging.getLogger(__name__)

WINDOW_S = 60
_KEYS = "feed-limit"
# After a failure nobody waits for Redis again for a while.
_QUIET_S = 5.0
_counted_here: Counter[str] = Counter()
_quiet_until = 0.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left: requests, and seconds until they are all given again."""

    limit: int
    left: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"feed";q={self.limit};w={WINDOW_S}',
            "RateLimit": f'"feed";r={self.left};t={self.reset_s}',
        }


def token_caller(token_id: object) -> tuple[str, int]:
    """Return the name under which a token is counted, and its requests a minute."""
    return f"token:{token_id}", settings.FEED_TOKEN_REQUESTS


def public_caller(request: HttpRequest) -> tuple[str, int]:
    """Return the name under which a network is counted, and its requests a minute."""
    return f"network:{network_name(request)}", settings.FEED_PUBLIC_REQUESTS


def count_public(request: HttpRequest) -> Allowance:
    """Count one request of the public: once, also where a second view comes to answer it.

    Raises ``TooMany`` for one over the limit.
    """
    known: Allowance | None = getattr(request, "_feed_allowance", None)
    if known is None:
        known = count(public_caller(request))
        request._feed_allowance = known  # type: ignore[attr-defined]
    return known


def count(caller: tuple[str, int]) -> Allowance:
    """Count one request. Raises ``TooMany`` for one over the limit."""
    name, limit = caller
    now = time.time()
    reset_s = WINDOW_S - int(now % WINDOW_S)
    left = limit - _counted(f"{_KEYS}:{name}:{int(now // WINDOW_S)}")
    if left < 0:
        message = _("At most %(limit)d requests a minute are answered.") % {"limit": limit}
        raise TooMany(message, wait=reset_s)
    return Allowance(limit, left, reset_s)


def _counted(key: str) -> int:
    global _quiet_until
    try:
        if time.monotonic() >= _quiet_until:
            counted = int(redis_client().incr(f"{settings.REDIS_PREFIX}:{key}"))
            if counted == 1:
                redis_client().expire(f"{settings.REDIS_PREFIX}:{key}", 2 * WINDOW_S)
            return counted
    except RedisError:
        _quiet_until = time.monotonic() + _QUIET_S
        logger.warning("each process counts requests for itself: Redis does not answer")
    if len(_counted_here) > 10_000:
        _counted_here.clear()
    _counted_here[key] += 1
    return _counted_here[key]
