"""What tests have other processes do; called by ``tests.support.call``."""

import os
import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from ledger import dispatch
from ledger.sealing import seal


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
