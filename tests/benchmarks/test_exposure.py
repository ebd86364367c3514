"""Points per second, memory and error of our sums over discs and of their peers.

    make bench ARGS="-k exposure"

Ratios within one run; nothing about time is asserted. PostGIS raster is not among the peers: its
extension needs a superuser, whom the test database does not have.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import shapely

from scoring.engine.exposure import population_in, population_within, population_within_union
from tests.benchmarks import synthetic
from tests.benchmarks.exposure_peers import RADII, circle

FOLDER = Path(tempfile.gettempdir()) / "harmwatch-bench"
REFEREE = "exactextract 2880"
# Points for each peer: the slow ones are given fewer, their speed does not depend on it.
RUNS = [
    ("ours", 1, [100, 1_000, 10_000, 100_000, 1_000_000]),
    ("ours", 2, [100, 1_000, 10_000, 100_000, 1_000_000]),
    ("exactextract feature", 1, [100, 1_000]),
    ("exactextract raster", 1, [100, 1_000, 5_000]),
    ("numpy window", 1, [100, 1_000]),
    ("rasterstats", 1, [50]),
]


@pytest.fixture(scope="module")
def layers():
    FOLDER.mkdir(exist_ok=True)
    return dict(zip(("3s", "30s"), synthetic.write(FOLDER), strict=True))


def _measure(peer, layer, points, threads):
    command = [sys.executable, "-m", "tests.benchmarks.exposure_peers", peer, str(layer)]
    done = subprocess.run(
        [*command, str(points), str(threads)], capture_output=True, check=True, text=True,
        cwd=Path(__file__).parents[2], env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    return found | {"peer": peer, "threads": threads, "points": points}


def _error(sums, referee):
    some = min(len(sums), len(referee))
    ours, theirs = np.array(sums[:some]), np.array(referee[:some])
    return (np.abs(ours - theirs) / np.maximum(theirs, 1)).max()


@pytest.mark.parametrize("name", ["3s", "30s"])
def test_points_per_second(layers, name):
    layer = layers[name]
    referee = _measure(REFEREE, layer, 200, 1)["sums"]
    rows = [_measure(peer, layer, n, threads) for peer, threads, counts in RUNS for n in counts]
    best = max(row["warm"] for row in rows if row["peer"].startswith("exactextract"))
    print(f"\n{name}: peer, threads, points, points/s cold, warm, × exactextract, MiB, error")
    for row in rows:
        error = _error(row["sums"], referee)
        print(
            f"{row['peer']:22}{row['threads']:3}{row['points']:9,}{row['cold']:12,.0f}"
            f"{row['warm']:12,.0f}{row['warm'] / best:9.1f}{row['peak_mib']:8.0f}{error:10.1e}"
        )
        if row["peer"] == "ours":
            assert error <= 1e-5
    _plot(rows, name)


def _plot(rows, name):
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for peer, threads, _ in RUNS:
        line = [row for row in rows if (row["peer"], row["threads"]) == (peer, threads)]
        label = f"{peer}, {threads} threads" if peer == "ours" else peer
        axes.loglog([r["points"] for r in line], [r["warm"] for r in line], "o-", label=label)
    axes.set(xlabel="points (1, 2 and 5 km around each)", ylabel="points a second", title=name)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(FOLDER / f"exposure_{name}.png", dpi=120, bbox_inches="tight")
    plt.close(figure)
    print(FOLDER / f"exposure_{name}.png")


def test_a_single_strike(layers):
    lon, lat = synthetic.strikes(60)
    seconds = []
    for x, y in zip(lon, lat, strict=True):
        start = time.perf_counter()
        population_within(layers["3s"], x, y, RADII)
        seconds.append(time.perf_counter() - start)
    print(f"\nsingle strike, file closed before: p50 {1e3 * statistics.median(seconds):.2f} ms")


def test_union_of_ten_thousand_discs(layers):
    lon, lat = synthetic.strikes(10_000, seed=5)
    population_within_union(layers["3s"], lon[:3], lat[:3], 5000.0)
    ours = []
    for _ in range(3):
        start = time.perf_counter()
        people = population_within_union(layers["3s"], lon, lat, 5000.0)
        ours.append(time.perf_counter() - start)
    # An even ring of 720 vertices, drawn so that it has the circle's area.
    grown = 5000.0 * np.sqrt((2 * np.pi / 720) / np.sin(2 * np.pi / 720))
    shapes = [circle(x, y, grown, 720) for x, y in zip(lon, lat, strict=True)]
    start = time.perf_counter()
    dissolved = shapely.union_all(shapes)
    middle = time.perf_counter()
    theirs = population_in(layers["3s"], dissolved)
    end = time.perf_counter()
    mine = statistics.median(ours)
    print(
        f"\nunion: ours {mine:.3f} s; dissolving {middle - start:.2f} s, exactextract"
        f" {end - middle:.2f} s; × {(end - start) / mine:.1f} (without dissolving × "
        f"{(end - middle) / mine:.1f}); relative difference {people / theirs - 1:.1e}"
    )
    assert people == pytest.approx(theirs, rel=1e-5)
