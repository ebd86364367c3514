"""Points per second, memory and error of our sums over discs and of their peers.

    make bench ARGS="-k exposure"

Ratios within one run; nothing about time is asserted. The tables (Markdown, JSON) and the plots go
to var/bench. PostGIS raster needs a superuser, whom the test database does not have: it is measured
where BENCH_RASTER_DATABASE_URL names a database of one.
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

from scoring.engine.exposure import (
    exposure_under_uncertainty,
    population_within,
    population_within_union,
)
from tests.benchmarks import exposure_report as report
from tests.benchmarks import synthetic
from tests.benchmarks.exposure_peers import RADII, circle

FOLDER = Path(tempfile.gettempdir()) / "harmwatch-bench"
REFEREE = "exactextract 2880"
OURS = [100, 1_000, 10_000, 100_000, 1_000_000]
# Points for each peer: the slow ones are given fewer, their speed does not depend on it.
RUNS = [
    ("ours", 1, OURS),
    ("ours", 2, OURS),
    ("exactextract feature", 1, [100, 1_000, 10_000]),
    ("exactextract raster", 1, [100, 1_000, 5_000]),
    ("numpy window", 1, [100, 1_000, 10_000]),
    ("rasterstats", 1, [50]),
]
if "BENCH_RASTER_DATABASE_URL" in os.environ:
    RUNS.append(("PostGIS raster", 1, [50]))


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
    return float((np.abs(ours - theirs) / np.maximum(theirs, 1)).max())


@pytest.mark.parametrize("name", ["3s", "30s"])
def test_points_per_second(layers, name):
    layer = layers[name]
    referee = _measure(REFEREE, layer, 200, 1)["sums"]
    rows = [_measure(peer, layer, n, threads) for peer, threads, counts in RUNS for n in counts]
    for row in rows:
        row["error"] = _error(row.pop("sums"), referee)
    best = {
        key: max(row[key] for row in rows if row["peer"].startswith("exactextract"))
        for key in ("warm", "cpu")
    }
    for row in rows:
        row["times"] = row["warm"] / best["warm"]
        row["times_cpu"] = row["cpu"] and row["cpu"] / best["cpu"]
    report.write(f"exposure_{name}", report.speeds(name, rows), rows)
    report.plot(f"exposure_{name}", rows)
    assert max(row["error"] for row in rows if row["peer"] == "ours") <= 1e-5


def _seconds(do, times):
    """Return the medians of wall and processor seconds of so many calls, and the last result."""
    found = []
    for _ in range(times):
        start, worked = time.perf_counter(), time.process_time()
        result = do()
        found.append((time.perf_counter() - start, time.process_time() - worked))
    return *(statistics.median(each) for each in zip(*found, strict=True)), result


def test_a_single_strike(layers):
    lon, lat = synthetic.strikes(400)
    rows = []
    for name, layer in layers.items():
        cold = _measure("ours", layer, 1, 1)["cold"]
        spent = [
            _seconds(lambda at=at, path=layer: population_within(path, *at, RADII), 1)[:2]
            for at in zip(lon, lat, strict=True)
        ]
        again = _seconds(lambda path=layer: population_within(path, lon[0], lat[0], RADII), 100)
        p50, cpu = np.median(spent, axis=0)
        p95 = np.quantile(spent, 0.95, axis=0)[0]
        rows.append({
            "layer": name, "first_ms": 1e3 / cold, "p50_ms": 1e3 * p50, "p95_ms": 1e3 * p95,
            "cpu_p50_ms": 1e3 * cpu, "same_place_p50_ms": 1e3 * again[0],
        })  # fmt: skip
    report.write("exposure_single", report.table("One strike, file closed before", rows), rows)


def test_union_of_ten_thousand_discs(layers):
    from exactextract import exact_extract
    from shapely.geometry import mapping

    lon, lat = synthetic.strikes(10_000, seed=5)
    rows = []
    for name, layer in layers.items():
        population_within_union(layer, lon[:3], lat[:3], 5000.0)
        ours, ours_cpu, people = _seconds(
            lambda path=layer: population_within_union(path, lon, lat, 5000.0), 7
        )
        for vertices in (64, 720):
            # Drawn so that each has the circle's area: on the circle 64 would be 1.2e-5 short.
            grown = 5000.0 * np.sqrt((2 * np.pi / vertices) / np.sin(2 * np.pi / vertices))
            shapes = [circle(x, y, grown, vertices) for x, y in zip(lon, lat, strict=True)]
            dissolve, dissolve_cpu, whole = _seconds(
                lambda shapes=shapes: shapely.union_all(shapes), 3
            )
            feature = [{"type": "Feature", "properties": {}, "geometry": mapping(whole)}]
            for strategy in ("feature-sequential", "raster-sequential"):
                theirs, theirs_cpu, found = _seconds(
                    lambda path=layer, some=feature, how=strategy: exact_extract(
                        str(path), some, ["sum"], strategy=how
                    ), 1,
                )  # fmt: skip
                truth = found[0]["properties"]["sum"]
                rows.append({
                    "layer": name, "vertices": vertices, "strategy": strategy, "ours_s": ours,
                    "ours_cpu_s": ours_cpu, "dissolve_s": dissolve, "exactextract_s": theirs,
                    "times": (dissolve + theirs) / ours, "times_without_dissolving": theirs / ours,
                    "times_cpu": (dissolve_cpu + theirs_cpu) / ours_cpu,
                    "difference": people / truth - 1,
                })  # fmt: skip
    report.write("exposure_union", report.table("Union of 10,000 discs of 5 km", rows), rows)
    assert max(abs(row["difference"]) for row in rows) <= 1e-5


def test_places_known_vaguely(layers):
    rows = []
    for name, layer in layers.items():
        for uncertainty, n in ((1500.0, 100), (6000.0, 40), (25_000.0, 4)):
            lon, lat = synthetic.strikes(n, seed=9)
            areas = [(float(x), float(y), uncertainty) for x, y in zip(lon, lat, strict=True)]
            found = [
                _seconds(lambda do=do: do(), 3)
                for do in (
                    lambda path=layer, some=areas: exposure_under_uncertainty(path, some, RADII),
                    lambda path=layer, some=areas, x=lon, y=lat: population_within_union(
                        path, x, y, 5000.0, areas=some
                    ),
                )
            ]
            rows.append({
                "layer": name, "uncertainty_m": uncertainty, "areas_per_s": n / found[0][0],
                "areas_per_cpu_s": n / found[0][1], "union_areas_per_s": n / found[1][0],
                "union_areas_per_cpu_s": n / found[1][1],
            })  # fmt: skip
    report.write("exposure_vague", report.table("Places known vaguely", rows), rows)
