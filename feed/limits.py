"""How often a caller may ask the feed, counted a minute at a time.

A caller is a token or, without one, a network (``core.networks``: nothing tells which). Where Redis
is down each process counts for itself.
"""

import logging
import time
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import TooMany
from core.networks import network_name

logger = logging.getLogger(__name__)

WINDOW_S = 60
_KEYS = "feed-limit"
_counted_here: Counter[str] = Counter()


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
    try:
        cache.add(key, 0, 2 * WINDOW_S)
        return int(cache.incr(key))
    except Exception:
        logger.warning("each process counts requests for itself: the cache does not answer")
    if len(_counted_here) > 10_000:
        _counted_here.clear()
    _counted_here[key] += 1
    return _counted_here[key]
