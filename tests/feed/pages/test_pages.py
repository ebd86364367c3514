"""Each operation answers people with a page, as class HTML of OGC API – Features asks."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from feed.models import Audience, Change
from feed.sealing import seal
from ledger.dispatch import dispatch
from tests.factories import bearer, make_member, merge_incidents
from tests.feed.making import ITEMS, entry, published
from tests.support.markup import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
DOCUMENTS = [
    *("", "api", "conformance", "collections", "collections/incidents"),
    *("collections/admin-units", "collections/incidents/queryables"),
    *("collections/admin-units/queryables", "collections/admin-units/items"),
    *(f"collections/{name}/items" for name in ("incidents", "context-events", "risk-cells")),
]


@pytest.fixture
def browser(db):
    return Client(HTTP_ACCEPT=BROWSER)


@pytest.fixture
def incident(layer, units):
    return published()


def hrefs(page, rel=""):
    return [a["href"] for a in page.all("a") if a.get("rel", "") == rel]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_each_operation_has_a_page(browser, incident, path):
    answer = browser.get(f"/ogc/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = Page(answer.content.decode())
    assert len(page.all("h1")) == 1
    assert "Harmwatch and the organisations that reported to it" in page.words


@pytest.mark.parametrize("path", DOCUMENTS)
def test_page_and_data_lead_to_each_other(browser, incident, path):
    data = browser.get(f"/ogc/{path}", HTTP_ACCEPT="*/*")
    assert "json" in data["Content-Type"]
    page = Page(browser.get(f"/ogc/{path}").content.decode())
    (other,) = [one for one in page.all("link") if one["rel"] == "alternate"]
    assert "json" in browser.get(other["href"])["Content-Type"]
    if "links" in data.json():
        (to_page,) = [
            one
            for one in data.json()["links"]
            if one["rel"] == "alternate" and one["type"] == "text/html"
        ]
        assert browser.get(to_page["href"], HTTP_ACCEPT="*/*")["Content-Type"].startswith(
            "text/html"
        )


def test_a_page_names_all_links_of_its_document(browser, incident):
    for path in DOCUMENTS:
        page = Page(browser.get(f"/ogc/{path}").content.decode())
        named = {one.get("href") for one in page.all("a")}
        links = browser.get(f"/ogc/{path}", HTTP_ACCEPT="*/*").json().get("links", [])
        assert {one["href"] for one in links if one["rel"] not in ("alternate", "self")} <= named


@pytest.mark.parametrize("collection", ["incidents", "admin-units"])
def test_every_link_of_the_items_leads_somewhere(browser, incident, collection):
    page = Page(browser.get(f"/ogc/collections/{collection}/items").content.decode())
    own = {one for one in page.values("href") if one.startswith(("/ogc/", "/api/", "?"))}
    assert len(own) > 5
    for href in own:
        answer = browser.get(href)
        if answer.streaming:  # an export holds a place until it is read
            assert b"".join(answer.streaming_content)
        assert answer.status_code == 200, href


def test_an_item_shows_all_its_properties_in_words(browser, incident):
    page = Page(browser.get(f"{ITEMS}/{incident.id}").content.decode())
    words = " ".join(page.words.split())
    for said in (
        "Grade",
        "fair",
        "Weapon",
        "barrel bomb",
        "homes",
        "Civilians killed",
        "CC-BY-4.0",
    ):
        assert said in words
    exposure = browser.get(f"/ogc/collections/exposure/items/{incident.id}").content.decode()
    assert "Test census 2020" in Page(exposure).words
    assert "barrel_bomb" not in page.words
    assert str(incident.id) in page.words


def test_an_item_of_the_boundaries_is_drawn(browser, incident):
    (unit, *_rest) = browser.get(
        "/ogc/collections/admin-units/items?level=2", HTTP_ACCEPT="*/*"
    ).json()["features"]
    answer = browser.get(f"/ogc/collections/admin-units/items/{unit['id']}")
    page = Page(answer.content.decode())
    assert unit["properties"]["names"]["en"] in page.words
    assert [one for one in page.all("path") if one.get("class") == "area"]


def test_the_map_leads_to_each_item(browser, incident):
    page = Page(browser.get(ITEMS).content.decode())
    assert f"{ITEMS}/{incident.id}" in [one["href"] for one in page.all("a")]
    assert len([one for one in page.all("ellipse") if one["class"] == "reach"]) == 1
    assert " km" in page.words


def test_pages_are_walked_by_their_next_link(browser, db):
    made = {str(entry(43.0 + number / 10).object_id) for number in range(5)}
    seal()
    seen, href, turns = [], f"{ITEMS}?limit=2", 0
    while href:
        page = Page(browser.get(href).content.decode())
        turns += 1
        seen += [
            urlsplit(one).path.rpartition("/")[2]
            for one in page.values("href")
            if urlsplit(one).path.startswith(f"{ITEMS}/")
        ]
        href = next(iter(hrefs(page, "next")), None)
    assert (set(seen), turns) == (made, 3)


def test_what_a_form_left_blank_is_not_asked_for(browser, incident):
    answer = browser.get(f"{ITEMS}?bbox=&datetime=&grade=fair&filter=")
    assert (answer.status_code, answer["Location"]) == (302, f"{ITEMS}?grade=fair")
    assert browser.get(f"{ITEMS}?bbox=")["Location"] == ITEMS
    assert browser.get(f"{ITEMS}/{incident.id}?as_of=")["Location"] == f"{ITEMS}/{incident.id}"


def test_an_earlier_state_says_so_and_stays_the_same(browser, incident):
    seq_before = 1
    address = f"{ITEMS}/{incident.id}?as_of={seq_before}"
    before = browser.get(address)
    assert "entry 1" in before.content.decode()
    entry()
    seal()
    assert browser.get(address).content == before.content


def test_a_partner_is_shown_a_page_of_their_own(incident):
    partner = Client(HTTP_ACCEPT=BROWSER, **bearer(make_member("partner")))
    answer = partner.get(f"{ITEMS}/{incident.id}")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "the place as recorded" in answer.content.decode()
    assert incident.title in answer.content.decode()
    assert incident.title not in Client(HTTP_ACCEPT=BROWSER).get(answer.wsgi_request.path)


def test_a_page_holds_at_most_so_many(browser, db, monkeypatch):
    monkeypatch.setattr("feed.ogc.features.MOST_ON_A_PAGE", 2)
    for number in range(3):
        entry(43.0 + number, audience=Audience.PUBLIC)
    seal()
    page = Page(browser.get(f"{ITEMS}?limit=10000").content.decode())
    assert len(page.all("ellipse")) == 2
    assert hrefs(page, "next")


def test_a_figure_known_only_from_below_is_not_an_empty_cell(browser, db):
    claims = [{"source": "h", "outcome": "killed", "minimum": 5}]
    published(claims=claims)
    assert "at least 5" in browser.get(ITEMS).content.decode()


def test_an_incident_says_what_it_comes_to_how_sure_it_is_and_how_to_cite_it(browser, incident):
    words = " ".join(Page(browser.get(f"{ITEMS}/{incident.id}").content.decode()).words.split())
    assert "near Al Fallūjah" in words
    assert "5 Civilians killed" in words
    assert "4 to 7" in words
    assert "Two or more sources that do not rely on each other say the same." in words
    assert f"{ITEMS}/{incident.id}?as_of=1" in words
    assert "People living within 1 km" in words


def test_what_is_not_told_is_named_without_a_row(browser, incident):
    page = Page(browser.get(f"{ITEMS}/{incident.id}").content.decode())
    assert "Nothing is told of:" in page.words
    assert "Damage" in page.words.partition("Nothing is told of:")[2]


def test_what_became_of_a_feature_is_said_in_words(browser, incident):
    other = published(title="Other", occurred__start="2014-05-12")
    dispatch("feed.publish")
    merge_incidents(incident, other)
    dispatch("feed.publish")
    seal()
    page = Page(browser.get(f"{ITEMS}/{other.id}").content.decode())
    assert f"{ITEMS}/{incident.id}" in page.values("href")
    withdrawn = entry(change=Change.WITHDRAWN).object_id
    seal()
    assert "have withdrawn it" in browser.get(f"{ITEMS}/{withdrawn}").content.decode()
