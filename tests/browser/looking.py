"""Pages looked at: pictures in both languages, light and dark, desk and phone; axe."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from config.env import BASE_DIR

SHOTS = BASE_DIR / ".run" / "screenshots"
AXE = BASE_DIR / "monitor" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
MAP = "[data-map]:not([hidden])"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
LOOKS = [
    (locale, scheme, size)
    for locale in ("en", "ar")
    for scheme in ("light", "dark")
    for size in ("desk", "phone")
]


def look_options(locale: str, scheme: str, size: str) -> dict[str, Any]:
    """Return what ``open_browser`` takes for a look."""
    viewport = DESK if size == "desk" else PHONE
    return {"locale": locale, "color_scheme": scheme, "viewport": viewport}


def shoot(page: Page, name: str, look: tuple[str, str, str]) -> Path:
    """Write a picture of the whole page; return its path."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}-{'-'.join(look)}.png"
    if not page.locator(MAP).count():
        page.screenshot(path=path, full_page=True)
        return path
    # A map draws itself anew in a window that grows, as it does for a picture of the whole page.
    window = page.viewport_size
    high = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": high})
    page.wait_for_timeout(500)
    page.wait_for_selector(f"{MAP}[data-drawn]")
    page.screenshot(path=path)
    page.set_viewport_size(window)
    return path


def serious_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the page as it stands."""
    page.evaluate(AXE.read_text())  # through the debugger, which the page's policy does not bind
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{finding['id']}: {[node['html'][:160] for node in finding['nodes'][:3]]}"
        for finding in found["violations"]
        if finding["impact"] in {"serious", "critical"}
    ]


def overflows(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1"))
