"""Who follows the numbers misses nothing and sees nothing twice; and why numbers alone won't do."""

import threading
import time
from contextlib import closing

from django.db import connection, transaction

from feed.changes import changes_after
from feed.models import Audience, LogEntry
from feed.sealing import seal
from tests.feed.making import entry
from tests.support.following import Crew, copied, everybody_follows, mirror_killed
from tests.support.mirror import mirror_program
from tests.support.web import serving

# What a log would do that numbers its rows when they are written.
NUMBERED_AT_INSERT = """
    ALTER TABLE feed_logentry DISABLE TRIGGER USER;
    CREATE SEQUENCE numbers;
    GRANT USAGE ON SEQUENCE numbers TO harmwatch_app;
    CREATE FUNCTION number_at_insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.seq := nextval('numbers'); NEW.sealed_at := clock_timestamp();
        NEW.hash := repeat('0', 64); NEW.chain := NEW.hash;
        RETURN NEW;
    END $$;
    CREATE TRIGGER number BEFORE INSERT ON feed_logentry FOR EACH ROW
        EXECUTE FUNCTION number_at_insert()"""


def seen_by_a_follower():
    """Return how many of two entries a follower sees, the first of which is committed last."""
    begun, finish = threading.Event(), threading.Event()

    def publish_slowly():
        with closing(connection), transaction.atomic():
            entry()
            begun.set()
            finish.wait(120)

    slow = threading.Thread(target=publish_slowly)
    slow.start()
    assert begun.wait(120)
    entry()
    seal()
    first = changes_after(Audience.PUBLIC, 0, 10, ())
    finish.set()
    slow.join()
    seal()
    second = changes_after(Audience.PUBLIC, first.last_seq, 10, ())
    assert LogEntry.objects.count() == 2
    return len(first.lines) + len(second.lines)


def test_an_entry_committed_late_is_seen(committed_db):
    assert seen_by_a_follower() == 2


def test_numbered_when_written_it_would_be_missed(committed_db, superuser):
    superuser.execute(NUMBERED_AT_INSERT)
    assert seen_by_a_follower() == 1


def test_every_follower_comes_to_the_server_s_digest(committed_db, tmp_path):
    assert everybody_follows(tmp_path, seconds=5) > 50


def test_a_mirror_that_is_killed_ends_exact(committed_db, tmp_path):
    crew, until = Crew(), time.monotonic() + 3

    def publish():
        while time.monotonic() < until:
            with transaction.atomic():
                for _number in range(20):
                    entry()
            seal()

    with serving() as url:
        crew.start(publish)
        mirror_killed(tmp_path, url, times=3, seed=1)
        crew.join()
        seal()
        assert mirror_program().main([url, str(tmp_path), "--check"]) == 0
    last = LogEntry.objects.order_by("-seq").first()
    assert copied(tmp_path) == (last.seq, last.chain)
