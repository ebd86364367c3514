"""How quick all incidents are scored anew by two workers, and what of that is not arithmetic.

    make bench ARGS="-k rescoring"

RESCORING_BENCH_ROWS incidents (100,000) at exact points, most in and about towns, are in the
database, with five weapons. A layer is activated; two worker
processes dispatch. Arithmetic is the engine's calls, timed inside the workers: the share is of the
seconds that workers were at blocks. RESCORING_BENCH_LAYER chooses 3 or 30 arc-seconds.
"""

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from core.copying import point_ewkb, row_of, rows_copy
from incidents.models import Incident
from ledger.dispatch import dispatch
from scoring.models import Exposure
from scoring.selectors import rescorings
from scoring.services.layers import layer_activate, layer_import
from tests.benchmarks import synthetic

ROWS = int(os.environ.get("RESCORING_BENCH_ROWS", "100000"))
ARCSEC = int(os.environ.get("RESCORING_BENCH_LAYER", "30"))
FOLDER = Path(tempfile.gettempdir()) / "harmwatch-bench"
MAY = datetime(2014, 5, 11, tzinfo=UTC)
WEAPONS = ("barrel_bomb", "mortar", "artillery", "air_strike", "unclear")


def fill():
    """Write the incidents."""
    lon, lat = synthetic.strikes(ROWS)
    rows_copy(
        Incident,
        (
            vars(
                row_of(
                    Incident,
                    location=point_ewkb(x, y),
                    uncertainty_m=0.0,
                    location_precision="exact",
                    time_start=MAY,
                    time_end=MAY,
                    time_precision="day",
                    weapon=WEAPONS[number % len(WEAPONS)],
                )
            )
            for number, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_incident")


def test_rescoring(committed_db, start_child, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("LAYERS_DIR", str(tmp_path / "layers"))
    settings.LAYERS_DIR = str(tmp_path / "layers")
    FOLDER.mkdir(exist_ok=True)
    fine, coarse = synthetic.write(FOLDER)
    layer, _ = layer_import(
        path=fine if ARCSEC == 3 else coarse, provider="Synthetic", year=2020, licence="CC0",
        attribution="synthetic",
    )  # fmt: skip
    fill()
    layer_activate(layer_id=layer.id)
    started = time.perf_counter()
    dispatch("scoring.layer")
    cut = time.perf_counter() - started

    go = tmp_path / "go"
    workers = [start_child("tests.support.scoring.score_when", go) for _ in range(2)]
    for worker in workers:
        worker.wait_until(lambda: len(list(tmp_path.glob("*.ready"))) == 2, "both workers")
    started = time.perf_counter()
    go.touch()
    spent = [list(map(float, worker.result().split())) for worker in workers]
    took = time.perf_counter() - started
    (run,) = rescorings()
    assert (run.done, run.total, Exposure.objects.count()) == (ROWS, ROWS, ROWS)

    arithmetic, busy = (sum(column) for column in zip(*spent, strict=True))
    print(f"\n{ROWS:,} incidents by a layer of {ARCSEC} arc-seconds, two worker processes")
    print(f"cut into blocks in {cut:.2f} s, scored in {took:.2f} s: {ROWS / took:,.0f} rows/s")
    print(f"with the cutting {ROWS / (cut + took):,.0f} rows/s")
    print(f"outside arithmetic {1 - arithmetic / busy:.0%} of {busy:.1f} s that workers were busy")
