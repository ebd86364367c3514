"""A mirror that is refused for having asked too often waits as long as the server says."""

import itertools
import json
from types import SimpleNamespace

import pytest

from core.errors import TooMany
from feed import limits
from feed.sealing import seal
from tests.feed.making import entry
from tests.support.mirror import mirror_program
from tests.support.web import serving


@pytest.fixture
def program():
    return mirror_program()


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy"


@pytest.fixture
def url(committed_db):
    with serving() as url:
        yield url


@pytest.fixture
def refusing(monkeypatch, program):
    """Have the server refuse every third request for too many, and note how long is slept."""
    count, calls, slept = limits.count, itertools.count(), []

    def odd(caller):
        if next(calls) % 3 == 2:
            raise TooMany("Enough.", wait=37)
        return count(caller)

    monkeypatch.setattr(limits, "count", odd)
    monkeypatch.setattr(program, "time", SimpleNamespace(sleep=slept.append))
    return slept


def test_who_asks_too_often_waits_as_told_and_does_not_give_up(
    program, url, copy, refusing, monkeypatch
):
    monkeypatch.setattr(program, "ENTRIES_AN_ANSWER", 1)
    for _number in range(4 * program.ATTEMPTS):
        entry()
    seal()
    assert program.main([url, str(copy)]) == 0
    manifest = json.loads((copy / "manifest.json").read_text())
    assert manifest["seq"] == 4 * program.ATTEMPTS
    assert len(refusing) > program.ATTEMPTS
    assert set(refusing) == {38.0}


def test_a_follower_waits_as_long_as_it_is_told(program, url, copy, monkeypatch):
    class Enough(Exception):
        pass

    def refuse(_caller):
        raise TooMany("Enough.", wait=37)

    def sleep(seconds):
        raise Enough(seconds)

    entry()
    seal()
    monkeypatch.setattr(limits, "count", refuse)
    monkeypatch.setattr(program, "time", SimpleNamespace(sleep=sleep))
    with pytest.raises(Enough, match="38"):
        program.main([url, str(copy), "--follow"])
