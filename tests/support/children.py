"""What tests have other processes do; called by ``tests.support.call``."""

import os
import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from accounts.selectors import actor_by_email
from incidents.selectors.queue import IncidentFilter
from incidents.services.bulk import BulkAction, BulkOrder, bulk_carry_out
from incidents.vocab import Grade, State
from ledger import dispatch
from ledger.sealing import seal

GRADE_THE_NEW = BulkOrder(
    BulkAction.GRADE, IncidentFilter(states=(State.NEW,)), "One source.", Grade.WEAK
)


def seal_and_hang(started: str) -> None:
    """Be a sealer whose statements all ran, but who does not come to commit."""
    with transaction.atomic():
        seal()
        Path(started).touch()
        time.sleep(60)


def dispatch_when(go: str, consumer: str) -> int:
    """Say that it is ready, and dispatch as soon as it may."""
    Path(go).with_name(f"{os.getpid()}.ready").touch()
    while not Path(go).exists():
        time.sleep(0.001)
    return dispatch.dispatch(consumer)


def dispatch_soon_again(consumer: str, attempts: str = "8") -> int:
    """Dispatch, holding every claim for abandoned that is not locked; give up after attempts."""
    dispatch.ABANDONED_AFTER = timedelta()
    dispatch.MAX_ATTEMPTS = int(attempts)
    return dispatch.dispatch(consumer)


def grade_the_new(email: str, token: str, count: str) -> None:
    """Carry out the bulk order ``GRADE_THE_NEW`` as a monitor."""
    actor = actor_by_email(email)
    assert actor is not None
    bulk_carry_out(actor=actor, order=GRADE_THE_NEW, token=token, confirm_count=int(count))
