"""A whole risk run on made-up strikes and people; a process of its own, for its peak memory.

python -m tests.benchmarks.risk_run STRIKES CELLS
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

from scoring.engine.grids import open_layer
from scoring.engine.hazard.events import strikes_of
from scoring.engine.risk.daily import Known, risk_computed

DAY = 735_000
ARC_30 = 1 / 120
CELL_DEG2 = 36.1 / (110.9 * 111.32 * 0.83)


def made(strikes: int, side: float) -> Known:
    """Return strikes at 3,000 towns over eight years, a twentieth known to 25 km only."""
    random = np.random.default_rng(7)
    towns = np.round(random.uniform(0.3, side - 0.3, (3000, 2)), 3)
    town = np.minimum(random.zipf(1.3, strikes), 3000) - 1
    lon, lat = 40 + towns[town, 0], 32 + towns[town, 1]
    vague = random.random(strikes) < 0.05
    grid = np.round(towns[town] * 4) / 4
    lon, lat = np.where(vague, 40 + grid[:, 0], lon), np.where(vague, 32 + grid[:, 1], lat)
    day = DAY - 1 - (random.random(strikes) ** 1.5 * 2900).astype(int)
    known = strikes_of(day, lon, lat, radius_km=np.where(vague, 25.0, 0.0))
    pairs = np.stack([np.arange(0, strikes - 1, 20), np.arange(1, strikes, 20)], 1)
    return Known(known, random.integers(0, 4, strikes), pairs[: strikes // 20])


def main() -> None:
    """Print seconds, processor seconds, mebibytes at most, and rows of one run, as JSON."""
    strikes, cells = int(sys.argv[1]), int(sys.argv[2])
    side = float(np.sqrt(cells * CELL_DEG2))
    size = int((side + 2) * 120)
    people = np.random.default_rng(5).gamma(0.2, 300, (size, size)).astype("float32")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.tif"
        with rasterio.open(
            path, "w", driver="GTiff", dtype="float32", crs="EPSG:4326", count=1, height=size,
            width=size, transform=Affine(ARC_30, 0, 39, 0, -ARC_30, 31 + size / 120),
        ) as dataset:  # fmt: skip
            dataset.write(people, 1)
        known, layer = made(strikes, side), open_layer(path)
        if "warm" in sys.argv:
            risk_computed(made(100, side), layer, DAY)
        began, used = time.perf_counter(), time.process_time()
        result = risk_computed(known, layer, DAY)
        figures = {
            "strikes": strikes,
            "cells": len(result.cells),
            "seconds": round(time.perf_counter() - began, 2),
            "processor_seconds": round(time.process_time() - used, 2),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
