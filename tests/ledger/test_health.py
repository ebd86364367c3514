"""``/healthz`` and ``/readyz`` tell what is down, and answer whatever is."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from ledger import health
from ledger.models import Delivery, DomainEvent
from ledger.tasks import sweep
from tests.support.databases import TestDatabases
from tests.support.processes import PrivateRedis, Worker, wait_until

CHECKS = {"database", "redis", "workers", "sweep", "events"}


@pytest.fixture(autouse=True)
def forget_workers() -> Iterator[None]:
    """Ask for workers anew in each test."""
    health._workers_seen = None
    yield
    health._workers_seen = None


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    body = answer.json()
    assert set(body["checks"]) == CHECKS
    assert all(
        isinstance(check["ok"], bool) and check["detail"] for check in body["checks"].values()
    )
    assert "no-store" in answer["Cache-Control"]
    is_ready = all(check["ok"] for check in body["checks"].values())
    assert (answer.status_code, body["status"]) == (
        (200, "ready") if is_ready else (503, "not ready")
    )
    return answer.status_code, body["checks"]


def test_healthz_needs_nothing(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.celery
def test_all_is_well_with_a_worker_for_each_queue_and_beat(
    committed_db: TestDatabases, client: Client, celery_worker: Callable[..., Worker]
) -> None:
    status, checks = ready(client)
    assert status == 503
    assert checks["database"] == checks["redis"] == {"ok": True, "detail": "answers"}
    assert checks["workers"]["missing"] == ["default", "scoring", "webhooks", "imports"]

    celery_worker("default,webhooks,imports", beat=True)
    health._workers_seen = None
    assert ready(client)[1]["workers"]["detail"] == "no live worker for: scoring"

    celery_worker("scoring")
    health._workers_seen = None
    wait_until(lambda: ready(client)[1]["sweep"]["ok"], "the first sweep")
    assert ready(client)[0] == 200


def test_a_sweep_that_is_long_ago_is_told(
    private_redis: PrivateRedis, committed_db: TestDatabases, client: Client
) -> None:
    assert ready(client)[1]["sweep"]["detail"] == "no sweep was seen: is beat running?"
    health.sweep_note()
    assert ready(client)[1]["sweep"]["ok"]

    with private_redis.client() as redis:
        redis.set(health._sweep_key(), str(time.time() - 3600))
    told = ready(client)[1]["sweep"]
    assert not told["ok"]
    assert told["detail"].startswith("the last sweep was 36")


def test_it_answers_while_redis_is_down_or_hangs(
    private_redis: PrivateRedis, committed_db: TestDatabases, client: Client
) -> None:
    private_redis.hang()
    checks = ready(client)[1]
    assert not checks["redis"]["ok"]
    assert checks["database"]["ok"]

    private_redis.stop()
    health._workers_seen = None
    checks = ready(client)[1]
    assert not checks["redis"]["ok"]
    assert not checks["workers"]["ok"]
    assert not checks["sweep"]["ok"]
    assert str(private_redis.socket) not in str(checks), "the page is public"


def test_it_answers_while_the_database_is_down(committed_db: TestDatabases, client: Client) -> None:
    real = connections.settings["default"]["HOST"]
    connections.settings["default"]["HOST"] = "/nowhere"
    try:
        checks = ready(client)[1]
    finally:
        connections.settings["default"]["HOST"] = real

    assert checks["database"] == {"ok": False, "detail": "failed (OperationalError)"}
    assert not checks["events"]["ok"]
    assert checks["redis"]["ok"]


def test_an_event_that_waits_too_long_is_told(
    committed_db: TestDatabases, client: Client, emit: Callable[..., DomainEvent]
) -> None:
    emit()
    assert ready(client)[1]["events"]["ok"]

    with connections["migration"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_domainevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_domainevent SET recorded_at = now() - interval '1 hour'")
    events = ready(client)[1]["events"]
    assert not events["ok"]
    assert 3600 <= events["oldest_s"] < 3700


def test_parked_events_are_counted_and_do_not_close_the_house(
    committed_db: TestDatabases, client: Client, emit: Callable[..., DomainEvent]
) -> None:
    parked = emit()
    emit(object_id=parked.object_id)  # waits behind it
    Delivery.objects.filter(event=parked).update(state="parked", finished_at=timezone.now())
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.update(not_before=long_ago)

    events = ready(client)[1]["events"]
    assert (events["ok"], events["parked"], events["oldest_s"]) == (True, 1, 0.0)


def test_what_failed_and_waits_for_its_next_attempt_is_told(
    committed_db: TestDatabases, client: Client, emit: Callable[..., DomainEvent]
) -> None:
    emit()
    in_an_hour = timezone.now() + timedelta(hours=1)
    Delivery.objects.update(attempts=3, not_before=in_an_hour)

    events = ready(client)[1]["events"]
    assert (events["ok"], events["retrying"], events["parked"]) == (True, 1, 0)
    assert "1 retrying" in events["detail"]


def test_it_answers_while_a_table_is_locked(committed_db: TestDatabases, client: Client) -> None:
    with connections["migration"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE ledger_delivery IN ACCESS EXCLUSIVE MODE")
        checks = ready(client)[1]
        cursor.execute("ROLLBACK")

    assert not checks["events"]["ok"]
    assert checks["database"]["ok"]


def test_a_sweep_notes_itself(
    private_redis: PrivateRedis, committed_db: TestDatabases, client: Client
) -> None:
    sweep()
    assert ready(client)[1]["sweep"]["ok"]
