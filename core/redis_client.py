"""This process's own Redis client, for what only helps: it gives up soon and does not try again.

What must not be lost is in PostgreSQL; whoever asks Redis goes on without it.
"""

from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE_S = 0.5


def redis_client() -> Redis:
    """Return the client; it speaks text. Keys begin with ``settings.REDIS_PREFIX``."""
    return _client(settings.REDIS_URL)


@lru_cache(maxsize=2)
def _client(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
