"""The feed and the public pages, browsed by somebody without an account."""

import pytest

from feed.sealing import seal
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.feed.making import ITEMS, entry, published

PAGES = {
    "feed": "/ogc/",
    "feed-collections": "/ogc/collections",
    "feed-items": f"{ITEMS}?limit=5",
    "feed-item": f"{ITEMS}/ID",
    "feed-queryables": "/ogc/collections/incidents/queryables",
    "feed-api": "/ogc/api",
    "public-home": "/",
    "public-published": "/published/",
    "public-methodology": "/methodology/",
    "public-cite": "/cite/",
    "public-guide": "/guide/",
}


@pytest.fixture
def incident(committed_db):
    incident = published()
    seal()
    return incident


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_they_are_fit_to_be_seen(open_browser, incident, look):
    page = open_browser(**look_options(*look))
    for name, path in PAGES.items():
        page.goto(path.replace("ID", str(incident.id)))
        assert not overflows(page), name
        assert serious_findings(page) == [], name
        shoot(page, name, look)


def test_a_reader_finds_an_incident_and_its_earlier_version(open_browser, incident):
    page = open_browser()
    page.goto("/")
    page.get_by_role("link", name="All that is published").click()
    page.select_option("#ask-weapon", "barrel_bomb")
    page.get_by_role("button", name="Show").click()
    assert "weapon=barrel_bomb" in page.url
    page.locator("table.listing tbody a").first.click()
    page.wait_for_url(f"**{ITEMS}/{incident.id}")
    page.locator("main").get_by_role("link", name="1", exact=True).click()
    page.wait_for_url("**?as_of=1")
    assert "entry 1 of the publication log" in page.inner_text("main")


def test_the_map_leads_to_what_it_shows(open_browser, committed_db):
    shown = entry()
    seal()
    page = open_browser()
    page.goto(ITEMS)
    page.locator(".feedmap .dot").click()
    page.wait_for_url(f"**{ITEMS}/{shown.object_id}")


def test_it_all_works_without_scripts(open_browser, incident):
    page = open_browser(java_script_enabled=False)
    page.goto(ITEMS)
    page.locator("summary").first.click()
    page.fill("#ask-filter", "civilians_killed_best > 10000")
    page.get_by_role("button", name="Show").click()
    assert "Nothing is published that fits." in page.inner_text("main")
