"""How long a whole risk run takes, and in how much memory, against the number of strikes.

    make bench ARGS="-k risk_run"

Each run is a process of its own, on one thread: all horizons, floors, intervals and reasons. The
first test takes the engine alone (``python -m tests.benchmarks.risk_run STRIKES CELLS``). The
second makes the daily run whole: strikes read from the record or an audience's log, cells, history
and entries of the log written. RISK_BENCH_STRIKES (10000,100000) and RISK_BENCH_CELLS (30000)
choose the sizes; the plot of the second is written to RISK_BENCH_PLOT where that is set.
"""

import json
import os
import subprocess
import sys
from typing import Any

from tests.benchmarks.risk_daily import layer_make, log_fill, record_fill
from tests.support.processes import environment

STRIKES = [int(n) for n in os.environ.get("RISK_BENCH_STRIKES", "10000,100000").split(",")]
CELLS = os.environ.get("RISK_BENCH_CELLS", "30000")


def in_a_process(*arguments: str, **options: Any) -> dict[str, Any]:
    command = [sys.executable, "-m", *arguments]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options)
    return json.loads(output.stdout.splitlines()[-1])


def plot(rows: list[dict[str, Any]], path: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    for source in {row["source"]: None for row in rows}:
        own = [row for row in rows if row["source"] == source]
        axes.plot(
            [row["strikes"] for row in own], [row["seconds"] for row in own], "o-", label=source
        )
    axes.axhline(60, color="grey", linewidth=0.8)
    axes.set(xscale="log", xlabel="strikes", ylabel="seconds", ylim=(0, None))
    axes.set_title(f"A daily run over {rows[0]['cells']:,} cells")
    axes.legend()
    figure.savefig(path)


def show(rows: list[dict[str, Any]]) -> None:
    print("\n| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        values = (f"{v:.1f}" if isinstance(v, float) else v for v in row.values())
        print("| " + " | ".join(f"{v:,}" if isinstance(v, int) else v for v in values) + " |")


def test_risk_run_of_the_engine():
    show([in_a_process("tests.benchmarks.risk_run", str(n), CELLS, "warm") for n in STRIKES])


def test_risk_run_with_the_database(committed_db, settings, monkeypatch, tmp_path):
    rows = []
    for n in STRIKES:
        folder = tmp_path / str(n)
        folder.mkdir()
        monkeypatch.setenv("LAYERS_DIR", str(folder / "layers"))
        settings.LAYERS_DIR = str(folder / "layers")
        layer_make(folder, int(CELLS))
        record_fill(n, int(CELLS))
        with committed_db.connect_as_superuser() as postgres:
            log_fill(postgres.cursor(), "public")
        call = ("tests.support.call", "tests.benchmarks.risk_daily.run_measured")
        env = environment(committed_db.name)
        for source in ("record", "public"):
            rows.append(in_a_process(*call, source, env=env))
            print(rows[-1], flush=True)
        committed_db.switch_to_new()
    show(rows)
    if path := os.environ.get("RISK_BENCH_PLOT"):
        plot(sorted(rows, key=lambda row: row["source"]), path)
