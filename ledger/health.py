"""``/healthz``: this process answers. ``/readyz``: so does all that it needs.

Every check of ``/readyz`` runs in a thread of its own and is given up after a while, so that the
answer comes whatever hangs. Details are fixed words: the page is public.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from ledger import selectors

PATIENCE_S = 2.5
WORKERS_REPLY_WITHIN_S = 1.0
WORKERS_KEPT_S = 2.0
SWEEP_AT_LEAST_EVERY_S = 60
OLDEST_EVENT = timedelta(minutes=15)

Result = dict[str, Any]

# Twice the checks: some may hang in one call while the next call comes.
_pool = ThreadPoolExecutor(max_workers=10, thread_name_prefix="readyz")
_workers_lock = threading.Lock()
_workers_seen: tuple[float, Result] | None = None


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer, which is all there is to say."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where every check is good, else 503; each check says what it found."""
    futures = {name: _pool.submit(_never_raising, check) for name, check in CHECKS.items()}
    wait(futures.values(), timeout=PATIENCE_S)
    checks = {}
    for name, future in futures.items():
        if future.done():
            checks[name] = future.result()
        else:
            future.cancel()
            checks[name] = _result(False, f"no answer within {PATIENCE_S:g} s")
    is_ready = all(check["ok"] for check in checks.values())
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if is_ready else 503)


def sweep_note() -> None:
    """Note that a sweep ran: beat, broker and a worker of the default queue are alive then."""
    try:
        with _redis() as client:
            client.set(_sweep_key(), repr(time.time()))
    except RedisError:
        return  # readyz says so itself


def _result(ok: bool, detail: str, **more: Any) -> Result:
    return {"ok": ok, "detail": detail} | more


def _never_raising(check: Callable[[], Result]) -> Result:
    try:
        return check()
    except Exception as exc:
        return _result(False, f"failed ({type(exc).__name__})")


@contextmanager
def _own_connection() -> Iterator[None]:
    """Open this thread's database connection for one check that no lock can hold up."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = '2s'")
            yield
    finally:
        connection.close()


def _database() -> Result:
    with _own_connection(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return _result(True, "answers")


def _events() -> Result:
    with _own_connection():
        oldest, parked = selectors.oldest_waiting(), selectors.parked_count()
        retrying = selectors.retrying_count()
    age_s = round(oldest.total_seconds(), 1) if oldest else 0.0
    ok = age_s <= OLDEST_EVENT.total_seconds()
    # What failed and waits for its next attempt is not due: told, and no reason to close.
    detail = (
        f"the oldest event that is due is {age_s:g} s old; {retrying} retrying, {parked} parked"
    )
    return _result(ok, detail, oldest_s=age_s, retrying=retrying, parked=parked)


def _redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1, decode_responses=True
    )


def _redis_answers() -> Result:
    with _redis() as client:
        client.ping()
    return _result(True, "answers")


def _sweep_key() -> str:
    return f"{settings.REDIS_PREFIX}:last-sweep"


def _sweep() -> Result:
    with _redis() as client:
        last = client.get(_sweep_key())
    if last is None:
        return _result(False, "no sweep was seen: is beat running?")
    age_s = max(0, round(time.time() - float(last)))
    return _result(age_s <= SWEEP_AT_LEAST_EVERY_S, f"the last sweep was {age_s} s ago")


def _workers() -> Result:
    """Ask who serves which queue; the answer is kept for a moment, since asking takes a second."""
    global _workers_seen
    with _workers_lock:
        if _workers_seen is None or time.monotonic() - _workers_seen[0] > WORKERS_KEPT_S:
            _workers_seen = time.monotonic(), _ask_workers()
        return _workers_seen[1]


def _ask_workers() -> Result:
    inspect = current_app.control.inspect(timeout=WORKERS_REPLY_WITHIN_S)
    replies = inspect.active_queues() or {}
    served = {queue["name"] for queues in replies.values() for queue in queues}
    missing = [name for name in settings.CELERY_QUEUES if name not in served]
    if missing:
        return _result(False, "no live worker for: " + ", ".join(missing), missing=missing)
    return _result(True, "every queue has a live worker")


CHECKS: dict[str, Callable[[], Result]] = {
    "database": _database,
    "redis": _redis_answers,
    "workers": _workers,
    "sweep": _sweep,
    "events": _events,
}
