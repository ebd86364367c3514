"""Telling the workers at commit that there is work.

A message is only a nudge: what there is to do stands in the database, and the sweep finds whatever
a lost message left behind. So a broker that is down is logged and otherwise ignored.
"""

import logging
import time
from dataclasses import dataclass

from celery import current_app
from django.db import transaction
from kombu import pools

from ledger.consumers import Consumer

logger = logging.getLogger(__name__)

# A request waits for the broker less patiently than a worker does.
PATIENCE_S = 2.0
# After a failure nobody waits for the broker again for a while: the sweep is no slower.
QUIET_S = 5.0
# A nudge that waited longer is dropped unread; the sweep has sent others since.
EXPIRES_S = 60.0

_quiet_until = 0.0


def send(task: str, *args: str, queue: str = "default") -> None:
    """Queue a task by name; a broker that is down is only logged."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        with _producers().acquire(block=True, timeout=PATIENCE_S) as producer:
            current_app.send_task(
                task, args=args, queue=queue, expires=EXPIRES_S, producer=producer
            )
    except Exception as exc:  # what was committed must not fail for want of a nudge
        _quiet_until = time.monotonic() + QUIET_S
        logger.warning("broker not reached, the sweep will deliver %s: %r", task, exc)


def _producers() -> pools.ProducerPool:
    impatient = {"socket_timeout": PATIENCE_S, "retry_on_timeout": False}
    return pools.producers[current_app.connection_for_write(transport_options=impatient)]


@dataclass(frozen=True, slots=True)
class _Nudge:
    task: str
    args: tuple[str, ...]
    queue: str

    def __call__(self) -> None:
        send(self.task, *self.args, queue=self.queue)


def _at_commit(task: str, *args: str, queue: str) -> None:
    """Send once per transaction, however often it is asked for."""
    nudge = _Nudge(task, args, queue)
    if not any(entry[1] == nudge for entry in transaction.get_connection().run_on_commit):
        transaction.on_commit(nudge)


def wake_sealer() -> None:
    """Have the sealer run after this transaction's commit."""
    _at_commit("ledger.tasks.seal", queue="default")


def wake_dispatcher(consumer: Consumer) -> None:
    """Have the consumer's dispatcher run after this transaction's commit."""
    _at_commit("ledger.tasks.dispatch", consumer.name, queue=consumer.queue)
