"""From a commit to a handled event, through real workers, brokers and deaths."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ledger.models import AuditEntry, Delivery, DomainEvent
from tests.support.consumers import HANDLED
from tests.support.processes import PrivateRedis, Worker, wait_until

pytestmark = pytest.mark.celery

StartWorker = Callable[..., Worker]
Emit = Callable[..., Any]
Handled = Callable[[], list[str]]


def is_done() -> bool:
    return not Delivery.objects.exclude(state="done").exists()


def test_a_commit_is_followed_by_sealing_and_handling(
    celery_worker: StartWorker, emit: Emit, handled: Handled
) -> None:
    celery_worker("default,scoring")
    event = emit("test.both")

    wait_until(is_done, "both consumers have handled it")
    wait_until(lambda: DomainEvent.objects.get().seq == 1, "the event is sealed")
    assert handled() == [str(event.id)] * 2


def test_a_worker_that_was_killed_at_work_is_replaced_without_a_trace(
    celery_worker: StartWorker, emit: Emit, handled: Handled, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    first = celery_worker()
    event = emit(wait_for=str(go))
    wait_until(Path(f"{go}.started").exists, "a handler at work")
    first.kill()
    assert not AuditEntry.objects.filter(action=HANDLED).exists()
    go.touch()
    long_ago = timezone.now() - timedelta(minutes=1)
    Delivery.objects.update(claimed_at=long_ago)  # instead of waiting for ABANDONED_AFTER

    celery_worker(beat=True)

    wait_until(is_done, "another worker has handled it")
    assert handled() == [str(event.id)]
    assert Delivery.objects.get().attempts == 2


def test_an_event_that_kills_its_worker_does_not_keep_the_others_from_being_handled(
    celery_worker: StartWorker, emit: Emit, handled: Handled
) -> None:
    celery_worker()
    killer = emit(kill=True)
    wait_until(lambda: Delivery.objects.filter(attempts__gt=0).exists(), "it was tried")
    others = [emit() for _ in range(3)]

    wait_until(lambda: len(handled()) == 3, "the others are handled")
    assert sorted(handled()) == sorted(str(event.id) for event in others)
    assert Delivery.objects.get(event=killer).state == "claimed"


def test_the_sweep_finds_what_a_lost_message_left(
    private_redis: PrivateRedis, celery_worker: StartWorker, emit: Emit, handled: Handled
) -> None:
    event = emit()
    private_redis.flush()

    celery_worker(beat=True)

    wait_until(is_done, "the sweep has it handled")
    wait_until(lambda: DomainEvent.objects.get().seq == 1, "and sealed")
    assert handled() == [str(event.id)]


def test_a_worker_goes_on_after_its_broker_forgot_everything(
    private_redis: PrivateRedis, celery_worker: StartWorker, emit: Emit, handled: Handled
) -> None:
    celery_worker()
    emit()
    wait_until(is_done, "the first is handled")
    private_redis.flush()
    emit()

    wait_until(is_done, "the second is handled, without a sweep")
    assert len(handled()) == 2


def test_what_was_committed_while_the_broker_was_down_is_handled_when_it_is_back(
    private_redis: PrivateRedis, celery_worker: StartWorker, emit: Emit, handled: Handled
) -> None:
    celery_worker(beat=True)
    private_redis.stop()
    event = emit()
    assert handled() == []
    private_redis.start()

    wait_until(is_done, "the sweep has it handled")
    assert handled() == [str(event.id)]
