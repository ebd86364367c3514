"""The pages for everybody: one answer for all, from the public's log alone."""

import pytest
from django.test import Client

from feed.models import Audience
from feed.releases import release_create
from feed.sealing import seal
from tests.factories import make_actor, make_member
from tests.feed.making import ITEMS, entry, published
from tests.monitor.signing_in import signed_in
from tests.support.markup import Page

PAGES = ["/", "/published/", "/methodology/", "/cite/", "/guide/"]


@pytest.fixture
def incident(layer, units):
    return published()


@pytest.mark.parametrize("path", PAGES)
def test_everybody_gets_the_same_and_caches_may_keep_it(client, incident, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= {n.strip() for n in answer["Vary"].split(",")}
    assert answer.cookies == {}
    page = Page(answer.content.decode())
    assert len(page.all("h1")) == 1
    assert "Harmwatch and the organisations that reported to it" in page.words


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_the_database_little(client, incident, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get(path)
    member = signed_in(make_member("lead_monitor"))
    with django_assert_max_num_queries(20):
        member.get(path)


@pytest.mark.parametrize("path", PAGES)
def test_before_anything_is_published_the_pages_are_there(client, db, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_members_page_is_kept_by_nobody(incident, path):
    answer = signed_in(make_member("monitor")).get(path)
    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]


def test_a_member_finds_their_work_on_the_first_page(client, db):
    words = signed_in(make_member("submitter")).get("/").content.decode()
    assert "Your work" in words
    assert 'href="/submit/"' in words
    assert 'href="/queue/"' not in words
    assert "Your work" not in client.get("/").content.decode()


def test_a_monitor_is_shown_what_everybody_is_shown(client, incident):
    """The page tells what is published, not what its reader may know."""
    entry(audience=Audience.PARTNER)
    seal()
    theirs = Page(signed_in(make_member("lead_monitor")).get("/published/").content.decode())
    everybodys = Page(client.get("/published/").content.decode())
    items = [
        [h for h in page.values("href") if h.startswith(ITEMS)] for page in (theirs, everybodys)
    ]
    assert items[0] == items[1]
    assert incident.title not in theirs.words


def shown(client, query):
    page = Page(client.get(f"/published/{query}").content.decode())
    hrefs = [one["href"] for one in page.all("a")]
    return {href.rpartition("/")[2] for href in hrefs if href.startswith(f"{ITEMS}/")}


def on(day):
    return {"occurred__start": day, "occurred__end": day, "occurred__precision": "day"}


def test_incidents_are_chosen_by_date_weapon_and_grade(client, layer, units):
    early = published(**on("2014-05-01"))
    late = published(**on("2014-06-01"), weapon="artillery")
    both, first, second = {str(early.id), str(late.id)}, {str(early.id)}, {str(late.id)}
    assert shown(client, "") == both
    assert shown(client, "?from=&until=&weapon=&grade=") == both
    assert shown(client, "?from=2014-05-20&until=") == second
    assert shown(client, "?until=2014-05-20") == first
    assert shown(client, "?weapon=artillery") == second
    assert shown(client, "?grade=fair") == both
    assert shown(client, "?grade=weak") == set()


def test_incidents_are_found_by_town(client, incident):
    found = {str(incident.id)}
    for name in ("Fallujah", "الفلوجة"):
        assert shown(client, f"?place={name}") == found
    assert shown(client, "?place=Mosul") == set()
    page = Page(client.get("/published/?place=fallujah").content.decode())
    assert "within 15 km" in page.words
    assert "Fallūjah" in page.words


def test_an_unknown_town_is_told_where_it_was_typed(client, incident):
    answer = client.get("/published/?place=Nowhere&from=2014-05-01")
    assert answer.status_code == 400
    page = Page(answer.content.decode())
    assert "Try another spelling" in page.words
    assert {"Nowhere", "2014-05-01"} <= set(page.values("value"))


def test_a_visitor_is_led_to_how_it_is_made_and_cited(client, db):
    visitors = Page(client.get("/").content.decode()).values("href")
    assert {"/methodology/", "/cite/", "/guide/"} <= set(visitors)


def test_all_that_is_chosen_is_downloaded(client, incident):
    page = Page(client.get("/published/?from=2014-05-01&weapon=barrel_bomb").content.decode())
    files = [one["href"] for one in page.all("a") if "/exports/" in one["href"]]
    assert len(files) == 5
    for href in files:
        answer = client.get(href)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


@pytest.mark.parametrize("query", ["?x=1", "?from=yesterday", "?cursor=x", "?weapon=a&weapon=b"])
def test_what_is_not_understood_is_told_on_a_page(client, db, query):
    answer = client.get(f"/published/{query}")
    assert answer.status_code == 400
    assert "no-store" in answer["Cache-Control"]
    Page(answer.content.decode())


def test_the_pages_count_with_the_feed(client, db, settings):
    settings.FEED_PUBLIC_REQUESTS = 0
    assert client.get("/published/").status_code == 429


def test_a_citation_names_the_entry_and_the_releases_of_the_public(
    client, incident, releases_folder
):
    lead = make_actor("lead_monitor")
    for audience in Audience:
        release_create(actor=lead, name=f"of-{audience}", audience=audience)
    page = client.get("/cite/").content.decode()
    assert "?as_of=2" in page
    assert "of-public" in page
    assert "of-partner" not in page


def test_a_message_meant_for_one_is_not_kept_for_others(incident):
    client = Client()
    client.cookies["messages"] = "something"
    assert "no-store" in client.get("/")["Cache-Control"]
