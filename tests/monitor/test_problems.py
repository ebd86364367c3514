"""Refusals: a page for browsers, the same for everybody; a problem document for programs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Role
from core.problems import CONTENT_TYPE
from tests.factories import make_member
from tests.monitor.signing_in import signed_in
from tests.support.markup import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
HTML = "text/html; charset=utf-8"


@pytest.fixture
def browser():
    return Client(HTTP_ACCEPT=BROWSER, raise_request_exception=False)


def told(answer, status):
    """Return the page of a refusal."""
    assert (answer.status_code, answer["Content-Type"]) == (status, HTML)
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert {"Accept", "Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    page = Page(answer.content.decode())
    assert len(page.all("h1")) == 1
    assert str(status) in page.words
    return page


def test_an_unknown_address_is_a_page_for_browsers_without_any_database(browser):
    page = told(browser.get("/nothing/here"), 404)
    assert "There is nothing at this address" in page.words
    assert "/" in page.values("href")
    assert "/published/" in page.values("href")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "application/json, text/html;q=0.5"]
)
def test_programs_get_a_problem_document(client, accept):
    answer = client.get("/nothing/here", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (404, CONTENT_TYPE)
    assert answer.json()["type"] == "urn:harmwatch:problem:not-found"
    assert answer["Cache-Control"] == "no-store"
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("accept", ["text/html;q=x", "text/html;;,=;", "text/html;x*=none''y"])
def test_an_odd_accept_does_no_harm(client, accept):
    assert client.get("/nothing/here", HTTP_ACCEPT=accept).status_code == 404


def test_the_page_is_in_the_readers_language(browser):
    answer = browser.get("/nothing/here", HTTP_ACCEPT_LANGUAGE="ar")
    page = told(answer, 404)
    assert page.all("html")[0]["dir"] == "rtl"
    assert "There is nothing" not in page.words


def test_it_is_the_same_for_who_is_logged_in(browser, db):
    member = signed_in(make_member(Role.LEAD_MONITOR, name="Beth Amari"))
    theirs = member.get("/nothing/here", HTTP_ACCEPT=BROWSER)
    assert theirs.content == browser.get("/nothing/here").content
    assert b"Beth" not in theirs.content


def test_a_fault_of_ours_has_a_page_when_the_database_is_gone(browser):
    """No fixture lets this test near a database: whatever asks it fails."""
    browser.cookies.load({"sessionid": "x", "messages": "y", "django_language": "ar"})
    answer = browser.get("/")
    page = told(answer, 500)
    assert page.all("html")[0]["lang"] == "ar"


def test_what_is_not_allowed_has_a_page(browser, monkeypatch):
    def refuse(*_args):
        raise PermissionDenied

    monkeypatch.setattr("monitor.public.views.log.figures", refuse)
    told(browser.get("/"), 403)


def test_a_forged_host_and_a_form_too_large_have_a_page(browser):
    told(browser.get("/", HTTP_HOST="evil.example:x"), 400)
    body = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(11 << 20)}
    told(browser.generic("POST", "/account/login/", **body), 413)


@pytest.mark.parametrize("path", ["/published/", "/healthz", "/language/ar"])
def test_a_method_that_is_none_here_has_words(browser, client, db, path):
    page = browser.delete(path)
    told(page, 405)
    answer = client.delete(path)
    assert (answer.status_code, answer["Content-Type"]) == (405, CONTENT_TYPE)
    assert answer["Allow"] == page["Allow"]
    assert "GET" in answer["Allow"]


def test_an_address_for_programs_says_so_to_a_browser(browser, db):
    answer = browser.get("/api/v1/incidents/")
    page = told(answer, 401)
    assert answer["WWW-Authenticate"]
    assert "for programs" in page.words
    assert "/account/login/" in page.values("href")


def test_who_asked_too_often_is_told_how_long_to_wait(browser, db, settings):
    settings.FEED_PUBLIC_REQUESTS = 0
    answer = browser.get("/api/v1/changes")
    page = told(answer, 429)
    assert f"Try again in {answer['Retry-After']} second" in page.words


def test_a_page_that_fails_leaves_the_document(browser, monkeypatch):
    monkeypatch.setattr("monitor.problems.render_to_string", lambda *_args: 1 / 0)
    assert browser.get("/nothing/here").json()["status"] == 404
