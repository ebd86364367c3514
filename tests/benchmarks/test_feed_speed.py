"""Pages and tiles a second, beside peers on the same table in the same run.

``make bench ARGS="-k feed_speed"``; FEED_ROWS (1,000,000) and FEED_SECONDS (5) make it shorter.
tipg is fetched into an environment of its own by uv; without uv it is left out.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import numpy as np
from django.db import connections
from psycopg import ClientCursor

from feed.items import _Statement
from feed.models import Audience, Kind
from feed.params import items_query_parse
from feed.sealing import seal
from feed.tiles.cells import cells_rebuild
from tests.benchmarks import feed_log
from tests.feed.making import ITEMS, entry
from tests.support.processes import ROOT, environment, wait_until

ROWS = int(os.environ.get("FEED_ROWS", "1000000"))
SECONDS = float(os.environ.get("FEED_SECONDS", "5"))
CONNECTIONS, WORKERS, LIMITS, ZOOMS = 16, 2, (100, 1000), (5, 9, 12)
LOAD = Path(__file__).with_name("http_load.py")
GUNICORN = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", "-k", "gthread"]


def asked(count, seed=1):
    """Return random boxes of half a degree at cities, each with a year."""
    rng = np.random.default_rng(seed)
    places, _countries = feed_log.cities()
    boxes = []
    for lon, lat, _people in places[rng.integers(0, len(places), count)]:
        year = 2003 + int(rng.integers(0, 22))
        box = ",".join(f"{edge:.4f}" for edge in (lon - 0.25, lat - 0.25, lon + 0.25, lat + 0.25))
        boxes.append({"bbox": box, "datetime": f"{year}-01-01/{year}-12-31"})
    return boxes


def query_of(given):
    return "&".join(f"{name}={quote(str(value), safe=',')}" for name, value in given.items())


@contextlib.contextmanager
def served(command, env, ready):
    """Run a server; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [part.replace("PORT", str(port)) for part in command], env=env, cwd=ROOT
    )

    def answers():
        with contextlib.suppress(OSError):
            return urlopen(f"http://127.0.0.1:{port}{ready}", timeout=60).status == 200

    try:
        wait_until(answers, f"{command[2]} serves", 180)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def load(port, paths):
    """Measure after a first run that lets every worker load what it needs."""
    run_load(port, paths, 2)
    found = run_load(port, paths, SECONDS)
    time.sleep(1)
    return found


def run_load(port, paths, seconds):
    command = [sys.executable, str(LOAD), str(port), str(CONNECTIONS), str(seconds)]
    done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def told(name, what, found):
    words = f"p50 {found['p50']:7.1f} ms  p99 {found['p99']:7.1f} ms  {found['bytes']:9,d} bytes"
    odd = f"  {found['odd']} not answered by 200" if found["odd"] else ""
    print(f"{name:24} {what:10} {found['rps']:9.1f}/s  {words}{odd}", flush=True)


