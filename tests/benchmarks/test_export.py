"""Whole exports of the publication log: MB/s, memory over idle, and ogr2ogr beside them.

`make bench ARGS="-k export"`; EXPORT_ROWS sets the number of features.
"""

import os
import resource
import shutil
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connections

from feed.exports import Export, Part
from feed.formats import FORMATS
from feed.models import Audience, Kind
from feed.params import ItemsQuery, Sort
from tests.benchmarks.feed_log import fill

ROWS = int(os.environ.get("EXPORT_ROWS", 1_000_000))
PEERS = {"geojson": "GeoJSON", "parquet": "Parquet", "csv": "CSV"}


def mib_of_peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(name):
    """Return MB, seconds, seconds of CPU and MiB over idle of one export by a new process."""
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        with os.fdopen(reading) as told:
            figures = [float(one) for one in told.read().split()]
        assert os.waitpid(pid, 0)[1] == 0
        return figures
    try:
        connections["default"].connect()  # the parent's must not be used by two
        query = ItemsQuery(sort=Sort.SEQ, at_seq=ROWS)
        idle, began, cpu = mib_of_peak(), time.perf_counter(), time.process_time()
        size = sum(map(len, Export(Part(Audience.PUBLIC, Kind.INCIDENT, query), FORMATS[name])))
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        os.write(writing, f"{size / 1e6} {wall} {cpu} {mib_of_peak() - idle}".encode())
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def source():
    given = connections["migration"].settings_dict
    named = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER"}
    named["password"] = "PASSWORD"
    return "PG:" + " ".join(f"{key}='{given[name]}'" for key, name in named.items() if given[name])


def ogr2ogr(driver, path):
    """Return MB and seconds of the same columns written by ogr2ogr; None where it cannot."""
    columns = (
        "object_id, object_version, grade, weapon, weapon_class, time_start, time_end, country"
    )
    figures = "uncertainty_m, killed_min, killed_best, killed_max, civilians_killed_best"
    exposure = "exposure_1km, exposure_2km, exposure_5km, seq, sealed_at, geometry"
    sql = f"SELECT {columns}, {figures}, {exposure} FROM feed_logentry WHERE audience = 'public'"
    began = time.perf_counter()
    done = subprocess.run(
        ["ogr2ogr", "-f", driver, str(path), source(), "-sql", sql], capture_output=True
    )
    wall = time.perf_counter() - began
    return (path.stat().st_size / 1e6, wall) if done.returncode == 0 else None


@pytest.fixture
def log(committed_db):
    assert settings.EXPORTS_AT_ONCE
    with connections["migration"].cursor() as cursor:
        fill(cursor, ROWS)
        cursor.execute("ANALYZE feed_logentry")


def test_export(log, tmp_path):
    print(f"\n{ROWS} features")
    for name in FORMATS:
        size, wall, cpu, memory = export(name)
        print(
            f"{name:10} {size:7.0f} MB {wall:6.1f} s {size / wall:6.1f} MB/s, {ROWS / wall:8.0f} "
            f"features/s, {cpu:.1f} s CPU, {memory:.0f} MiB over idle"
        )
        if name in PEERS and shutil.which("ogr2ogr"):
            peer = ogr2ogr(PEERS[name], tmp_path / f"peer.{name}")
            told = "cannot" if peer is None else f"{peer[0]:.0f} MB {peer[1]:.1f} s"
            print(f"  ogr2ogr {PEERS[name]}: {told}")
