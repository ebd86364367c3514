"""The whole way in real browsers, as the README has it: reported, judged, published, read."""

import pytest

from accounts.models import Role
from config.demo_logins import demo_login
from config.env import BASE_DIR
from incidents.models import Report
from tests.browser.hand import Hand
from tests.e2e.conftest import beat, layer, scored  # noqa: F401 - fixtures among them
from tests.factories import make_member
from tests.support.processes import wait_until

pytestmark = pytest.mark.celery
ITEMS = "/ogc/collections/incidents/items"
TITLE = "Barrel bomb on the market"
SEALED = ("Umm Ahmed", "Abu Salim", "+964 770")
EXACT = ("43.784", "33.349")


def reported(hand: Hand) -> None:
    """Submit a report by the form and have its receipt verified."""
    hand.go_to("Submit")
    hand.write("In one line", TITLE)
    hand.write("What happened, in your words", "It fell at noon, among the stalls.")
    hand.choose("Weapon", "barrel bomb")
    hand.write("Day, or the first possible day", "10 June 2014")
    hand.write("Place", "33°20'59\"N 43°47'3\"E")
    hand.choose("How closely the place is known", "nearby landmark")
    hand.choose("Kind of source", "witness")
    hand.write("In words", "a trader")
    hand.write("Who it is (sealed)", SEALED[0])
    hand.choose("What happened to people", "killed")
    hand.write("At least", "5")
    hand.choose("On what grounds you may pass it on", "informed consent of the people concerned")
    for allowed in ("It may be stored here.", "It may be published, with the place made coarse."):
        hand.tick(allowed)
    hand.choose("Licence", "CC BY 4.0")
    hand.tick("Others may publish it again under this licence.")
    hand.write("Name of who told you", SEALED[1])
    hand.write("How to reach them", SEALED[2])
    hand.press("Send the report")
    hand.page.wait_for_url("**/receipts/*/")
    hand.press("Verify")
    hand.page.get_by_text("The receipt holds.").wait_for()


def judged(hand: Hand) -> None:
    """Find the incident in the queue, read it, grade it and publish it."""
    page = hand.page
    hand.go_to("Queue")
    hand.follow(TITLE)
    page.wait_for_url("**/incidents/*/")
    assert "a trader" in page.locator("#sources").inner_text()
    assert page.locator("#exposure table tbody tr").count() >= 3
    assert SEALED[0] not in page.content()
    hand.choose("Grade", "weak")
    grade = page.locator("#grade")
    hand.click(grade.get_by_label("Reason", exact=True))
    page.keyboard.type("One witness, nothing against it.")
    hand.press("Grade version 1")
    page.get_by_text("The grade stands: weak.").wait_for()
    hand.follow("See what others will see, and publish")
    shown = page.locator("#previews .panel").filter(has_text="What the public will see")
    assert "weak" in shown.inner_text()
    assert not [word for word in (*SEALED, *EXACT) if word in shown.inner_text()]
    hand.press("Publish just this, version 2")
    page.get_by_text("Version 2 is published.").wait_for()
    page.get_by_role("link", name="Its public page").wait_for()


def found(hand: Hand) -> list[str]:
    """Find it among what is published; return all that was shown on the way."""
    page = hand.page
    page.goto("/")
    seen = [page.content()]
    hand.go_to("Published")
    seen.append(page.content())
    hand.click(page.locator("table.listing tbody a"))
    page.wait_for_url(f"**{ITEMS}/*")
    seen.append(page.content())
    feed = page.request.get(f"{ITEMS}?f=json")
    assert [one["properties"]["grade"] for one in feed.json()["features"]] == ["weak"]
    return [*seen, feed.text()]


def test_from_the_form_to_the_feed(
    layer, beat, celery_worker, open_browser  # noqa: F811 - the fixtures imported above
):  # fmt: skip
    celery_worker("default,webhooks")
    celery_worker("scoring")
    people = (("submitter", Role.SUBMITTER), ("monitor", Role.MONITOR))
    logins = {name: demo_login(name, make_member(role)) for name, role in people}
    ngo, monitor, reader = (Hand(open_browser()) for _ in range(3))

    ngo.log_in(logins["submitter"])
    reported(ngo)
    scored(Report.objects.get().incident_id)
    monitor.log_in(logins["monitor"])
    judged(monitor)
    wait_until(lambda: reader.page.request.get(ITEMS).json()["features"], "the feature")
    for text in found(reader):
        assert not [word for word in (*SEALED, *EXACT) if word in text]

    told = (
        f"{ngo.clicks} clicks to submit, {monitor.clicks} to judge and publish, "
        f"{reader.clicks} to read"
    )
    print(told)  # noqa: T201 - for who changes the pages: it goes into the README
    assert told in (BASE_DIR / "README.md").read_text()