def pgbench(folder, limit):
    """Run the statements of the same pages; return how many a second."""
    database = connections["default"].settings_dict
    files = []
    for number, given in enumerate(asked(100)):
        query = items_query_parse({**given, "limit": str(limit)}, Audience.PUBLIC)
        statement = _Statement(Audience.PUBLIC, Kind.INCIDENT, query)
        connections["default"].ensure_connection()
        cursor = ClientCursor(connections["default"].connection)
        path = folder / f"{limit}-{number}.sql"
        path.write_text(cursor.mogrify(statement.text(), statement.parameters) + ";\n")
        files += ["-f", str(path)]
    env = os.environ | {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"]),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
    }
    command = ["pgbench", "-n", "-c", str(CONNECTIONS), "-T", str(int(SECONDS)), *files]
    done = subprocess.run([*command, database["NAME"]], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return float(done.stdout.partition("tps = ")[2].split()[0])


def tile_paths(zoom, count=200):
    rng = np.random.default_rng(2)
    places, _countries = feed_log.cities()
    chosen = places[rng.integers(0, len(places), count)]
    columns = ((chosen[:, 0] + 180) / 360 * 2**zoom).astype(int)
    north = np.arcsinh(np.tan(np.radians(chosen[:, 1]))) / np.pi
    rows = ((1 - north) / 2 * 2**zoom).astype(int)
    return [f"/tiles/incidents/{zoom}/{x}/{y}.mvt" for x, y in zip(columns, rows, strict=True)]


def env_of(settings_module="config.settings_test"):
    made = environment(connections["default"].settings_dict["NAME"])
    return made | {"DJANGO_SETTINGS_MODULE": settings_module}


def gunicorn():
    return [*GUNICORN, "-w", str(WORKERS), "--threads", "8", "-b", "127.0.0.1:PORT"]


def pages(limit, path):
    return [f"{path}?{query_of({**given, 'limit': limit})}" for given in asked(500)]


def test_feed_speed(committed_db, tmp_path):
    with connections["migration"].cursor() as cursor:
        feed_log.fill(cursor, ROWS)
        cursor.execute("VACUUM ANALYZE feed_logentry")
    print(f"\n{ROWS} incidents, {CONNECTIONS} connections, {WORKERS} workers, {SECONDS:g} s each")
    with served(gunicorn(), env_of(), "/healthz") as port:
        for limit in LIMITS:
            told("harmwatch", f"limit {limit}", load(port, pages(limit, ITEMS)))
            print(f"{'pgbench, same SQL':24} limit {limit:<4} {pgbench(tmp_path, limit):9.1f}/s")
        filtered = [f"{path}&grade=fair" for path in pages(100, ITEMS)]
        told("harmwatch, CQL2", "limit 100", load(port, filtered))
    peer = env_of("tests.benchmarks.feed_peer_settings")
    with served(gunicorn(), peer, pages(1, "/items")[0]) as port:
        for limit in LIMITS:
            told("DRF with drf-gis", f"limit {limit}", load(port, pages(limit, "/items")))
    measure_tipg()


@contextlib.contextmanager
def publishing_elsewhere():
    """Publish one incident a second on the other side of the Earth."""
    done = threading.Event()

    def publish():
        while not done.wait(1):
            entry(-70.0, -30.0)
            seal()
        connections.close_all()

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def measure_tipg():
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    if not Path(uv).exists():
        print("tipg: no uv here to fetch it with")
        return
    own = connections["default"].settings_dict
    url = f"postgresql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    env = os.environ | {"DATABASE_URL": url, "TIPG_MAX_FEATURES_PER_QUERY": "10000"}
    command = [uv, "run", "--isolated", "--no-project", "--with", "tipg", "--with", "uvicorn"]
    command += ["uvicorn", "tipg.main:app", "--port", "PORT", "--workers", str(WORKERS)]
    command += ["--log-level", "warning"]
    path = "/collections/public.feed_logentry/items"
    with served(command, env, f"{path}?limit=1") as port:
        for limit in LIMITS:
            asked_for = [f"{one}&datetime-column=time_start" for one in pages(limit, path)]
            told("tipg", f"limit {limit}", load(port, asked_for))


def test_feed_speed_of_tiles(committed_db):
    with connections["migration"].cursor() as cursor:
        feed_log.fill(cursor, ROWS)
    cells_rebuild(Audience.PUBLIC, ROWS)
    with served(gunicorn(), env_of(), "/healthz") as port:
        for zoom in ZOOMS:
            paths = tile_paths(zoom)
            began = time.perf_counter()
            for path in set(paths):
                urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).read()
            took = (time.perf_counter() - began) / len(set(paths))
            print(f"{'harmwatch, cold':24} z{zoom:<9} {1 / took:9.1f}/s over one connection")
            with publishing_elsewhere():
                told("harmwatch, warm", f"z{zoom}", load(port, paths))
