"""Pages and tiles a second, beside peers on the same table in the same run.

``make bench ARGS="-k feed_speed"``; FEED_ROWS (1,000,000), FEED_SECONDS (5), FEED_ROUNDS (3) make
it shorter. Needs wrk and pgbench. tipg and pygeoapi are fetched into environments of their own by
uv. They also count the matches of each page, which we do only where a page holds all of them.

All are asked in turn, round after round, and of each the best round counts: a machine whose speed
changes meanwhile then slows nobody alone.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import numpy as np
from django.db import connections
from django.db.models import F
from psycopg import ClientCursor

from feed.items import _Statement
from feed.models import Audience, Kind, TileTouch
from feed.params import items_query_parse
from feed.sealing import seal
from feed.tiles.cells import cells_rebuild
from feed.tiles.serving import STAMP_KEPT_S
from tests.benchmarks import feed_log, feed_others
from tests.feed.making import ITEMS, entry
from tests.support.processes import ROOT, environment, wait_until

ROWS = int(os.environ.get("FEED_ROWS", "1000000"))
SECONDS = float(os.environ.get("FEED_SECONDS", "5"))
ROUNDS = int(os.environ.get("FEED_ROUNDS", "3"))
CONNECTIONS, WORKERS, LIMITS, ZOOMS, COLD = 16, 2, (100, 1000), (5, 9, 12), 40
FAIR = quote("grade='fair'")
LOAD = Path(__file__).with_name("http_load.lua")
GUNICORN = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", "-k", "gthread"]


def asked(count, seed=1):
    """Return random boxes of half a degree at cities, each with a year."""
    rng = np.random.default_rng(seed)
    places, _countries = feed_log.cities()
    boxes = []
    for lon, lat, _people in places[rng.integers(0, len(places), count)]:
        year = 2003 + int(rng.integers(0, 22))
        box = ",".join(f"{edge:.4f}" for edge in (lon - 0.25, lat - 0.25, lon + 0.25, lat + 0.25))
        boxes.append({"bbox": box, "datetime": f"{year}-01-01T00:00:00Z/{year}-12-31T23:59:59Z"})
    return boxes


def query_of(given):
    return "&".join(f"{name}={quote(str(value), safe=',')}" for name, value in given.items())


@contextlib.contextmanager
def served(starting, ready):
    """Run a server; yield its port. ``starting`` makes its command and environment of the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command, env = starting(port)
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=quiet, stderr=quiet)

    def answers():
        with contextlib.suppress(OSError):
            return urlopen(f"http://127.0.0.1:{port}{ready}", timeout=60).status == 200

    try:
        wait_until(answers, f"{command[-1]} serves", 180)
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
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(paths))
        listed.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "60s"]
        command += ["-s", str(LOAD), f"http://127.0.0.1:{port}"]
        env = os.environ | {"PATHS": listed.name}
        done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def told(name, what, found):
    words = f"p50 {found['p50']:7.1f} ms  p99 {found['p99']:7.1f} ms  {found['bytes']:9,d} bytes"
    odd = f"  {found['odd']} not answered by 200" if found["odd"] else ""
    print(f"{name:24} {what:20} {found['rps']:9.1f}/s  {words}{odd}", flush=True)


def pgbench(folder, limit):
    """Run the statements of the same pages; return how many a second, and the mean time of one."""
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
    each = float(done.stdout.partition("latency average = ")[2].split()[0])
    rate = float(done.stdout.partition("tps = ")[2].split()[0])
    return {"rps": rate, "p50": each, "p99": float("nan"), "bytes": 0, "odd": 0}


def tile_paths(zoom, template, count=200):
    rng = np.random.default_rng(2)
    places, _countries = feed_log.cities()
    chosen = places[rng.integers(0, len(places), count)]
    columns = ((chosen[:, 0] + 180) / 360 * 2**zoom).astype(int)
    north = np.arcsinh(np.tan(np.radians(chosen[:, 1]))) / np.pi
    rows = ((1 - north) / 2 * 2**zoom).astype(int)
    return [template.format(z=zoom, x=x, y=y) for x, y in zip(columns, rows, strict=True)]


def ours(settings_module="tests.benchmarks.feed_own_settings"):
    """Return what starts the project's own web, or a peer's settings in it."""
    env = environment(connections["default"].settings_dict["NAME"])
    env |= {"DJANGO_SETTINGS_MODULE": settings_module}
    command = [*GUNICORN, "--preload", "-w", str(WORKERS), "--threads", "4"]
    return lambda port: ([*command, "-b", f"127.0.0.1:{port}"], env)


def others(folder):
    """Yield each peer's name, what starts it, its items' path, and how it is asked to filter."""
    settings_module = "tests.benchmarks.feed_peer_settings"
    yield "DRF with drf-gis", ours(settings_module), "/items?", "&grade=fair"
    if feed_others.uv() is None:
        print("tipg, pygeoapi: no uv here to fetch them with")
        return
    database = connections["default"].settings_dict
    fair = f"&filter-lang=cql2-text&filter={FAIR}"
    tipg, items = feed_others.tipg, feed_others.TIPG_ITEMS
    yield "tipg", lambda port: tipg(database, WORKERS, port), items, fair
    geoapi, items = feed_others.pygeoapi, feed_others.PYGEOAPI_ITEMS
    yield "pygeoapi", lambda port: geoapi(database, WORKERS, port, folder), items, "&grade=fair"


