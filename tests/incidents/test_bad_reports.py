"""Every refusal names the field and stores nothing."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import Report
from incidents.services.boundaries import demo_boundaries_load
from tests.factories import report_body

URL = "/api/v1/reports/"
TOMORROW = (timezone.now() + timedelta(days=2)).date().isoformat()

BAD = {
    "latitude past the pole": ({"location__latitude": 95}, "location.latitude"),
    "longitude past the antimeridian": ({"location__longitude": 181}, "location.longitude"),
    "one coordinate alone": ({"location__latitude": None}, "location.latitude"),
    "future date": ({"occurred__start": TOMORROW}, "occurred.start"),
    "time without zone": ({"occurred__start": "2014-05-11T10:00:00"}, "occurred.start"),
    "end before start": ({"occurred__end": "2014-05-10"}, "occurred.end"),
    "no date": ({"occurred__start": "yesterday"}, "occurred.start"),
    "minimum above maximum": ({"claims__0__minimum": 9}, "claims[0].minimum"),
    "negative figure": ({"claims__0__best": -1}, "claims[0].best"),
    "claim of an unknown source": ({"claims__0__source": "x"}, "claims[0].source"),
    "relay of an unknown source": ({"sources__0__relays": ["x"]}, "sources[0].relays"),
    "unknown weapon": ({"weapon": "catapult"}, "weapon"),
    "unknown field": ({"wepon": "barrel_bomb"}, "wepon"),
    "unknown inner field": ({"location__lat": 33.3}, "location.lat"),
    "wrong type": ({"title": 5}, "title"),
    "number as text": ({"location__latitude": "33.3"}, "location.latitude"),
    "missing member": ({"weapon": None}, "weapon"),
    "no source": ({"sources": []}, "sources"),
    "no consent to store": ({"consent__store": False}, "consent.store"),
    "script in a link": ({"sources__0__url": "javascript:alert(1)"}, "sources[0].url"),
    "NUL in text": ({"title": "a\x00b"}, "title"),
}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD)
def test_it_refuses_naming_the_field(alice, changes, field):
    answer = alice.post(URL, report_body(**changes))
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:harmwatch:problem:invalid-input"
    assert field in [error["field"] for error in problem["errors"]]
    assert Report.objects.count() == 0


def test_it_names_all_members_that_are_wrong_at_once(alice):
    body = report_body(weapon="catapult", title=5, location__latitude=95)
    fields = {error["field"] for error in alice.post(URL, body).json()["errors"]}
    assert fields == {"weapon", "title", "location.latitude"}


@pytest.mark.parametrize(
    "body", [" ", "{", "[]", "null", "5", '"x"', "{}" * 2, "NaN", b"\xff\xfe", "[" * 100_000]
)
def test_it_refuses_what_is_not_a_json_report(alice, body):
    answer = alice.post(URL, body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]


def test_it_refuses_another_media_type(alice):
    answer = alice._client.post(URL, b"x=1", content_type="text/plain", **alice._headers)
    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


def test_it_refuses_eleven_megabytes(alice):
    body = json.dumps(report_body(description="x" * 11 * 1024 * 1024))
    answer = alice.post(URL, body)
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:harmwatch:problem:too-large"


def test_it_recognises_swapped_coordinates_by_the_country(alice):
    demo_boundaries_load()
    body = report_body(location__longitude=33.3497, location__latitude=43.7841)
    answer = alice.post(URL, body)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("location", "swapped")


def test_it_refuses_a_place_far_outside_the_country_named(alice):
    demo_boundaries_load()
    answer = alice.post(URL, report_body(location__longitude=10.0))
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("location", "outside_country")


@pytest.mark.parametrize("key", ["", "k" * 201, "tab\there"])
def test_it_refuses_a_key_that_is_none(alice, key):
    answer = alice.post(URL, report_body(), HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
