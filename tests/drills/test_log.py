"""The log under load for two minutes, and a mirror that is killed ten times."""

import time

from django.db import transaction

from feed.models import LogEntry
from feed.sealing import seal
from tests.feed.making import entry
from tests.support.following import Crew, copied, everybody_follows, mirror_killed
from tests.support.mirror import mirror_program
from tests.support.web import serving


def test_eight_publishers_and_four_followers(committed_db, tmp_path):
    assert everybody_follows(tmp_path, seconds=120) > 1_000


def test_a_mirror_that_is_killed_ten_times_ends_exact(committed_db, tmp_path):
    for _number in range(3_000):
        entry()
    seal()
    crew, until = Crew(), time.monotonic() + 15

    def publish():
        while time.monotonic() < until:
            with transaction.atomic():
                for _number in range(20):
                    entry()
            seal()

    with serving() as url:
        crew.start(publish)
        assert mirror_killed(tmp_path, url, times=10, seed=2014) == 10
        crew.join()
        seal()
        assert mirror_program().main([url, str(tmp_path), "--check"]) == 0
    last = LogEntry.objects.order_by("-seq").first()
    assert copied(tmp_path) == (last.seq, last.chain)
