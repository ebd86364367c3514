"""One regression for each way in that an attacker found."""

import json

import pytest
from django.test import Client, RequestFactory

from config.wsgi import Handler, Utf8Request
from incidents.models import Report
from tests.factories import make_incident, report_body
from tests.incidents.conftest import alice, bob  # noqa: F401
from tests.incidents.judging import based_on, url

REPORTS = "/api/v1/reports/"


@pytest.mark.parametrize("charset", ["hex", "rot13", "zlib", "undefined", "utf-16", "idna"])
def test_no_charset_reaches_the_decoder(charset):
    environ = RequestFactory().get("/healthz?x=%C3%A4").environ
    environ["CONTENT_TYPE"] = f"a/b; charset={charset}"
    request = Utf8Request(environ)
    assert request.encoding in (None, "utf-8")
    assert request.GET["x"] == "ä"
    assert Handler.request_class is Utf8Request


@pytest.mark.parametrize(
    "changes",
    [
        {"location__country": "IQ\n"},
        {"language": "en\n"},
        {"location__pcode": "A" * 30 + "\n"},
        {"sources__0__ref": "h\n"},
        {"sources__0__url": "http://x/\n"},
        {"occurred__start": "2014-05-11\n"},
    ],
)
def test_a_line_feed_at_the_end_is_refused(alice, changes):  # noqa: F811
    assert alice.post(REPORTS, report_body(**changes)).status_code == 400
    assert not Report.objects.exists()


def test_a_report_full_of_relays_is_refused_in_few_words(alice):  # noqa: F811
    answer = alice.post(REPORTS, report_body(sources__0__relays=["x"] * 100_000))
    assert answer.status_code == 400
    assert len(answer.content) < 100_000


def test_many_mistakes_are_answered_with_a_hundred(alice):  # noqa: F811
    claims = [{"source": "nobody", "outcome": "killed", "best": 1}] * 200
    answer = alice.post(REPORTS, report_body(claims=claims))
    assert len(answer.json()["errors"]) == 100


def test_a_name_that_stands_twice_is_refused(alice):  # noqa: F811
    body = json.dumps(report_body())
    twice = body[:-1] + ', "consent": {"basis": "informed", "store": true, "publish": true}}'
    answer = alice.post(REPORTS, twice)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "not_json"


@pytest.mark.parametrize("body", ["[" * 100_000, '{"\\ud800": 1}', '{"reason": ' + "[" * 5000])
def test_monitors_bodies_are_read_as_strictly(bob, body):  # noqa: F811
    incident = make_incident()
    answer = bob.post(url(incident, "assessments/"), body, **based_on(1))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_reason_that_nobody_can_see_is_none(bob):  # noqa: F811
    incident = make_incident()
    body = {"grade": "fair", "reason": "\u200b"}
    answer = bob.post(url(incident, "assessments/"), body, **based_on(1))
    assert answer.json()["errors"][0]["field"] == "reason"


def test_a_body_in_chunks_is_not_taken_for_empty(db):
    answer = Client().post(REPORTS, b"", "application/json", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411


@pytest.mark.parametrize("bbox", ["1_0,0,20,20", "٤٣,33,44,34", "0,0,nan,1,1,inf", "1e999,0,1,1"])
def test_a_bbox_holds_plain_numbers(db, bbox):
    answer = Client().get("/ogc/collections/incidents/items", {"bbox": bbox})
    assert answer.status_code == 400


def test_a_parameter_given_twice_is_refused(db):
    answer = Client().get("/ogc/collections/incidents/items?limit=1&limit=2")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "limit"
