"""The place of a report picked on a map, by pointer and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.factories import make_member

DRAWN = "[data-picker][data-drawn]"
DEGREES = re.compile(r"^-?\d+\.\d+, -?\d+\.\d+$")


@pytest.fixture
def alice(committed_db):
    return make_member(Role.SUBMITTER)


def opened(page):
    page.click("[data-picker] summary")
    page.wait_for_selector(DRAWN)
    return page.locator(".maplibregl-canvas")


def test_a_click_and_a_key_write_the_place_and_what_is_typed_is_shown(alice, open_browser):
    page = open_browser(alice)
    page.goto("/submit/")
    page.fill("#id_where", "33.3497, 43.7841")
    page.select_option("#id_location_precision", "town")
    canvas = opened(page)
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page.locator("#id_where")).not_to_have_value("33.3497, 43.7841")
    expect(page.locator("#id_where")).to_have_value(DEGREES)
    latitude, longitude = map(float, page.input_value("#id_where").split(","))
    assert abs(latitude - 33.35) < 0.1
    assert 43.79 < longitude < 44.5
    canvas.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("/submit/")
    middle = [float(text) for text in page.input_value("#id_where").split(",")]
    assert middle == pytest.approx([33.3497, 43.7841], abs=0.02)
    assert page.input_value("#id_where") in page.inner_text("[data-picked]")
    assert page.input_value("#id_where") in page.evaluate("() => JSON.stringify(sessionStorage)")


def test_without_script_there_is_no_map_and_the_field_is(alice, open_browser):
    page = open_browser(alice, java_script_enabled=False)
    page.goto("/submit/")
    assert page.is_hidden("[data-picker]")
    assert page.is_visible("#id_where")


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_it_is_fit_to_be_seen(alice, open_browser, look):
    page = open_browser(alice, **look_options(*look))
    page.goto("/submit/")
    page.fill("#id_where", "33.3497, 43.7841")
    page.select_option("#id_location_precision", "town")
    opened(page).focus()
    page.wait_for_timeout(500)
    assert not overflows(page)
    assert serious_findings(page) == []
    shoot(page, "submit-map", look)
