"""365 daily surfaces of a million strikes, beside scikit-learn's KernelDensity on one surface.

    make bench ARGS="-k hazard"

Nothing about time is asserted.
"""

import time

import numpy as np

from scoring.engine.hazard.cells import Grid
from scoring.engine.hazard.smoothing import daily_surfaces

GRID = Grid(38.0, 29.0, 0.05, 170, 262)
DAYS, DECAY_DAYS, WIDTH_KM = 365, 30.0, 5.0


def strikes(n, seed=1):
    """Return days, longitudes and latitudes around 300 towns, some struck far more than others."""
    random = np.random.default_rng(seed)
    towns = random.uniform((38.5, 29.5), (50.5, 37.0), (300, 2))
    share = random.pareto(1.2, 300)
    town = towns[random.choice(300, n, p=share / share.sum())]
    lon, lat = (town + random.normal(0, 0.05, (n, 2))).T
    return random.integers(0, DAYS, n), lon, lat


def timed(work, *args, **kwargs):
    wall, cpu = time.perf_counter(), time.process_time()
    work(*args, **kwargs)
    return time.perf_counter() - wall, time.process_time() - cpu


def test_daily_surfaces_of_a_million_strikes():
    settings = {"days": DAYS, "decay_days": DECAY_DAYS, "width_km": WIDTH_KM, "first_day": 0}
    daily_surfaces(GRID, *strikes(1000), **settings)  # compiles
    for n in (1_000, 10_000, 100_000, 1_000_000):
        given = strikes(n)
        runs = [timed(daily_surfaces, GRID, *given, **settings) for _ in range(3)]
        wall, cpu = min(runs)
        print(f"ours, {n:>9,} strikes, {DAYS} surfaces of 262 × 170: {wall:.2f} s, cpu {cpu:.2f} s")


def test_one_surface_by_a_peer():
    from sklearn.neighbors import KernelDensity

    n = 10_000
    _, lon, lat = strikes(n)
    kde = KernelDensity(bandwidth=WIDTH_KM / 6371, metric="haversine", rtol=1e-3)
    kde.fit(np.radians(np.stack([lat, lon], 1)))
    x, y = GRID.centres()
    wall, cpu = timed(kde.score_samples, np.radians(np.stack([y, x], 1)))
    print(f"scikit-learn KernelDensity, {n:,} strikes, 1 surface: {wall:.2f} s, cpu {cpu:.2f} s")
