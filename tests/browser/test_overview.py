"""The map in a real browser: drawn, fit to be seen, and the list follows its extent."""

import re

from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from accounts.models import Role
from incidents.models import Incident
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.browser.test_risk import at_risk  # noqa: F401 - a fixture
from tests.factories import make_incident, make_member
from tests.scoring.conftest import (  # noqa: F401 - fixtures
    import_layer,
    layers_dir,
    make_raster,
    make_strike,
)

DRAWN = "[data-map][data-drawn]"


def incident_at(longitude, latitude, **fields):
    incident = make_incident(title=f"Strike at {longitude}")
    place = Point(longitude, latitude)
    Incident.objects.filter(id=incident.id).update(location=place, **fields)


def test_it_is_fit_to_be_seen(open_browser, at_risk):  # noqa: F811
    monitor = make_member(Role.MONITOR, name="Bob")
    for number, grade in enumerate(["confirmed", "fair", "weak", ""]):
        incident_at(43.1 + number / 8, 33.6 + number / 20, grade=grade)
    for look in LOOKS:
        page = open_browser(monitor, **look_options(*look))
        page.goto("/map/")
        page.wait_for_selector(DRAWN)
        assert not overflows(page), look
        assert serious_findings(page) == [], look
        shoot(page, "map", look)
        page.locator("[data-population] input").check()
        expect(page).to_have_url(re.compile("people=1"))
        page.wait_for_selector(DRAWN)
        assert not overflows(page), look
        shoot(page, "map-people", look)
        page.context.close()


def test_the_list_follows_the_extent_and_the_address_brings_it_back(open_browser, committed_db):
    monitor = make_member(Role.MONITOR, name="Bob")
    incident_at(43.0, 33.0)
    incident_at(47.0, 33.2)
    page = open_browser(monitor)
    page.goto("/map/?bbox=42,32,48,35")
    page.wait_for_selector(DRAWN)
    expect(page.locator("table.incidents tbody tr")).to_have_count(2)
    canvas = page.locator(".maplibregl-canvas")
    canvas.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(400)
    expect(page.locator("table.incidents tbody tr")).to_have_count(1)
    expect(page.locator("table.incidents")).to_contain_text("Strike at 43")
    expect(page).to_have_url(re.compile(r"bbox="))
    page.goto(page.url)
    expect(page.locator("table.incidents")).to_contain_text("Strike at 43")


def test_without_script_it_is_drawn_by_the_server(open_browser, committed_db):
    monitor = make_member(Role.MONITOR, name="Bob")
    incident_at(43.0, 33.0)
    page = open_browser(monitor, java_script_enabled=False)
    page.goto("/map/")
    assert page.locator("[data-map] svg .dot").count() == 1
    assert page.locator("table.incidents tbody tr").count() == 1


def test_who_comes_back_after_a_while_sees_what_arrived(open_browser, committed_db):
    monitor = make_member(Role.MONITOR, name="Bob")
    incident_at(43.0, 33.0)
    page = open_browser(monitor)
    page.goto("/map/?bbox=44,33,46,34")
    page.wait_for_selector(DRAWN, timeout=60_000)
    expect(page.locator("#list")).to_contain_text("No incident fits.")
    incident_at(45.0, 33.5)
    page.evaluate(
        """() => {
            const now = Date.now;
            Date.now = () => now() + 600_000;
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(page.locator("table.incidents")).to_contain_text("Strike at 45")
    page.wait_for_selector(DRAWN, timeout=60_000)
    page.locator(".maplibregl-canvas").click()
    expect(page.locator(".maplibregl-popup a")).to_have_text("Strike at 45.0")


def test_a_polygon_drawn_by_hand_counts_people(open_browser, at_risk):  # noqa: F811
    page = open_browser(make_member(Role.MONITOR, name="Bob"))
    page.goto("/map/?bbox=43,33.5,43.5,34")
    page.wait_for_selector(DRAWN)
    box = page.locator(".maplibregl-canvas").bounding_box()
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    expect(page.locator(".maplibregl-popup a")).to_have_attribute("href", re.compile("/risk/86"))
    page.click(".maplibregl-popup-close-button")
    page.click("[data-people] > summary")
    page.click("[data-draw]")
    box = page.locator(".maplibregl-canvas").bounding_box()
    for across, down in [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)]:
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    page.keyboard.press("Enter")
    expect(page.locator("#people .figures strong")).to_have_text(re.compile(r"\d"))
    page.wait_for_timeout(500)
    assert serious_findings(page) == []
    shoot(page, "map-polygon", ("en", "light", "desk"))
