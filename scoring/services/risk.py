"""Running the risk model: when a run is due, its state, its rows, and what is kept of old ones.

Whoever computes holds a session's advisory lock, which falls with the process: a run that stands as
running while nobody holds the lock is of a worker that died. A run's cells are written in the one
transaction that finishes it, so that nobody is ever served a part.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ledger.services import audit_record
from scoring.engine.hazard.model import MODEL_VERSION
from scoring.engine.risk.daily import FLOORS, HORIZONS, RiskResult, risk_computed
from scoring.engine.risk.figures import CLASS_FROM, CLASS_RESOLUTION, PERCENTILES, RISK_VERSION
from scoring.engine.risk.reach import REACH_KM
from scoring.models import PopulationLayer, RiskCell, RiskRun
from scoring.selectors import active_layer
from scoring.services.exposure import ALPHA
from scoring.services.layer_files import layer_open
from scoring.services.risk_inputs import RiskInputs
from scoring.services.risk_rows import history_add, rows_store

logger = logging.getLogger(__name__)

VERSION = f"{RISK_VERSION}/{MODEL_VERSION}"
# After new incidents a run waits until none came for so long, but never longer than the second.
QUIET = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=15)
# So many runs of each source keep their cells.
RUNS_KEPT = 7
# A run that fails is begun again at once, but not more often than this in an hour.
MOST_FAILURES = 3
_LOCK = 0x5249534B  # "RISK"; the second key is the source's position
_PARAMETERS = {
    "resolution": CLASS_RESOLUTION,
    "alpha": ALPHA,
    "horizons_days": list(HORIZONS),
    "evidence_floors": list(FLOORS),
    "reach_km": REACH_KM,
    "percentiles": list(PERCENTILES),
    "class_from": list(CLASS_FROM),
}

# The oldest and the newest change that a run has not seen; None where there is none.
Changes = tuple[datetime, datetime] | None


def run_if_due(
    source: RiskRun.Source,
    *,
    read: Callable[[], RiskInputs],
    changes_since: Callable[[int], Changes],
    finished: Callable[[RiskRun], None] = lambda run: None,
    now: datetime | None = None,
) -> RiskRun | None:
    """Make a run of a source if one is due and nobody is at it; return it, finished or failed.

    ``finished`` is called in the transaction that finishes the run, its cells written.

    Due: none yet today (UTC), another layer or model since, or changes that have come to rest.
    """
    now = now or timezone.now()
    with _locked(source) as is_ours:
        if not is_ours:
            return None
        _bury_dead(source)
        layer = active_layer()
        if layer is None or not _is_due(source, layer, changes_since, now):
            return None
        origin = first_day_ahead(now)
        return run_make(source, layer=layer, inputs=read(), origin=origin, finished=finished)


def run_make(
    source: RiskRun.Source,
    *,
    layer: PopulationLayer,
    inputs: RiskInputs,
    origin: date,
    resolution: int = CLASS_RESOLUTION,
    finished: Callable[[RiskRun], None] = lambda run: None,
) -> RiskRun:
    """Compute and store one run from these inputs by this layer; return it, finished or failed."""
    run = RiskRun.objects.create(
        source=source,
        at_seq=inputs.at_seq,
        origin=origin,
        model_version=VERSION,
        parameters=_PARAMETERS | {"resolution": resolution},
        inputs=inputs.described,
        inputs_sha256=inputs.sha256,
        layer=layer,
        layer_sha256=layer.sha256,
    )
    try:
        opened = layer_open(layer)
        result = risk_computed(
            inputs.known, opened, origin.toordinal(), resolution=resolution, alpha=ALPHA
        )
        return _finish(run, result, inputs, finished)
    except Exception as exc:
        logger.exception("risk run %s failed", run.id)
        return _fail(run, f"{type(exc).__name__}: {exc}")


def first_day_ahead(now: datetime) -> date:
    """Return the first day that is forecast: what happened today is known, as far as it is."""
    return now.astimezone(UTC).date() + timedelta(days=1)


@transaction.atomic
def _finish(
    run: RiskRun, result: RiskResult, inputs: RiskInputs, finished: Callable[[RiskRun], None]
) -> RiskRun:
    rows_store(run, result, inputs)
    history_add(run)
    run.state, run.finished_at = RiskRun.State.FINISHED, timezone.now()
    run.results_sha256, run.cell_count = result.checksum(), len(result.cells)
    run.save()
    _prune(run.source)
    finished(run)
    facts = {
        "source": run.source,
        "inputs_sha256": run.inputs_sha256,
        "layer_sha256": run.layer_sha256,
        "results_sha256": run.results_sha256,
        "cells": run.cell_count,
        "outside": result.left_out,
    }
    _audit(run, "risk.computed", facts)
    return run


@transaction.atomic
def _fail(run: RiskRun, why: str) -> RiskRun:
    run.state, run.finished_at, run.error = RiskRun.State.FAILED, timezone.now(), why[:200]
    run.results_sha256, run.cell_count = "", None
    run.save()
    _audit(run, "risk.failed", {"source": run.source, "error": run.error})
    return run


def _audit(run: RiskRun, action: str, data: dict[str, Any]) -> None:
    audit_record(
        actor=None, action=action, object_type="risk_run", object_id=run.id,
        object_label=f"{run.source} {run.origin}", data=data,
    )  # fmt: skip


def _bury_dead(source: RiskRun.Source) -> None:
    for run in RiskRun.objects.filter(source=source, state=RiskRun.State.RUNNING):
        _fail(run, "its worker died")


def _is_due(
    source: RiskRun.Source,
    layer: PopulationLayer,
    changes_since: Callable[[int], Changes],
    now: datetime,
) -> bool:
    runs = RiskRun.objects.filter(source=source)
    last = runs.filter(state=RiskRun.State.FINISHED).order_by("-started_at").first()
    failed = runs.filter(
        state=RiskRun.State.FAILED, started_at__gt=max(
            now - timedelta(hours=1), last.started_at if last else now - timedelta(hours=1)
        ),
    )  # fmt: skip
    if failed.count() >= MOST_FAILURES:
        return False
    if last is None or last.layer_id != layer.id or last.model_version != VERSION:
        return True
    if last.origin != first_day_ahead(now):
        return True
    changes = changes_since(last.at_seq)
    if changes is None:
        return False
    oldest, newest = changes
    return newest <= now - QUIET or oldest <= now - LONGEST_WAIT


def _prune(source: str) -> None:
    """Delete the cells of all but the newest runs; the runs stay, and the history."""
    finished = RiskRun.objects.filter(source=source, state=RiskRun.State.FINISHED)
    kept = finished.order_by("-started_at").values_list("id", flat=True)[:RUNS_KEPT]
    RiskCell.objects.filter(run__source=source).exclude(run__in=list(kept)).delete()


@contextmanager
def _locked(source: RiskRun.Source) -> Iterator[bool]:
    keys = [_LOCK, list(RiskRun.Source).index(source)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        # A connection that broke has let go of its locks by itself.
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)
