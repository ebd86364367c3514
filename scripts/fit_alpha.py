"""How strongly recorded events follow people: alpha fitted on a UCDP file. Indicative only.

    python scripts/fit_alpha.py LAYER EVENTS [--kind density] [--radius 100000]

LAYER: a population GeoTIFF; EVENTS: UCDP GED as CSV. Each precise event (where_prec 1) is given a
vague place: a disc whose centre lies off it by a random way, evenly over the disc. Alpha is fitted
with all events, and with each of their points once, for several seeds. A gazetteer puts events on
the middles of towns, and the layer's cells may be larger than towns: both raise or lower alpha in
ways that this cannot tell apart.
"""

import argparse
import csv
import statistics
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scoring.engine.exposure import fit_alpha, open_layer
from scoring.engine.geodesy import WGS84, FloatArray

SEEDS = 5


def precise_points(path: Path) -> FloatArray:
    """Return longitude and latitude of precise events, float64[n, 2]."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["where_prec"] == "1"]
    return np.array([(float(row["longitude"]), float(row["latitude"])) for row in rows])


def fitted(layer: Path, kind: str, points: FloatArray, radius: float, seed: int) -> float:
    """Return alpha for points whose vague places are drawn anew by the seed."""
    rng = np.random.default_rng(seed)
    n = len(points)
    away, turn = radius * np.sqrt(rng.random(n)), rng.uniform(0, 360, n)
    x, y, _ = WGS84.fwd(points[:, 0], points[:, 1], turn, away)
    areas = [(*place, radius) for place in zip(x.tolist(), y.tolist(), strict=True)]
    grid = open_layer(layer, "density" if kind == "density" else "count")
    return fit_alpha(grid, points[:, 0], points[:, 1], areas)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("layer", type=Path)
    parser.add_argument("events", type=Path)
    parser.add_argument("--kind", choices=["count", "density"], default="density")
    parser.add_argument("--radius", type=float, default=100_000.0, help="metres")
    given = parser.parse_args()
    events = precise_points(given.events)
    for name, points in (("events", events), ("points once", np.unique(events, axis=0))):
        found = [fitted(given.layer, given.kind, points, given.radius, i) for i in range(SEEDS)]
        print(
            f"{len(points):6,} {name}: alpha {statistics.median(found):.2f}"
            f" ({min(found):.2f} … {max(found):.2f} over {SEEDS} draws of vague places)"
        )


if __name__ == "__main__":
    main()
