"""The browser, for those that measure pages in it."""

from tests.browser.conftest import chromium, open_browser, origin, watched  # noqa: F401
