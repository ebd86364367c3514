"""Publishers, sealers and followers at once: what the drills run for long and the tests shortly."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.db import connection, transaction

from core.ids import uuid7
from feed.changes import digest_at
from feed.models import Audience, Change, LogEntry
from feed.sealing import seal
from feed.selectors import latest_seq
from tests.feed.making import entry
from tests.support.mirror import PROGRAM, mirror_program
from tests.support.web import serving

PUBLISHERS, SEALERS, FOLLOWERS = 8, 2, 4
# Between two answers a follower opens its copy anew, as after a restart.
RESTARTED = 0
LONG_TRANSACTION_S = 2.0


class Rollback(Exception):
    """A publisher thinks better of it."""


class Crew:
    """Threads, each with a database connection of its own, whose failures are kept."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self._threads: list[threading.Thread] = []

    def start(self, work: Callable[[], None]) -> None:
        """Have a thread do it."""

        def run() -> None:
            with closing(connection):
                try:
                    work()
                except Exception as exc:  # a thread's failure must fail the test
                    self.failures.append(exc)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def join(self) -> None:
        """Wait for all."""
        for thread in self._threads:
            thread.join()
        assert self.failures == []


def publish(seed: int, until: float, written: set) -> None:
    """Write versions of a few objects, in transactions long and short, some rolled back."""
    draw = random.Random(seed)
    objects = [(uuid7(), [0]) for _number in range(5)]
    while time.monotonic() < until:
        made = []
        try:
            with transaction.atomic():
                for _number in range(draw.randint(1, 5)):
                    object_id, version = draw.choice(objects)
                    version[0] += 1
                    change = draw.choice([Change.UPDATED, Change.UPDATED, Change.WITHDRAWN])
                    made.append(entry(object_id=object_id, version=version[0], change=change).id)
                time.sleep(draw.choices([0, 0.01, LONG_TRANSACTION_S], [8, 4, 1])[0])
                if draw.random() < 0.25:
                    raise Rollback
        except Rollback:
            continue
        written.update(made)


def follow(url: str, folder: Path, stop: threading.Event, is_restarted: bool) -> None:
    """Keep a copy until told to stop, and then until nothing is new."""
    program = mirror_program()
    program.ENTRIES_AN_ANSWER = 50
    server = program.Server(url, "")
    with closing(program.Copy(folder)) as copy:
        program.audience_settle(copy, server)
    copy = program.Copy(folder)
    try:
        while not stop.is_set():
            program.update(copy, server, 1)
            if is_restarted:
                copy.close()
                copy = program.Copy(folder)
        program.run(copy, server)
        program.computed_anew(copy)
    finally:
        copy.close()


def everybody_follows(folder: Path, seconds: float) -> int:
    """Let all work for so long; then every follower has the server's digest. Return the entries."""
    written: set = set()
    publishers, sealers, followers = Crew(), Crew(), Crew()
    published, sealed = threading.Event(), threading.Event()

    def keep_sealing() -> None:
        while not published.is_set() or LogEntry.objects.filter(seq=None).exists():
            seal()
            time.sleep(0.02)

    with serving() as url:
        until = time.monotonic() + seconds
        for seed in range(PUBLISHERS):
            publishers.start(lambda seed=seed: publish(seed, until, written))
        for _number in range(SEALERS):
            sealers.start(keep_sealing)
        for number in range(FOLLOWERS):
            to = folder / str(number)
            followers.start(lambda to=to, n=number: follow(url, to, sealed, n == RESTARTED))
        publishers.join()
        published.set()
        sealers.join()
        sealed.set()
        followers.join()
    head = latest_seq(Audience.PUBLIC)
    assert head == len(written) == LogEntry.objects.count()
    for number in range(FOLLOWERS):
        assert copied(folder / str(number)) == (head, digest_at(Audience.PUBLIC, head))
    return head


def copied(folder: Path) -> tuple[int, str]:
    """Return how far a copy reaches, and its digest there."""
    with closing(mirror_program().Copy(folder)) as copy:
        last: tuple[int, str] = copy.last()
        return last


def mirror_killed(folder: Path, url: str, times: int, seed: int) -> int:
    """Kill the mirror so often, each time after a drawn while; return how often it was at work."""
    draw = random.Random(seed)
    command = [sys.executable, str(PROGRAM), url, str(folder), "--follow"]
    was_at_work = 0
    for _time in range(times):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(0.2 + 1.5 * draw.random())
        was_at_work += process.poll() is None
        process.kill()
        process.communicate()
    return was_at_work
