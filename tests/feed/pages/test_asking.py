"""Who gets a page and who gets data; tags, caches and refusals of pages."""

import pytest
from django.test import Client

from feed.sealing import seal
from tests.factories import make_member
from tests.feed.making import ITEMS, entry
from tests.monitor.signing_in import signed_in
from tests.support.markup import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(autouse=True)
def fresh(db):
    entry()
    seal()


@pytest.mark.parametrize(
    ("accept", "query", "is_page"),
    [
        (BROWSER, "", True),
        ("text/html", "", True),
        ("application/json;q=0.5, text/html", "", True),
        ("text/html;q=0.5, application/json", "", False),
        ("text/html;q=0.5, */*", "", False),
        ("*/*", "", False),
        ("", "", False),
        ("text/csv, text/html", "", False),
        ("application/json", "?f=html", True),
        (BROWSER, "?f=json", False),
        (BROWSER, "?f=geojson", False),
        (BROWSER, "?f=csv", False),
        (";;,text/html;q=x,,", "", True),
    ],
)
def test_f_decides_then_what_is_accepted(client, accept, query, is_page):
    answer = client.get(ITEMS + query, HTTP_ACCEPT=accept)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html") == is_page


@pytest.mark.parametrize("path", ["/ogc/", "/ogc/collections", "/ogc/api", ITEMS])
def test_page_and_data_have_tags_of_their_own(client, path):
    page = client.get(path, HTTP_ACCEPT=BROWSER)
    data = client.get(path)
    assert page["ETag"] != data["ETag"]
    again = client.get(path, HTTP_ACCEPT=BROWSER, HTTP_IF_NONE_MATCH=page["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 200


def test_a_page_is_sent_again_when_the_log_has_grown(client):
    tag = client.get(ITEMS, HTTP_ACCEPT=BROWSER)["ETag"]
    entry()
    seal()
    assert client.get(ITEMS, HTTP_ACCEPT=BROWSER, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_caches_tell_pages_from_data_and_languages_apart(client):
    for path in ("/ogc/", ITEMS):
        page = client.get(path, HTTP_ACCEPT=BROWSER)
        varies = {name.strip() for name in page["Vary"].split(",")}
        assert varies >= {"Accept", "Accept-Language", "Cookie", "Authorization"}
        assert page["Cache-Control"] == "public, max-age=60"
        assert page.cookies == {}


def test_a_page_is_in_the_readers_language(client):
    english = client.get(ITEMS, HTTP_ACCEPT=BROWSER)
    client.cookies["django_language"] = "ar"
    arabic = client.get(ITEMS, HTTP_ACCEPT=BROWSER)
    assert Page(arabic.content.decode()).all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert arabic["ETag"] != english["ETag"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"{ITEMS}?bbox=x", 400, "bbox is four or six numbers"),
        (f"{ITEMS}?title=Bakery", 400, "not known here"),
        (f"{ITEMS}?f=x", 400, "The formats are"),
        ("/ogc/collections?f=x", 400, "The formats are: json, html."),
        ("/ogc/collections/rumours", 404, "There is no such collection."),
        (f"{ITEMS}/00000000-0000-4000-8000-000000000000", 404, "There is no such feature."),
        ("/ogc/collections/admin-units/items?level=x", 400, "level"),
    ],
)
def test_a_refusal_is_a_page_for_people_and_a_problem_for_programs(client, address, status, words):
    page = client.get(address, HTTP_ACCEPT=BROWSER)
    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in Page(page.content.decode()).words
    assert page["Cache-Control"] == "no-store"
    data = client.get(address)
    assert (data.status_code, data["Content-Type"]) == (status, "application/problem+json")


def test_a_bad_token_is_refused_on_a_page_too(db):
    bad = Client(HTTP_ACCEPT=BROWSER, HTTP_AUTHORIZATION="Bearer hw_nobodys")
    answer = bad.get(ITEMS)
    assert (answer.status_code, answer["Content-Type"]) == (401, "text/html; charset=utf-8")
    assert "Bearer" in answer["WWW-Authenticate"]


def test_who_asks_too_often_is_told_so_on_a_page(client, settings):
    settings.FEED_PUBLIC_REQUESTS = 0
    answer = client.get(ITEMS, HTTP_ACCEPT=BROWSER)
    assert (answer.status_code, answer["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert int(answer["Retry-After"]) > 0


def test_a_file_takes_the_filters_of_a_page(client):
    """The description named these parameters; the address refused them."""
    answer = client.get("/api/v1/exports/incidents.csv?grade=fair&weapon=barrel_bomb")
    assert b"".join(answer).startswith(b"id,")  # an export unread holds its place in this process
    assert client.get("/api/v1/exports/incidents.csv?title=x").status_code == 400


def test_a_session_changes_nothing(client):
    theirs = signed_in(make_member("lead_monitor")).get(ITEMS, HTTP_ACCEPT=BROWSER)
    assert theirs.content == client.get(ITEMS, HTTP_ACCEPT=BROWSER).content
