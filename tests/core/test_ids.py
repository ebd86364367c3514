"""Identifiers are UUIDs of version 7, in the order of their making."""

import threading
import time

import pytest

from core import ids
from core.ids import uuid7


def test_an_id_is_a_uuid_of_version_7_with_its_time_in_front(monkeypatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)  # another test may have moved the clock on
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after + 1


def test_ids_are_in_the_order_of_their_making() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_the_order_holds_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)
    now = time.time_ns()
    made = []
    for moment in (now, now - 3_600_000_000_000, now + 1_000_000):
        monkeypatch.setattr("core.ids.time.time_ns", lambda moment=moment: moment)
        made += [uuid7() for _ in range(3)]
    assert made == sorted(made)
    assert all(each.version == 7 for each in made)


def test_threads_never_make_the_same() -> None:
    made: list[object] = []

    def work() -> None:
        made.extend(uuid7() for _ in range(500))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


def test_an_id_does_not_tell_the_next() -> None:
    apart = {(b.int - a.int) for a, b in ((uuid7(), uuid7()) for _ in range(200))}
    assert 1 not in apart
    assert len(apart) == 200
