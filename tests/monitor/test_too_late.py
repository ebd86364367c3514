"""A form that came too late says so on a page, and nothing that was typed is lost."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import Role
from incidents.models import Report
from tests.factories import make_incident, make_member
from tests.monitor.signing_in import signed_in
from tests.monitor.submit.filling import filled
from tests.support.inert import wrongs_of
from tests.support.payloads import BREAKOUT, MARK

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "http://testserver", "https://elsewhere.example"
BROWSER = {"HTTP_ACCEPT": "text/html", "HTTP_ORIGIN": HERE}


@pytest.fixture
def strict():
    """A browser of a monitor whose forms' keys are looked at, as they are outside tests."""
    client = signed_in(make_member(Role.MONITOR))
    client.handler.enforce_csrf_checks = True
    return client


def test_a_form_that_is_too_old_shows_what_was_typed(strict):
    came_from = f"{HERE}/submit/?x=1"
    sent = filled(csrfmiddlewaretoken="a" * 64, title=BREAKOUT)
    as_form = {"content_type": "application/x-www-form-urlencoded"}
    answer = strict.post("/submit/", encoded(sent), HTTP_REFERER=came_from, **as_form, **BROWSER)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form is too old" in page
    assert MARK in page
    assert wrongs_of(page) == []
    assert "It fell at noon." in page
    assert sent["csrfmiddlewaretoken"] not in page
    assert 'href="/submit/?x=1"' in page
    assert "no-store" in answer["Cache-Control"]
    assert not Report.objects.exists()


def test_what_was_typed_stands_under_the_words_of_its_page(strict):
    as_form = {"content_type": "application/x-www-form-urlencoded"}
    sent = encoded(filled(csrfmiddlewaretoken="a" * 64))
    page = strict.post("/submit/", sent, **as_form, **BROWSER).content.decode()
    for label, text in (
        ("What happened, in your words", "It fell at noon."),
        ("Weapon", "barrel bomb"),
        ("It may be stored here.", "yes"),
        ("Source 1: Passes on what these said", "Source 2"),
        ("Source 2: Who it is (sealed)", "Umm Ahmed"),
        ("Figure 1: At least", "5"),
    ):
        assert f'<dt>{label}</dt><dd dir="auto">{text}</dd>' in page


def test_a_deeds_words_are_those_of_its_form(strict):
    incident = make_incident()
    as_form = {"content_type": "application/x-www-form-urlencoded"}
    sent = encoded({"grade": "fair", "reason": "Two agree.", "version": "1"})
    path = f"/incidents/{incident.id}/grade/"
    page = strict.post(path, sent, **as_form, **BROWSER).content.decode()
    assert '<dt>Grade</dt><dd dir="auto">fair</dd>' in page
    assert '<dt>Reason</dt><dd dir="auto">Two agree.</dd>' in page


def test_a_form_of_an_ended_session_shows_what_was_typed():
    incident = make_incident()
    path = f"/incidents/{incident.id}/comment/"
    form = {"data": encoded({"text": "A long thought"})}
    form["content_type"] = "application/x-www-form-urlencoded"
    came_from = f"{HERE}/incidents/{incident.id}/"
    answer = Client().post(path, **form, HTTP_REFERER=came_from, **BROWSER)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "A long thought" in page
    assert f"/account/login/?next=%2Fincidents%2F{incident.id}%2F" in page
    by_script = Client().post(path, **form, HTTP_HX_REQUEST="true", **BROWSER)
    assert by_script["Location"].startswith("/account/login/")


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://testserver.elsewhere.example"])
def test_another_sites_words_are_not_repeated(strict, origin):
    asked = BROWSER | {"HTTP_ORIGIN": origin, "HTTP_REFERER": f"{ELSEWHERE}/submit/"}
    answers = [client.post("/submit/", {"title": "Call this number"}, **asked)
               for client in (strict, Client(enforce_csrf_checks=True))]  # fmt: skip
    for answer in answers:
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Call this number" not in page
        assert "elsewhere" not in page


def test_passwords_are_not_shown_again():
    client = Client(enforce_csrf_checks=True)
    form = encoded({"login": "a@test.example", "password": "a long enough sentence"})
    kind = "application/x-www-form-urlencoded"
    page = client.post("/account/login/", form, content_type=kind, **BROWSER).content.decode()
    assert "This form is too old" in page
    assert "sentence" not in page


def test_programs_are_told_so_as_data(strict):
    answer = strict.post("/submit/", {"title": "x"})
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    by_script = strict.post("/submit/", {"title": "x"}, HTTP_HX_REQUEST="true")
    assert 'id="main"' in by_script.content.decode()


def encoded(fields):
    return urlencode(fields, doseq=True)
