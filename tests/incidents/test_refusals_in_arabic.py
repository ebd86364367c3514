"""Who asks for Arabic is refused in Arabic; names of fields and types stay what programs know."""

import re

import pytest
from django.test import Client

from incidents.models import Report
from tests.factories import report_body
from tests.incidents.test_bad_reports import BAD

URL = "/api/v1/reports/"
ARABIC = re.compile(r"[\u0621-\u064a]")
ASKED = {"HTTP_ACCEPT_LANGUAGE": "ar-SY,ar;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(("changes", "field"), BAD.values(), ids=BAD)
def test_a_bad_report_is_refused_in_arabic(alice, changes, field):
    answer = alice.post(URL, report_body(**changes), **ASKED)
    problem = answer.json()
    assert answer["Content-Language"] == "ar"
    assert problem["type"] == "urn:harmwatch:problem:invalid-input"
    assert field in [error["field"] for error in problem["errors"]]
    said = [problem["title"], *(error["message"] for error in problem["errors"])]
    assert not [text for text in said if not ARABIC.search(text)]
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/incidents/", 401),
        ("/ogc/collections/incidents/items?limit=x", 400),
        ("/ogc/collections/incidents/items?wepon=x", 400),
        ("/ogc/collections/none", 404),
        ("/no/such/page", 404),
    ],
)
def test_every_refusal_has_arabic(db, path, status):
    answer = Client().get(path, HTTP_ACCEPT="application/json", **ASKED)
    assert answer.status_code == status
    problem = answer.json()
    assert ARABIC.search(problem["title"])
    assert all(ARABIC.search(error["message"]) for error in problem.get("errors", []))


def test_others_are_answered_in_english(alice):
    problem = alice.post(URL, report_body(weapon="catapult"), HTTP_ACCEPT_LANGUAGE="de").json()
    assert not ARABIC.search(str(problem))
