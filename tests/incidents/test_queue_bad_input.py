"""A filter that is not understood is refused by name: ignored, it would seem to match all."""

import pytest

from tests.factories import make_incident

QUEUE = "/api/v1/incidents/"
BAD = [
    ("state", ""),
    ("state", "old"),
    ("state", "new,"),
    ("state", "new, triaged"),
    ("grade", "sure"),
    ("grade", "x" * 5000),
    ("kind", "peace"),
    ("weapon", "barrel_bomb;mortar"),
    ("country", "iq"),
    ("country", "IRQ"),
    ("assigned_to", "bob"),
    ("assigned_to", "' OR 1=1"),
    ("bbox", "nan,0,1,1"),
    ("bbox", "1,2,3"),
    ("bbox", "0,5,1,4"),
    ("time_from", "yesterday"),
    ("time_from", "2014-02-30"),
    ("time_from", "2014-05-11T12:00:00"),
    ("time_until", "0001-01-01T00:00:00+14:00"),
    ("time_until", "2014-05-11\n\n2"),
    ("has_flags", "perhaps"),
    ("minimum_independent_sources", "-1"),
    ("minimum_independent_sources", "1.5"),
    ("minimum_independent_sources", "9" * 30),
    ("q", ""),
    ("q", "x" * 201),
    ("q", "a\x00b"),
    ("order", "random"),
    ("limit", "0"),
    ("cursor", "e30"),
    ("colour", "red"),
    ("version__gt", "1"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_parameter_is_refused_by_name(bob, name, value):
    make_incident()
    answer = bob._client.get(QUEUE, {name: value}, **bob._headers)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == name


def test_a_parameter_given_twice_is_refused(bob):
    answer = bob.get(f"{QUEUE}?state=new&state=triaged")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "repeated")


def test_a_range_of_time_the_wrong_way_round_is_refused(bob):
    answer = bob.get(f"{QUEUE}?time_from=2014-05-12&time_until=2014-05-11")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "time_until"


def test_text_that_is_no_unicode_finds_nothing_and_breaks_nothing(bob):
    make_incident()
    assert bob.get(f"{QUEUE}?q=%ff%fe").json()["results"] == []
