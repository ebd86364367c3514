"""Synthetic population layers and strikes for the benchmarks, the same for the same seed.

    python -m tests.benchmarks.synthetic FOLDER

writes both layers: 3 arc-seconds (15,720 × 10,200 cells, float32, 512 × 512 deflate tiles), and the
same people at 30 arc-seconds. Towns of all sizes, roads, empty land, and a sea without data.
"""

import sys
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

SEED = 20260711
WEST, NORTH = 35.0, 37.5
COLUMNS, ROWS = 15_720, 10_200
CELL = 1 / 1200
NODATA = -99_999.0
TOWNS = 400
MOST = 1_000_000


def towns():
    """Return the towns as float64[TOWNS, 4]: column, row, spread in cells, people in the middle."""
    rng = np.random.default_rng(SEED)
    spread = 4.0 * rng.pareto(1.3, TOWNS).clip(0.1, 40)
    peak = rng.uniform(5, 120, TOWNS)
    return np.column_stack(
        [rng.uniform(300, COLUMNS - 300, TOWNS), rng.uniform(300, ROWS - 300, TOWNS), spread, peak]
    )


def strikes(n, seed=1):
    """Return longitudes and latitudes of the first n of MOST strikes, most in and about towns."""
    rng = np.random.default_rng(seed)
    known = towns()
    weight = known[:, 2] ** 2 * known[:, 3]
    town = known[rng.choice(len(known), MOST, p=weight / weight.sum())]
    about = rng.normal(0, 1, (MOST, 2)) * (town[:, 2:3] + 20)
    column = (town[:, 0] + about[:, 0]).clip(80, COLUMNS - 80)
    row = (town[:, 1] + about[:, 1]).clip(80, ROWS - 80)
    return (WEST + column * CELL)[:n], (NORTH - row * CELL)[:n]


def _strip(top, rows):
    """Return float32[rows, COLUMNS] of people."""
    rng = np.random.default_rng([SEED, top])
    people = np.zeros((rows, COLUMNS), dtype=np.float32)
    for column, row, spread, peak in towns():
        reach = int(5 * spread) + 1
        a, b = max(int(row) - reach, top), min(int(row) + reach, top + rows)
        c, d = max(int(column) - reach, 0), min(int(column) + reach, COLUMNS)
        if a < b and c < d:
            down = np.exp(-(((np.arange(a, b) - row) / spread) ** 2) / 2)
            across = np.exp(-(((np.arange(c, d) - column) / spread) ** 2) / 2)
            people[a - top : b - top, c:d] += peak * np.outer(down, across)
    people *= rng.gamma(0.6, 1 / 0.6, people.shape).astype(np.float32)
    settled = rng.random(people.shape, dtype=np.float32) < 0.05
    people += settled * rng.gamma(0.5, 1.5, people.shape).astype(np.float32)
    people[people < 0.01] = 0
    shore = 900 + 400 * np.sin((top + np.arange(rows)) / 700)
    people[np.arange(COLUMNS) < shore[:, np.newaxis]] = NODATA
    return people


def write(folder):
    """Write the layers, unless they are there; return their paths, the finer first."""
    fine, coarse = Path(folder) / "synthetic_3s.tif", Path(folder) / "synthetic_30s.tif"
    if fine.exists() and coarse.exists():
        return fine, coarse
    profile = {
        "driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:4326", "nodata": NODATA,
        "tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate",
    }  # fmt: skip
    summed = np.zeros((ROWS // 10, COLUMNS // 10), dtype=np.float32)
    grid = Affine(CELL, 0, WEST, 0, -CELL, NORTH)
    part = fine.with_suffix(".part")
    with rasterio.open(part, "w", width=COLUMNS, height=ROWS, transform=grid, **profile) as file:
        for top in range(0, ROWS, 512):
            strip = _strip(top, min(512, ROWS - top))
            file.write(strip, 1, window=Window(0, top, COLUMNS, len(strip)))
            known = np.maximum(strip, 0).reshape(len(strip), COLUMNS // 10, 10).sum(axis=2)
            np.add.at(summed, (top + np.arange(len(strip))) // 10, known)
    grid = Affine(CELL * 10, 0, WEST, 0, -CELL * 10, NORTH)
    with rasterio.open(
        coarse, "w", width=COLUMNS // 10, height=ROWS // 10, transform=grid, **profile
    ) as file:
        file.write(summed, 1)
    part.rename(fine)
    return fine, coarse


if __name__ == "__main__":
    print(*write(sys.argv[1]), sep="\n")
