import json

from incidents.models import Report
from incidents.services.boundaries import demo_boundaries_load
from tests.factories import report_body

URL = "/api/v1/reports/"


def test_the_same_key_and_content_give_the_same_receipt_and_one_report(alice):
    body = json.dumps(report_body())
    first = alice.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    second = alice.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Report.objects.count() == 1


def test_without_a_key_the_same_body_is_the_same_report(alice):
    body = json.dumps(report_body())
    assert alice.post(URL, body).json()["id"] == alice.post(URL, body).json()["id"]


def test_the_same_key_with_other_content_is_refused(alice):
    alice.post(URL, report_body(), HTTP_IDEMPOTENCY_KEY="k")
    answer = alice.post(URL, report_body(title="Another"), HTTP_IDEMPOTENCY_KEY="k")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:harmwatch:problem:idempotency-conflict"
    assert Report.objects.count() == 1


def test_two_organisations_may_use_the_same_key(alice, charlie):
    first = alice.post(URL, report_body(), HTTP_IDEMPOTENCY_KEY="k")
    second = charlie.post(URL, report_body(title="Mine"), HTTP_IDEMPOTENCY_KEY="k")
    assert second.status_code == 201
    assert first.json()["id"] != second.json()["id"]


def test_a_replay_returns_the_salts_again(alice):
    body = json.dumps(report_body(reporter={"contact": "0770"}))
    first = alice.post(URL, body, HTTP_IDEMPOTENCY_KEY="k").json()
    assert alice.post(URL, body, HTTP_IDEMPOTENCY_KEY="k").json()["salts"] == first["salts"]


def test_a_replay_is_not_judged_by_what_was_learned_since(alice):
    swapped = report_body(location__longitude=33.3497, location__latitude=43.7841)
    body = json.dumps(swapped)
    first = alice.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    demo_boundaries_load()
    again = alice.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
