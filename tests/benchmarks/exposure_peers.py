"""One way to sum people over discs, measured in a process of its own.

    python -m tests.benchmarks.exposure_peers PEER LAYER POINTS THREADS

prints JSON: points per second cold (the first time) and warm (the median of the times after it),
warm points per second of the processor's time, the peak memory of the process in MiB, and the sums
of the first points. Peers get their polygons ready made; machine code is compiled and kept before.
"""

import json
import os
import resource
import sys
import time

import numpy as np

from tests.benchmarks.synthetic import strikes

RADII = [1000.0, 2000.0, 5000.0]
SHOWN = 200
VERTICES = 64


def circle(lon, lat, radius, vertices):
    """Return a geodesic circle in degrees with its vertices on it."""
    import shapely

    from scoring.engine.geodesy import WGS84

    azimuths = np.linspace(0, 360, vertices, endpoint=False)
    centre = np.full((2, vertices), [[lon], [lat]])
    ring = WGS84.fwd(*centre, azimuths, np.full(vertices, radius))[:2]
    return shapely.Polygon(np.column_stack(ring))


def _features(lon, lat, vertices):
    from shapely.geometry import mapping

    return [
        [
            {
                "type": "Feature",
                "properties": {},
                "geometry": mapping(circle(x, y, radius, vertices)),
            }
            for x, y in zip(lon, lat, strict=True)
        ]
        for radius in RADII
    ]


def ours(layer, lon, lat, threads):
    """Sum by population_within."""
    from scoring.engine.exposure import population_within

    population_within(layer, lon[:1], lat[:1], RADII, threads=1)  # compiled once and kept
    return lambda: population_within(layer, lon, lat, RADII, threads=threads)


def exactextract(strategy, vertices=VERTICES):
    """Return the peer exactextract by one of its strategies."""

    def peer(layer, lon, lat, threads):
        from exactextract import exact_extract

        features = _features(lon, lat, vertices)

        def run():
            return np.column_stack([
                [each["properties"]["sum"] or 0 for each in found]
                for found in (
                    exact_extract(layer, each, ["sum"], strategy=strategy) for each in features
                )
            ])  # fmt: skip

        return run

    return peer


def rasterstats(layer, lon, lat, threads):
    """Sum by rasterstats.zonal_stats: cells by their middles."""
    from rasterstats import zonal_stats

    features = _features(lon, lat, VERTICES)
    return lambda: np.column_stack([
        [each["sum"] or 0 for each in zonal_stats(some, layer, stats=["sum"])] for some in features
    ])  # fmt: skip


def window(layer, lon, lat, threads):
    """Sum a window read for each point over the cells whose middles are near enough."""
    import rasterio
    from rasterio.windows import Window

    def run():
        sums = np.zeros((len(lon), len(RADII)))
        with rasterio.open(layer) as file:
            cell, west, north = file.transform.a, file.transform.c, file.transform.f
            for i, (x, y) in enumerate(zip(lon, lat, strict=True)):
                wide = 111_320.0 * np.cos(np.radians(y)) * cell
                tall = 110_900.0 * cell
                across, down = int(RADII[-1] / wide) + 2, int(RADII[-1] / tall) + 2
                column, row = (x - west) / cell, (north - y) / cell
                left, top = max(int(column) - across, 0), max(int(row) - down, 0)
                cells = file.read(1, window=Window(left, top, 2 * across + 1, 2 * down + 1))
                east = (left + np.arange(cells.shape[1]) + 0.5 - column) * wide
                south = (top + np.arange(cells.shape[0]) + 0.5 - row) * tall
                away = south[:, np.newaxis] ** 2 + east**2
                known = cells >= 0
                for j, radius in enumerate(RADII):
                    sums[i, j] = cells[known & (away <= radius**2)].sum()
        return sums

    return run


def postgis(layer, lon, lat, threads):
    """Sum by ST_Clip and ST_SummaryStats over tiles of 256 × 256 cells with an index.

    In the database that BENCH_RASTER_DATABASE_URL names, by a superuser. Only tiles that discs may
    touch are loaded.
    """
    import psycopg
    import rasterio
    from rasterio.io import MemoryFile
    from rasterio.windows import Window

    link = psycopg.connect(os.environ["BENCH_RASTER_DATABASE_URL"], autocommit=True)
    link.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    link.execute("CREATE EXTENSION IF NOT EXISTS postgis_raster")
    link.execute("SET postgis.gdal_enabled_drivers = 'GTiff'")
    link.execute("CREATE TEMP TABLE tile (rast raster)")
    with rasterio.open(layer) as file:
        cell, far = file.transform.a, 0.07
        rows = [(file.transform.f - lat + way) / cell // 256 for way in (-far, 0, far)]
        columns = [(lon + way - file.transform.c) / cell // 256 for way in (-far, 0, far)]
        tiles = {(r, c) for a in rows for b in columns for r, c in zip(a, b, strict=True)}
        for row, column in sorted(tiles):
            window = Window(int(column) * 256, int(row) * 256, 256, 256)
            window = window.intersection(Window(0, 0, file.width, file.height))
            profile = file.profile | {
                "width": window.width, "height": window.height, "tiled": False,
                "transform": file.window_transform(window), "compress": None,
            }  # fmt: skip
            with MemoryFile() as memory:
                with memory.open(**profile) as part:
                    part.write(file.read(window=window))
                link.execute("INSERT INTO tile SELECT ST_FromGDALRaster(%s, 4326)", [memory.read()])
    link.execute("CREATE INDEX ON tile USING gist (ST_ConvexHull(rast))")
    link.execute("ANALYZE tile")
    query = """
        WITH disc AS (SELECT ST_GeomFromWKB(%s, 4326) AS geom)
        SELECT coalesce(sum((ST_SummaryStats(ST_Clip(rast, geom))).sum), 0)
        FROM tile, disc WHERE ST_Intersects(ST_ConvexHull(rast), geom)"""
    shapes = [
        [circle(x, y, radius, VERTICES).wkb for radius in RADII]
        for x, y in zip(lon, lat, strict=True)
    ]
    return lambda: np.array([
        [link.execute(query, [shape]).fetchone()[0] for shape in some] for some in shapes
    ])  # fmt: skip


PEERS = {
    "ours": ours,
    "exactextract feature": exactextract("feature-sequential"),
    "exactextract raster": exactextract("raster-sequential"),
    "exactextract 2880": exactextract("feature-sequential", 2880),
    "rasterstats": rasterstats,
    "numpy window": window,
    "PostGIS raster": postgis,
}


def main(peer, layer, points, threads):
    """Measure and print."""
    lon, lat = strikes(max(points, SHOWN))
    run = PEERS[peer](layer, lon[:points], lat[:points], threads)
    seconds, work = [], []
    for _ in range(5 if peer == "ours" else 2):
        start, worked = time.perf_counter(), time.process_time()
        sums = run()
        seconds.append(time.perf_counter() - start)
        work.append(time.process_time() - worked)
        if sum(seconds) > 40:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # What a database works is not this process's time.
    of_processor = points / float(np.median(work[1:] or work)) if "PostGIS" not in peer else None
    print(json.dumps({
        "cold": points / seconds[0], "warm": points / float(np.median(seconds[1:] or seconds)),
        "cpu": of_processor, "peak_mib": peak, "sums": sums[:SHOWN].tolist(),
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
