"""A broker that is down, hangs or refuses never fails a commit, nor holds it up."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.db import connection

from ledger import wake
from ledger.models import Delivery
from tests.support.databases import TestDatabases
from tests.support.processes import PrivateRedis

Emit = Callable[..., Any]


def test_a_commit_goes_through_without_a_broker(
    private_redis: PrivateRedis,
    committed_db: TestDatabases,
    emit: Emit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    private_redis.stop()
    with caplog.at_level(logging.WARNING):
        emit("test.both")
    assert "the sweep will deliver" in caplog.text
    assert Delivery.objects.count() == 2


def test_a_broker_that_never_answers_is_given_up_and_not_asked_by_the_next_commit(
    private_redis: PrivateRedis,
    committed_db: TestDatabases,
    emit: Emit,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(wake, "QUIET_S", 600.0)
    private_redis.hang()
    with caplog.at_level(logging.WARNING):
        emit("test.both")  # nobody ever answers: that this comes back is the proof
        assert len(caplog.messages) == 1

        emit("test.both")
    assert len(caplog.messages) == 1  # the broker was not asked again


def test_the_broker_is_asked_again_after_a_while(
    private_redis: PrivateRedis,
    committed_db: TestDatabases,
    emit: Emit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wake, "QUIET_S", 0.0)
    private_redis.stop()
    emit()
    private_redis.start()
    emit()

    with private_redis.client() as client:
        keys = [key.decode() for key in client.scan_iter()]
    assert any(key.endswith(":default") for key in keys), keys


def test_a_request_in_any_thread_reaches_the_same_broker(
    private_redis: PrivateRedis, committed_db: TestDatabases, emit: Emit
) -> None:
    def request() -> None:
        try:
            emit()
        finally:
            connection.close()

    thread = threading.Thread(target=request)
    thread.start()
    thread.join()

    with private_redis.client() as client:
        assert client.llen(f"{prefix()}default") == 2, "one nudge to dispatch, one to seal"


def prefix() -> str:
    return str(current_app.conf.broker_transport_options["global_keyprefix"])
