"""What tests of scoring have other processes do; called by ``tests.support.call``."""

import os
import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from ledger.dispatch import dispatch
from scoring.engine.exposure import population_within
from scoring.selectors import active_layer
from scoring.services import questions, rescoring, scoring
from scoring.services.layer_files import layer_open


def score_and_die(block: str) -> None:
    """Score blocks, and be killed in the n-th with its rows written but not committed."""
    rescoring.exposure_compute = _deadly(rescoring.exposure_compute, int(block))
    dispatch("scoring.rescore")


def answer_and_die(part: str) -> None:
    """Answer parts of questions, and be killed with the n-th computed but not stored."""
    questions.part_compute = _deadly(questions.part_compute, int(part))
    dispatch("scoring.questions")


def _deadly(compute: Callable[..., Any], last: int) -> Callable[..., Any]:
    """Return a function that does the same, and kills its process after the last time."""
    times = count(1)

    def compute_and_die(*arguments: Any, **options: Any) -> Any:
        found = compute(*arguments, **options)
        if next(times) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    return compute_and_die


def score_when(go: str) -> str:
    """Score blocks as soon as it may; return the seconds in arithmetic and at blocks.

    What is compiled or read once in a worker's life is ready before.
    """
    layer = active_layer()
    assert layer is not None
    population_within(layer_open(layer), layer.west, layer.south, [1000.0], with_coverage=True)
    spent = 0.0

    def timed(*arguments: Any, **options: Any) -> Any:
        nonlocal spent
        started = time.perf_counter()
        try:
            return population_within(*arguments, **options)
        finally:
            spent += time.perf_counter() - started

    scoring.population_within = timed
    Path(go).with_name(f"{os.getpid()}.ready").touch()
    while not Path(go).exists():
        time.sleep(0.001)
    started = time.perf_counter()
    dispatch("scoring.rescore")
    return f"{spent} {time.perf_counter() - started}"


def risk_and_die() -> None:
    """Make a risk run, and be killed with its cells written but not committed."""
    from scoring.services import risk
    from scoring.services.risk_record import record_run_if_due

    def die(_run: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    risk.history_add = die
    record_run_if_due()


def risk_and_hang(started: str) -> None:
    """Make a risk run, and hold it up with its cells written but not committed."""
    from scoring.services import risk
    from scoring.services.risk_record import record_run_if_due

    def hang(_run: Any) -> None:
        Path(started).touch()
        time.sleep(60)

    risk.history_add = hang
    record_run_if_due()
