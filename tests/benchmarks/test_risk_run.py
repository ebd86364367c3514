"""How long a whole risk run takes, and in how much memory, against the number of strikes.

    make bench ARGS="-k risk_run"

Each run is a process of its own (``python -m tests.benchmarks.risk_run STRIKES CELLS``), on one
thread: all horizons, floors, intervals and reasons. RISK_BENCH_STRIKES (1000,10000,100000) and
RISK_BENCH_CELLS (30000) choose the sizes; the plot is written beside the table's numbers to
RISK_BENCH_PLOT where that is set.
"""

import json
import os
import subprocess
import sys

STRIKES = [int(n) for n in os.environ.get("RISK_BENCH_STRIKES", "1000,10000,100000").split(",")]
CELLS = os.environ.get("RISK_BENCH_CELLS", "30000")


def measured(strikes: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.risk_run", str(strikes), CELLS, "warm"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def plot(rows: list[dict[str, float]], path: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    strikes = [row["strikes"] for row in rows]
    axes.plot(strikes, [row["seconds"] for row in rows], "o-", label="seconds")
    axes.plot(strikes, [row["processor_seconds"] for row in rows], "o--", label="CPU seconds")
    axes.axhline(60, color="grey", linewidth=0.8)
    axes.set(xscale="log", xlabel="strikes", ylabel="seconds", ylim=(0, None))
    axes.set_title(f"One risk run over {rows[0]['cells']:,} cells and more")
    axes.legend()
    figure.savefig(path)


def test_risk_run():
    rows = [measured(strikes) for strikes in STRIKES]
    print("\n| strikes | cells | seconds | CPU seconds | peak MiB |\n|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(f"{value:,}" for value in row.values()) + " |")
    if path := os.environ.get("RISK_BENCH_PLOT"):
        plot(rows, path)
