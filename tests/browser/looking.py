"""Pages looked at: pictures in both languages, light and dark, desk and phone; axe."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from config.env import BASE_DIR

SHOTS = BASE_DIR / ".run" / "screenshots"
AXE = BASE_DIR / "monitor" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
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
    page.screenshot(path=path, full_page=True)
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
