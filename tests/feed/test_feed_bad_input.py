"""Every refusal names the parameter, in a problem document."""

import pytest

from tests.feed.making import ITEMS

BAD = [
    ("bbox", "nan,0,1,1"),
    ("bbox", "0,0,inf,1"),
    ("bbox", "1,2,3,4,5"),
    ("bbox", "1,2,3"),
    ("bbox", ""),
    ("bbox", "a,b,c,d"),
    ("bbox", "0,5,1,4"),
    ("bbox", "0,0,181,1"),
    ("bbox", "0,-91,1,1"),
    ("limit", "0"),
    ("limit", "000"),
    ("limit", "-5"),
    ("limit", "ten"),
    ("limit", "1.5"),
    ("limit", ""),
    ("limit", "٣"),
    ("datetime", ""),
    ("datetime", "yesterday"),
    ("datetime", "2014"),
    ("datetime", "2014-02-30"),
    ("datetime", "0000-01-01"),
    ("datetime", "2014-05-11T12:00:00"),
    ("datetime", "2014-05-11T25:00:00Z"),
    ("datetime", "0001-01-01T00:00:00+14:00"),
    ("datetime", "9999-12-31T23:59:59-14:00"),
    ("datetime", "2014-05-12/2014-05-11"),
    ("datetime", "2014-05-11/2014-05-12/2014-05-13"),
    ("datetime", ".."),
    ("datetime", "../.."),
    ("datetime", "/"),
    ("datetime", "2014-05-11\x00"),
    ("filter", "title='x'"),
    ("filters", "grade='fair'"),
    ("colour", "red"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_parameter_is_refused_by_name(public, name, value):
    answer = public.get(ITEMS, {name: value})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:harmwatch:problem:invalid-input"
    assert [error["field"] for error in problem["errors"]] == [name]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["", "api", "conformance", "collections", "collections/incidents"])
def test_an_unknown_parameter_is_refused_everywhere(public, path):
    answer = public.get(f"/ogc/{path}", {"limit": "3"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    "path",
    [
        "collections/rumours",
        "collections/rumours/items",
        "collections/rumours/items/00000000-0000-7000-8000-000000000000",
        "collections/incidents/items/00000000-0000-7000-8000-000000000000",
        "collections/incidents/items/rubbish",
        "collections/incidents/items/%00",
        "collections/incidents/items/1;drop",
        "elsewhere",
        "collections/",
    ],
)
def test_what_is_not_there_is_not_found(public, path):
    answer = public.get(f"/ogc/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here(public, method):
    answer = getattr(public, method)(ITEMS)
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
