"""What tests of scoring have other processes do; called by ``tests.support.call``."""

import os
import signal
from typing import Any

from ledger.dispatch import dispatch
from scoring.services import rescoring


def score_and_die(block: str) -> None:
    """Score blocks, and be killed in the n-th with its rows written but not committed."""
    compute, done = rescoring.exposure_compute, []

    def compute_and_die(**arguments: Any) -> int:
        rows = compute(**arguments)
        done.append(rows)
        if len(done) == int(block):
            os.kill(os.getpid(), signal.SIGKILL)
        return rows

    rescoring.exposure_compute = compute_and_die
    dispatch("scoring.rescore")
