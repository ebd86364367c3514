"""The map's time in a real browser: played to its end, kept in the address, stepped by keyboard."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from accounts.models import Role
from incidents.models import Incident
from tests.browser.test_overview import DRAWN
from tests.factories import make_incident, make_member

FIRST = datetime(2014, 5, 1, tzinfo=UTC)
MIDDLE = (45.0, 33.5)
AROUND_MIDDLE = "/map/?bbox=42,32,48,35"


@pytest.fixture
def monitor(committed_db):
    for day, place in enumerate([MIDDLE, (43.0, 33.0), (44.0, 33.0), (47.0, 33.0), (46.5, 33.2)]):
        incident = make_incident(title=f"Strike of day {day + 1}")
        when = FIRST + timedelta(days=day)
        Incident.objects.filter(id=incident.id).update(
            location=Point(*place), time_start=when, time_end=when
        )
    return make_member(Role.MONITOR, name="Bob")


def opened(page, path):
    page.goto(path)
    page.wait_for_selector(DRAWN)


def is_in_the_middle(page):
    """Tell whether an incident is drawn where the map's middle is."""
    page.wait_for_selector(DRAWN)
    page.locator(".maplibregl-canvas").click()
    found = page.locator(".maplibregl-popup").count() > 0
    if found:
        page.click(".maplibregl-popup-close-button")
    return found


def test_it_is_played_to_its_end_and_the_address_brings_that_back(open_browser, monitor):
    page = open_browser(monitor)
    opened(page, AROUND_MIDDLE)
    shown, rows = page.locator("[data-timeline] output"), page.locator("table.incidents tbody tr")
    expect(shown).to_have_text("2014-05-01 – 2014-05-05 (all the time)")
    expect(rows).to_have_count(5)
    assert is_in_the_middle(page)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(shown).to_have_text("2014-05-05 – 2014-05-05")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Strike of day 5")
    assert not is_in_the_middle(page)
    expect(page).to_have_url(re.compile("time_from=2014-05-05"))
    opened(page, page.url)
    expect(shown).to_have_text("2014-05-05 – 2014-05-05")
    expect(rows).to_contain_text("Strike of day 5")
    assert not is_in_the_middle(page)


def test_by_keyboard_and_without_motion_it_goes_step_by_step(open_browser, monitor):
    page = open_browser(monitor, reduced_motion="reduce")
    opened(page, AROUND_MIDDLE)
    shown = page.locator("[data-timeline] output")
    page.get_by_label("Until", exact=True).last.focus()
    page.keyboard.press("ArrowLeft")
    expect(shown).to_have_text("2014-05-01 – 2014-05-04")
    expect(page).to_have_url(re.compile("time_until=2014-05-04"))
    expect(page.locator("#id_time_until")).to_have_value("2014-05-04")
    page.keyboard.press("Home")
    expect(shown).to_have_text("2014-05-01 – 2014-05-01")
    assert is_in_the_middle(page)
    step = page.get_by_role("button", name="One step on")
    step.press("Enter")
    expect(shown).to_have_text("2014-05-02 – 2014-05-02")
    assert not is_in_the_middle(page)
    expect(page.locator("table.incidents tbody tr")).to_contain_text("Strike of day 2")
