"""Waiting for changes: with Redis and without, and not with a database connection in hand."""

import threading
import time
from contextlib import closing

import pytest
from django.db import connection, connections
from django.test import Client

from feed import awaiting
from feed.models import Audience
from feed.sealing import seal
from tests.feed.making import entry
from tests.support.processes import wait_until

CHANGES = "/api/v1/changes"


class Waiter(threading.Thread):
    """Asks for changes and waits up to 30 seconds for them."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = None
        self.start()

    def run(self) -> None:
        with closing(connection):
            self.answer = Client().get(CHANGES, {"wait": "30"})

    def changes(self):
        self.join(60)
        return self.answer.json()["changes"]


@pytest.fixture
def slow_look(monkeypatch):
    """Have those who wait look for themselves so seldom that only a nudge can wake them."""
    monkeypatch.setattr(awaiting, "LOOK_EVERY_S", 60.0)


def in_wait(count):
    """Return whether so many hold a slot of the public's."""
    free = awaiting._SLOTS[Audience.PUBLIC]._value
    return free == awaiting._SLOTS[Audience.PUBLIC]._initial_value - count


def test_who_waits_is_nudged_by_the_sealer(committed_db, slow_look):
    waiter = Waiter()
    wait_until(lambda: in_wait(1), "a waiter")
    entry()
    # One nudge may come before the waiter listens: it looks once more after it does.
    wait_until(lambda: seal() or awaiting.sealed_tell("public") or waiter.answer, "an answer")
    assert [change["seq"] for change in waiter.changes()] == [1]
    assert in_wait(0)


def test_without_redis_who_waits_looks_for_themselves(committed_db, private_redis, monkeypatch):
    monkeypatch.setattr(awaiting, "LOOK_EVERY_S", 0.1)
    private_redis.stop()
    waiter = Waiter()
    wait_until(lambda: in_wait(1), "a waiter")
    entry()
    seal()
    assert len(waiter.changes()) == 1


def test_redis_may_go_while_somebody_waits(committed_db, private_redis, monkeypatch):
    monkeypatch.setattr(awaiting, "LOOK_EVERY_S", 0.1)
    waiter = Waiter()
    wait_until(lambda: in_wait(1), "a waiter")
    private_redis.stop()
    entry()
    seal()
    assert len(waiter.changes()) == 1


def test_who_waits_holds_no_database_connection(committed_db, superuser, slow_look):
    def connected():
        found = superuser.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE 'harmwatch%'"
        )
        return found.fetchone()[0]

    connections.close_all()
    waiter = Waiter()
    wait_until(lambda: in_wait(1) and connected() == 0, "a waiter without a connection")
    entry()
    wait_until(lambda: seal() or awaiting.sealed_tell("public") or waiter.answer, "an answer")
    assert len(waiter.changes()) == 1


def test_too_many_who_wait_are_answered_at_once(db, client, monkeypatch):
    none = threading.BoundedSemaphore(1)
    none.acquire()
    monkeypatch.setitem(awaiting._SLOTS, Audience.PUBLIC, none)
    answer = client.get(CHANGES, {"wait": "30"})
    assert (answer.status_code, answer["Retry-After"]) == (200, "5")
    assert answer.json()["changes"] == []


def test_nobody_waits_where_there_is_something_to_tell(db, client, monkeypatch):
    monkeypatch.setattr("feed.api.changes.growth_await", None)  # to call it would fail
    entry()
    seal()
    assert len(client.get(CHANGES, {"wait": "30"}).json()["changes"]) == 1


def test_the_wait_ends_without_news(db, client):
    began = time.monotonic()
    answer = client.get(CHANGES, {"wait": "1"})
    assert answer.json()["changes"] == []
    assert time.monotonic() - began >= 1