def pages(limit, path, more=""):
    return [f"{path}{query_of({**given, 'limit': limit})}{more}" for given in asked(500)]


def asked_of(path, fair):
    """Return what a server is asked: a name and the paths."""
    return [
        *((f"limit {limit}", pages(limit, path)) for limit in LIMITS),
        ("filtered, limit 100", pages(100, path, fair)),
    ]


def test_feed_speed(committed_db, tmp_path):
    with connections["migration"].cursor() as cursor:
        feed_log.fill(cursor, ROWS)
        cursor.execute("VACUUM ANALYZE feed_logentry")
    print(f"\n{ROWS} incidents, {CONNECTIONS} connections, {WORKERS} workers, {SECONDS:g} s each")
    ours_too = [("harmwatch", ours(), f"{ITEMS}?", "&grade=fair"), *others(tmp_path)]
    rounds = []
    with contextlib.ExitStack() as stack:
        turns = []
        for name, starting, path, fair in ours_too:
            port = stack.enter_context(served(starting, pages(1, path)[0]))
            turns += [(name, what, port, paths) for what, paths in asked_of(path, fair)]
            if name == "harmwatch":
                cql2 = pages(100, path, f"&filter={FAIR}")
                turns.append((name, "CQL2, limit 100", port, cql2))
        for _round in range(ROUNDS):
            rounds += [((name, what), load(port, paths)) for name, what, port, paths in turns]
            for limit in LIMITS:
                rounds.append((("pgbench, same SQL", f"limit {limit}"), pgbench(tmp_path, limit)))
    for key in dict(rounds):
        found = [one for known, one in rounds if known == key]
        told(*key, max(found, key=lambda one: one["rps"]))


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


def tile_servers(stack):
    """Start the servers of tiles; return the name, port and addresses of each."""
    servers = [("harmwatch", ours(), "/healthz", "/tiles/incidents/{z}/{x}/{y}.mvt")]
    if feed_others.uv() is None:
        print("tipg: no uv here to fetch it with")
    else:
        database = connections["default"].settings_dict
        servers.append(
            (
                "tipg",
                lambda port: feed_others.tipg(database, WORKERS, port),
                "/healthz",
                feed_others.TIPG_TILES,
            )
        )
    return [
        (name, stack.enter_context(served(starting, ready)), template)
        for name, starting, ready, template in servers
    ]


def test_feed_speed_of_tiles(committed_db):
    with connections["migration"].cursor() as cursor:
        feed_log.fill(cursor, ROWS)
        cursor.execute("VACUUM ANALYZE feed_logentry")
    cells_rebuild(Audience.PUBLIC, ROWS)
    with contextlib.ExitStack() as stack:
        servers = tile_servers(stack)
        for zoom in ZOOMS:
            cold = {name: [] for name, _port, _template in servers}
            for _round in range(ROUNDS):
                for name, port, template in servers:
                    cold[name].append(asked_cold(port, tile_paths(zoom, template)[:COLD]))
            for name, port, template in servers:
                each, largest = min(cold[name])
                words = f"largest {largest:,d} bytes"
                print(f"{name + ', cold':24} z{zoom:<19} {1 / each:9.1f}/s  {words}", flush=True)
                with publishing_elsewhere():
                    told(f"{name}, warm", f"z{zoom}", load(port, tile_paths(zoom, template)))


def asked_cold(port, paths):
    """Ask for each tile once, one after the other; return seconds for each, and the largest.

    Nothing of ours is in the cache: all tiles were touched since.
    """
    TileTouch.objects.update(seq=F("seq") + 1)
    time.sleep(2 * STAMP_KEPT_S)
    began = time.perf_counter()
    sizes = [
        len(urlopen(f"http://127.0.0.1:{port}{path}", timeout=300).read()) for path in set(paths)
    ]
    return (time.perf_counter() - began) / len(sizes), max(sizes)


def test_feed_speed_of_a_walk(committed_db):
    """The last pages of a full walk beside the first."""
    with connections["migration"].cursor() as cursor:
        feed_log.fill(cursor, ROWS)
        cursor.execute("VACUUM ANALYZE feed_logentry")
    times, address = [], f"{ITEMS}?limit=1000"
    with served(ours(), "/healthz") as port:
        address = f"http://127.0.0.1:{port}{address}"
        while address:
            began = time.perf_counter()
            page = json.load(urlopen(address, timeout=60))
            times.append(time.perf_counter() - began)
            address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    share = max(len(times) // 20, 1)
    first, last = (1000 * float(np.median(part)) for part in (times[:share], times[-share:]))
    print(f"\n{len(times)} pages: the first {share} take {first:.1f} ms, the last {last:.1f} ms")
    print(f"last over first {last / first:.2f}")
