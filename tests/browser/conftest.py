"""The pages in a real Chromium, against the real web; what must not happen is watched."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.models import Membership
from config.env import BASE_DIR
from tests.monitor.signing_in import signed_in
from tests.support.web import serving

# Playwright keeps an event loop in this thread; the ORM would take it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# How long something takes says more of the machine, which other tests share, than of the page.
PATIENCE_MS = 120_000
BUILT = BASE_DIR / "monitor" / "static" / "monitor" / "built" / "page.js"


@dataclass
class Watched:
    """What pages did that none may do; ``allowed`` are beginnings of what a test provokes."""

    origin: str
    wrongs: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note errors, violations of the Content-Security-Policy and requests to anybody else."""
        page.on("pageerror", lambda error: self.wrongs.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: object) -> None:
        if message.type == "error":  # type: ignore[attr-defined]
            self.wrongs.append(f"console: {message.text}")  # type: ignore[attr-defined]

    def _request(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:")):
            self.wrongs.append(f"request to {url}")

    def unexpected(self) -> list[str]:
        """Return what was not allowed."""
        return [wrong for wrong in self.wrongs if not wrong.startswith(tuple(self.allowed) or "\0")]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or skip."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    if not BUILT.exists():
        pytest.skip("the pages' scripts are not built; make test builds them")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def origin(committed_db: object) -> Iterator[str]:
    """Serve the application; what a test stores is committed."""
    with serving() as url:
        yield url


@pytest.fixture
def watched(origin: str) -> Iterator[Watched]:
    """Fail the test afterwards if a page erred, broke its policy or asked anybody else."""
    seen = Watched(origin)
    yield seen
    assert seen.unexpected() == []


@pytest.fixture
def open_browser(chromium: Browser, origin: str, watched: Watched) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of an own browser session, of a member or of nobody.

    ``open_browser(member, locale="ar", color_scheme="dark", viewport={…})``;
    paths are relative: ``page.goto("/map/")``.
    """
    contexts: list[BrowserContext] = []

    def start(member: Membership | None = None, locale: str = "en", **options: object) -> Page:
        context = chromium.new_context(base_url=origin, locale=locale, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: locale}
        if member is not None:
            session = signed_in(member).cookies[settings.SESSION_COOKIE_NAME]
            cookies[settings.SESSION_COOKIE_NAME] = session.value
        context.add_cookies([{"name": n, "value": v, "url": origin} for n, v in cookies.items()])
        page = context.new_page()
        watched.watch(page)
        return page

    yield start
    for context in contexts:
        context.close()
