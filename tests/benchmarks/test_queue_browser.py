"""How soon the queue answers in Chromium over 100,000 incidents.

    make bench ARGS="-k queue_in_a_browser"

Medians in milliseconds, from the act until its answer is painted.
"""

from statistics import median
from typing import Any

from accounts.models import Role
from tests.benchmarks.test_map import MANY, PAINTED, fill
from tests.factories import make_member

# From a key until the frame after the next one, when what it changed has been painted.
FRAME = """(key) => new Promise(done => {
    const began = performance.now();
    document.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""
# From a key until htmx has put in what the server answered.
SETTLED = """(key) => new Promise(done => {
    const began = performance.now();
    addEventListener("htmx:afterSettle", () => done(performance.now() - began), {once: true});
    document.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
})"""


def test_queue_in_a_browser(open_browser: Any, superuser: Any) -> None:
    fill(superuser, MANY)
    page = open_browser(make_member(Role.MONITOR))

    def painted_ms(path: str) -> float:
        page.goto(path)
        return float(page.evaluate(PAINTED))

    first = painted_ms("/queue/?state=new&limit=20")
    incidents = page.locator("th[scope=row] a").evaluate_all("all => all.map(one => one.href)")
    figures = {
        "the queue painted": [painted_ms("/queue/") for _ in range(7)],
        "another view of it": [painted_ms(f"/queue/?state=new&limit={n}") for n in range(44, 51)],
        "an incident painted": [painted_ms(path) for path in incidents[:7]],
    }
    page.goto("/queue/?state=new")
    figures["a row on (j)"] = [page.evaluate(FRAME, "j") for _ in range(9)]
    figures["triaged, the next rows there (t)"] = [page.evaluate(SETTLED, "t") for _ in range(9)]
    print(
        f"\nThe queue in Chromium over {MANY:,} incidents, medians; the first view {first:.0f} ms"
    )
    for name, took in figures.items():
        print(f"  {name:34} {median(took):7.0f} ms")
