"""From publishing to what a subscriber has in hand, by real workers, at 1, 10 and 100 a second.

Publishing: the entry is committed and the sealer is woken, as after a monitor's decision. Received:
a receiver on this machine has read the message. Printed: milliseconds, median and 99th percentile.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection, transaction

from accounts.models import Role
from feed.models import Audience
from ledger.wake import wake_sealer
from tests.factories import make_actor
from tests.feed.making import entry
from tests.feed.webhooks.conftest import hooked
from tests.feed.webhooks.receivers import answering, receiver
from tests.support.processes import wait_until

RATES = {1: 10, 10: 100, 100: 1_000}  # publishes a second: how many


def publish(rate, count):
    """Publish from two threads in turn; return when each was committed, by its object."""
    began, committed = time.time(), {}

    def some(numbers):
        for number in numbers:
            time.sleep(max(0.0, began + number / rate - time.time()))
            with transaction.atomic():
                one = entry(audience=Audience.PARTNER)
                wake_sealer()
            committed[str(one.object_id)] = time.time()
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(some, [range(0, count, 2), range(1, count, 2)]))
    return committed


@pytest.mark.celery
def test_from_publish_to_delivery(committed_db, celery_worker, settings, monkeypatch):
    settings.WEBHOOKS_LOCAL_ADDRESSES = ["127.0.0.1"]
    monkeypatch.setenv("WEBHOOKS_LOCAL_ADDRESSES", "127.0.0.1")
    arrived = {}

    def answer(there, connection):
        body = json.loads(there.received[-1][1])
        arrived.setdefault(body["id"], time.time())
        return answering(200)(there, connection)

    with receiver(answer) as there:
        hooked(make_actor(Role.PARTNER), there.url)
        celery_worker("default")
        celery_worker("webhooks", beat=True)
        for rate, count in RATES.items():
            committed = publish(rate, count)
            took = (max(committed.values()) - min(committed.values())) or 1
            wait_until(lambda sent=committed: sent.keys() <= arrived.keys(), "all arrived", 120)
            waited = np.array([arrived[one] - at for one, at in committed.items()]) * 1_000
            middle, late = np.percentile(waited, [50, 99])
            print(
                f"\n{rate}/s asked, {(count - 1) / took:.1f}/s made:"
                f" median {middle:.0f} ms, p99 {late:.0f} ms, most {waited.max():.0f} ms"
            )
