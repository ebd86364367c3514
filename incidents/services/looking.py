"""Who is looking at an incident now: kept for a minute in Redis, never in the record.

It only helps monitors not to do the same work twice, so a Redis that is down is no reason to fail:
then nobody seems to look.
"""

import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from redis import RedisError

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import NotFound
from core.redis_client import redis_client
from incidents.selectors.incidents import incident_visible_to

logger = logging.getLogger(__name__)

# Whoever has not been heard of for so long is gone.
PRESENT_S = 60


@dataclass(frozen=True, slots=True)
class Looking:
    """One monitor and since when they look, without a break."""

    user: UUID
    name: str
    since: datetime


def looking_note(*, actor: Actor, incident_id: UUID) -> list[Looking]:
    """Note that the actor looks, for another minute; return all who do, the longest first.

    Raises ``NotFound`` and ``NotAllowed``.
    """
    key = _key(actor, incident_id)
    now = time.time()
    try:
        before = _present(key, now).get(actor.id)
        since = before.since.timestamp() if before else now
        entry = json.dumps({"name": actor.label, "since": since, "seen": now})
        with redis_client().pipeline() as pipe:
            pipe.hset(key, str(actor.id), entry)
            pipe.expire(key, PRESENT_S)
            pipe.execute()
        return _in_order(_present(key, now))
    except RedisError as exc:
        logger.warning("who is looking cannot be noted: %r", exc)
        return []


def looking_end(*, actor: Actor, incident_id: UUID) -> None:
    """Note that the actor looks no more. Raises ``NotFound`` and ``NotAllowed``."""
    key = _key(actor, incident_id)
    try:
        redis_client().hdel(key, str(actor.id))
    except RedisError as exc:
        logger.warning("who is looking cannot be noted: %r", exc)


def looking_list(*, actor: Actor, incident_id: UUID) -> list[Looking]:
    """Return who looks, the longest first; nobody where Redis does not answer.

    Raises ``NotFound`` and ``NotAllowed``.
    """
    key = _key(actor, incident_id)
    try:
        return _in_order(_present(key, time.time()))
    except RedisError as exc:
        logger.warning("who is looking cannot be told: %r", exc)
        return []


def _key(actor: Actor, incident_id: UUID) -> str:
    demand(actor, Action.INCIDENT_READ)
    if not incident_visible_to(actor).filter(id=incident_id).exists():
        raise NotFound()
    return f"{settings.REDIS_PREFIX}:looking:{incident_id}"


def _present(key: str, now: float) -> dict[UUID, Looking]:
    """Return who was heard of lately. The key itself lives as long as anybody is."""
    stored = redis_client().hgetall(key)
    entries = {UUID(str(user)): json.loads(text) for user, text in stored.items()}
    return {
        user: Looking(user, entry["name"], datetime.fromtimestamp(entry["since"], UTC))
        for user, entry in entries.items()
        if now - entry["seen"] < PRESENT_S
    }


def _in_order(present: dict[UUID, Looking]) -> list[Looking]:
    return sorted(present.values(), key=lambda one: (one.since, one.name))
