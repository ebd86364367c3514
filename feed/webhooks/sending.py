"""Sending what is due: many receivers side by side, so that one who hangs holds up no other.

The threads only speak to receivers; the database is this one's alone.
"""

import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from feed.models import WebhookDelivery
from feed.webhooks.claims import Item, Run, run_claim, run_record
from feed.webhooks.secrets import signed_headers
from feed.webhooks.transport import Outcome, Receiver

_AT_ONCE = 32
_AT_ONCE_A_HOST = 2
# A run starts no post after this long: with the last one's ten seconds its claim is still young.
_RUN_S = 5.0
# Nothing new is claimed after this long: a worker must be able to end, and the sweep calls again.
_CLAIMING_S = 60.0
_LOOK_EVERY_S = 0.2
_KEPT = timedelta(days=30)

_InFlight = dict["Future[list[tuple[UUID, Outcome]]]", Run]


def webhooks_send() -> int:
    """Send until nothing is due and nobody is waited for; return how many posts were tried."""
    until = time.monotonic() + _CLAIMING_S
    in_flight: _InFlight = {}
    tried = 0
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="webhook") as threads:
        while True:
            if time.monotonic() < until:
                _fill(threads, in_flight)
            if not in_flight:
                return tried
            done, _waiting = wait(in_flight, _LOOK_EVERY_S, FIRST_COMPLETED)
            for future in done:
                outcomes = future.result()
                run_record(in_flight.pop(future), outcomes)
                tried += len(outcomes)


def _fill(threads: ThreadPoolExecutor, in_flight: _InFlight) -> None:
    while len(in_flight) < _AT_ONCE:
        hosts = Counter(run.host for run in in_flight.values())
        run = run_claim([host for host, count in hosts.items() if count >= _AT_ONCE_A_HOST])
        if run is None:
            return
        if run.items:
            in_flight[threads.submit(_post_all, run)] = run


def _post_all(run: Run) -> list[tuple[UUID, Outcome]]:
    """Post a run in its order, up to the first failure."""
    until = time.monotonic() + _RUN_S
    receiver = Receiver(run.url)
    outcomes: list[tuple[UUID, Outcome]] = []
    try:
        for item in run.items:
            outcomes.append((item.id, _post(receiver, run, item)))
            if outcomes[-1][1].error or time.monotonic() > until:
                break
    finally:
        receiver.close()
    return outcomes


def _post(receiver: Receiver, run: Run, item: Item) -> Outcome:
    headers = signed_headers(run.secrets, str(item.id), timezone.now(), item.body)
    return receiver.post(headers, item.body.encode())


def deliveries_forget() -> int:
    """Delete what was finished more than 30 days ago; return how many deliveries."""
    old = WebhookDelivery.objects.filter(finished_at__lt=timezone.now() - _KEPT)
    return old.delete()[0]
