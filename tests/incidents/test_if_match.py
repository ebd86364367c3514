"""A write says which version it is based on."""

import pytest

from tests.factories import make_incident
from tests.incidents.judging import based_on, fresh, merge, split, undo, url
from tests.incidents.test_judging import assess, publish
from tests.incidents.test_workflow import move, withdraw

GRADE = {"grade": "fair", "reason": "r"}
WRITES = {
    "assessments": GRADE,
    "publish": {},
    "triage": {"step": "triage"},
    "withdraw": {"reason": "r"},
    "merge": {"incidents": [], "reason": "r"},
    "split": {"reports": [], "reason": "r"},
}


def test_an_incident_answers_with_its_version_as_etag(bob):
    incident = make_incident()
    assert bob.get(url(incident))["ETag"] == '"1"'
    assess(bob, incident)
    assert bob.get(url(incident))["ETag"] == '"2"'


def test_each_write_answers_with_the_version_it_made(bob):
    one, two = make_incident(), make_incident()
    assert assess(bob, one)["ETag"] == '"2"'
    assert publish(bob, one, 2)["ETag"] == '"2"'
    assert withdraw(bob, one)["ETag"] == '"3"'
    assert move(bob, one, "review")["ETag"] == '"4"'
    merged = merge(bob, one, two)
    assert merged["ETag"] == '"5"'
    assert undo(bob, merged.json(), one)["ETag"] == '"6"'
    assert fresh(one).version == 6


def test_a_split_answers_with_the_version_of_the_new_incident(bob):
    one, two = make_incident(), make_incident()
    report = two.reports.get()
    merge(bob, one, two)
    answer = split(bob, one, report)
    assert answer["ETag"] == bob.get(answer["Location"])["ETag"] == '"1"'


@pytest.mark.parametrize("step", WRITES)
def test_a_write_without_a_version_is_428(bob, step):
    answer = bob.post(url(make_incident(), f"{step}/"), WRITES[step])
    assert (answer.status_code, answer["Content-Type"]) == (428, "application/problem+json")
    assert answer.json()["type"] == "urn:harmwatch:problem:precondition-required"
    assert 'If-Match: "3"' in answer.json()["detail"]


def test_undoing_without_a_version_is_428(bob):
    one, two = make_incident(), make_incident()
    record = merge(bob, one, two).json()
    answer = bob.post(f"/api/v1/merges/{record['id']}/undo/", {"reason": "r"})
    assert answer.status_code == 428


@pytest.mark.parametrize("step", WRITES)
def test_a_version_in_the_body_is_not_taken_for_one(bob, step):
    body = WRITES[step] | {"version": 1}
    answer = bob.post(url(make_incident(), f"{step}/"), body, **based_on(1))
    assert answer.status_code == 400
    assert "version" in {error["field"] for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    "given", ["*", '"1", "2"', '"1",', "1", '"1', "''", '"1"; q=1', "\u00e9", "٣"]
)
def test_what_names_no_single_version_is_400(bob, given):
    incident = make_incident()
    answer = bob.post(url(incident, "assessments/"), GRADE, HTTP_IF_MATCH=given)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "If-Match"
    assert fresh(incident).version == 1


@pytest.mark.parametrize(
    "given", ['W/"1"', '"one"', '""', '"0"', '"01"', '"-1"', '"1.0"', '"1' + "0" * 99 + '"']
)
def test_a_tag_that_no_version_ever_had_is_412(bob, given):
    incident = make_incident()
    answer = bob.post(url(incident, "assessments/"), GRADE, HTTP_IF_MATCH=given)
    assert answer.status_code == 412
    assert answer.json()["type"] == "urn:harmwatch:problem:precondition-failed"
    assert fresh(incident).version == 1


def test_a_version_that_is_yet_to_come_is_412(bob):
    answer = assess(bob, make_incident(), version=999_999_999)
    assert (answer.status_code, answer.json()["current_version"]) == (412, 1)


def test_outsiders_are_refused_before_their_version_is_looked_at(alice, nobody):
    incident = make_incident()
    for step, body in WRITES.items():
        assert alice.post(url(incident, f"{step}/"), body).status_code == 403
        assert nobody.post(url(incident, f"{step}/"), body).status_code == 401
