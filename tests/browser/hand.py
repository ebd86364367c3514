"""Somebody at a browser, whose clicks and keys are counted."""

from playwright.sync_api import Locator, Page

from config.demo_logins import Login
from scripts.totp import code_now


class Hand:
    """Uses a page as people do: by what is written on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.keys = 0  # words typed count by their keys

    def click(self, target: Locator) -> None:
        """Click once."""
        target.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        """Click a button by its words."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str, within: str = "main") -> None:
        """Click a link by its words; ``within`` is the landmark that it stands in."""
        self.click(self.page.locator(within).get_by_role("link", name=name, exact=True))

    def go_to(self, room: str) -> None:
        """Click a link at the top of the page."""
        self.follow(room, "header nav")

    def write(self, label: str, text: str) -> None:
        """Type into a field; it is clicked first unless the page has put the cursor there."""
        field = self._field(label)
        if not field.evaluate("field => field === document.activeElement"):
            self.click(field)
        field.press_sequentially(text)
        self.keys += len(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list: one click opens it, one chooses."""
        self._field(label).select_option(label=option)
        self.clicks += 2

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.click(self._field(label))

    def log_in(self, login: Login) -> None:
        """Come in by the first page: password and, where the role needs one, a code."""
        self.page.goto("/")
        self.follow("Log in", "header")
        self.write("Email", login.email)
        self.write("Password", login.password)
        self.press("Log in")
        if login.secret:
            self.write("Code", code_now(login.secret))
            self.press("Log in")

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)
