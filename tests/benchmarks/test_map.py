"""The map over 100,000 incidents: its first picture, and how soon it answers in Chromium.

    make bench ARGS="-k map"

Medians in milliseconds; of the server's answers also the processor's time (the application's and
its database connection's), which says more where the machine is busy, and the ratio to 1,000.
"""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.db import connection

from accounts.models import Role
from tests.benchmarks.test_queue import FILL
from tests.factories import make_member
from tests.monitor.signing_in import signed_in
from tests.security.public_walk import tile_of

FEW, MANY = 1_000, 100_000
MIDDLE = (40.0, 33.5)
FIVE_DAYS = "time_from=2000-01-05&time_until=2000-01-09"
DRAWN = "[data-map][data-drawn]"
# How long it takes from an act until the map stands still again, and until the list is another.
ANSWERED = """() => new Promise(done => {
    const holder = document.querySelector("[data-map]"), began = performance.now();
    const seen = new MutationObserver(() => {
        if (!holder.hasAttribute("data-drawn")) return;
        seen.disconnect();
        done(performance.now() - began);
    });
    seen.observe(holder, {attributes: true, attributeFilter: ["data-drawn"]});
    ACT
})"""
LISTED = """() => new Promise(done => {
    const began = performance.now();
    const seen = new MutationObserver(() => {
        seen.disconnect();
        done(performance.now() - began);
    });
    seen.observe(document.querySelector("#list"), {childList: true});
    ACT
})"""
KEY = """document.querySelector(".maplibregl-canvas")
    .dispatchEvent(new KeyboardEvent("keydown", {keyCode: %d, bubbles: true}))"""
SLIDE = """{ const slider = document.querySelector("#shown-%s");
    slider.value = Number(slider.value) + (%d);
    slider.dispatchEvent(new Event("%s", {bubbles: true})) }"""
# Until the frame after the next one, when what there is has been painted at its new place.
FRAMED = """() => new Promise(done => {
    const began = performance.now();
    ACT
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""
PAINTED = """() => new Promise(done => new PerformanceObserver((seen) => {
    const [paint] = seen.getEntriesByName("first-contentful-paint");
    if (paint) done(paint.startTime);
}).observe({type: "paint", buffered: true}))"""


def fill(superuser: Any, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"count": number})
    superuser.execute("VACUUM ANALYZE incidents_incident")


def busy_ms(backend: int) -> float:
    """Return the processor's time that this process and a backend have had (Linux)."""
    words = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(words[11]) + int(words[12])
    return process_time() * 1000 + ticks * 1000 / os.sysconf("SC_CLK_TCK")


def own_backend() -> int:
    """Return the process of this connection, which from now on works alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cost_ms(work: Callable[[], Any], backend: int, times: int = 7) -> tuple[float, float]:
    """Return the median of the time it takes, and the mean of the processor's."""
    took, busy = [], busy_ms(backend)
    for _ in range(times):
        began = perf_counter()
        work()
        took.append((perf_counter() - began) * 1000)
    return median(took), (busy_ms(backend) - busy) / times


def plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def test_map_answers(committed_db: Any, superuser: Any) -> None:
    client = signed_in(make_member(Role.MONITOR))
    took: dict[str, list[tuple[float, float]]] = {}
    sizes: dict[str, int] = {}
    held = 0
    for number in (FEW, MANY):
        fill(superuser, number - held)
        held = number
        timeline = client.get("/map/").context["timeline"]
        days = ",".join(map(str, timeline.days))
        asked = {
            "the page": "/map/",
            "list of an extent": "/map/?bbox=38,32,42,35",
            "list of an extent, five days": f"/map/?bbox=38,32,42,35&{FIVE_DAYS}",
            "towns, zoom 6": "/map/towns/{}/{}/{}.mvt".format(*tile_of(*MIDDLE, 6)),
        }
        for z in (0, 4, 6, 8, 10):
            tile = "/".join(map(str, tile_of(*MIDDLE, z)))
            asked[f"tile of zoom {z}"] = f"/map/tiles/{tile}.mvt?days={days}"
        for name, path in asked.items():
            headers = {"hx-request": "true"} if "list" in name else {}
            headers["accept-encoding"] = "gzip"
            sizes[name] = len(gzip.compress(plain(client.get(path, headers=headers).content), 6))
            work = lambda: client.get(path, headers=headers)  # noqa: E731, B023
            took.setdefault(name, []).append(cost_ms(work, own_backend()))
    print(f"\nThe map's server over {FEW:,} and {MANY:,} incidents")
    for name, ((few, few_busy), (many, many_busy)) in took.items():
        print(
            f"  {name:28} {few:7.1f} ms {many:7.1f} ms  of the processor {few_busy:6.1f} ms"
            f" {many_busy:6.1f} ms {many_busy / few_busy:5.1f} times  {sizes[name] / 1000:6.1f} kB"
        )


def test_map_in_a_browser(open_browser: Any, superuser: Any) -> None:
    fill(superuser, MANY)
    page = open_browser(make_member(Role.MONITOR), reduced_motion="reduce")
    painted = []
    for _ in range(5):
        page.goto("/map/")
        painted.append(page.evaluate(PAINTED))
        page.wait_for_selector(DRAWN, timeout=60_000)

    def each_ms(question: str, *acts: str) -> float:
        took = []
        for act in acts:
            page.wait_for_selector(DRAWN, timeout=60_000)
            took.append(page.evaluate(question.replace("ACT", act)))
            page.wait_for_timeout(1000)
        return median(took)

    arrows = [KEY % code for code in (37, 38, 39, 40) * 2]
    zooms = [KEY % code for code in (187, 187, 187, 189, 189, 189)]
    moves = [("from", 3), ("until", -3), ("from", -3), ("until", 3)] * 2
    slides = [SLIDE % (side, by, "input") for side, by in moves]
    settles = [SLIDE % (*move, "input") + SLIDE % (move[0], 0, "change") for move in moves]
    print(f"\nThe map in Chromium over {MANY:,} incidents, medians")
    for name, took in {
        "first contentful paint": median(painted),
        "a step of the time, drawn": each_ms(ANSWERED, *slides),
        "a step of the time, listed": each_ms(LISTED, *settles),
        "moved, drawn whole": each_ms(ANSWERED, *arrows),
        "moved, listed": each_ms(LISTED, *arrows),
        "zoomed, drawn whole": each_ms(ANSWERED, *zooms),
        "zoomed, painted": each_ms(FRAMED, *zooms),
    }.items():
        print(f"  {name:28} {took:7.0f} ms")
