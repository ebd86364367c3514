"""Many writers, two sealers, and readers who follow: nobody ever sees 7 before 6."""

import random
import threading
import time
from contextlib import closing

import pytest
from django.db import DatabaseError, connection, connections, transaction

from core.ids import uuid7
from feed.models import Audience, LogEntry
from feed.sealing import seal
from feed.selectors import latest_seq, log_visible_to
from tests.feed.making import entry

WRITERS, SEALERS, FOLLOWERS = 4, 2, 2
SECONDS = 4.0


class Rollback(Exception):
    """A writer thinks better of it."""


def in_thread(work, errors):
    def run():
        with closing(connection):
            try:
                work()
            except Exception as exc:  # a thread's failure must fail the test
                errors.append(exc)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def write(until, written):
    """Write versions of a few objects in transactions long and short, some rolled back."""
    draw = random.Random(threading.get_ident())
    objects = [(uuid7(), [0]) for _number in range(3)]
    while time.monotonic() < until:
        count = draw.randint(1, 4)
        try:
            with transaction.atomic():
                made = []
                for _number in range(count):
                    object_id, version = draw.choice(objects)
                    version[0] += 1
                    made.append(entry(object_id=object_id, version=version[0]).id)
                time.sleep(draw.choice([0, 0, 0.01, 0.3]))
                if draw.random() < 0.3:
                    raise Rollback
        except Rollback:
            continue
        written.update(made)


def follow(until, seen, stop):
    """Read what is behind the last number seen, over and over."""
    after = 0
    while not (stop.is_set() and latest_seq(Audience.PUBLIC) == after):
        fresh = log_visible_to(Audience.PUBLIC).filter(seq__gt=after).order_by("seq")
        for seq, id_ in fresh.values_list("seq", "id"):
            assert seq == after + 1, f"{seq} came after {after}"
            seen.append(id_)
            after = seq


def test_followers_see_every_entry_once_and_in_order(committed_db):
    until = time.monotonic() + SECONDS
    written, errors, stop = set(), [], threading.Event()
    seen = [[] for _number in range(FOLLOWERS)]
    writers = [in_thread(lambda: write(until, written), errors) for _number in range(WRITERS)]

    def keep_sealing():
        while not stop.is_set():
            seal()

    sealers = [in_thread(keep_sealing, errors) for _number in range(SEALERS)]
    followers = [in_thread(lambda mine=mine: follow(until, mine, stop), errors) for mine in seen]
    for thread in writers:
        thread.join()
    while LogEntry.objects.filter(seq__isnull=True).exists():
        time.sleep(0.01)
    stop.set()
    for thread in [*sealers, *followers]:
        thread.join(30)
    assert errors == []
    assert len(written) > 50
    for mine in seen:
        assert len(mine) == len(set(mine)) == len(written)
        assert set(mine) == written
    newest = LogEntry.objects.order_by("object_id", "-object_version").distinct("object_id")
    open_ = LogEntry.objects.filter(closed_by_seq__isnull=True)
    assert set(open_.values_list("id")) == set(newest.values_list("id"))


def test_a_writer_that_takes_long_holds_up_nobody(committed_db):
    begun, finish, errors = threading.Event(), threading.Event(), []

    def slow():
        with transaction.atomic():
            entry()
            begun.set()
            finish.wait(120)

    thread = in_thread(slow, errors)
    assert begun.wait(120)
    entry()
    assert seal() == 1
    finish.set()
    thread.join(20)
    assert seal() == 1
    assert errors == []
    assert latest_seq(Audience.PUBLIC) == 2


def test_not_even_the_owner_of_the_table_changes_the_log(committed_db):
    entry()
    seal()
    for statement in (
        "UPDATE feed_logentry SET feature = ''",
        "UPDATE feed_logentry SET closed_by_seq = 7",
        "DELETE FROM feed_logentry",
        "TRUNCATE feed_logentry",
    ):
        owner = connections["migration"]
        with pytest.raises(DatabaseError, match="append-only"), owner.cursor() as cursor:
            cursor.execute(statement)
