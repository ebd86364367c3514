"""Which properties come along, and queryables as parameters."""

import pytest

from feed import items
from feed.sealing import seal
from tests.feed.making import ITEMS, entry, published

CONTEXT = "/ogc/collections/context-events/items"


@pytest.fixture
def graded(db):
    made = [
        entry(grade="fair", killed_min=3, pcodes=["IQ01", "IQ0101"]),
        entry(grade="confirmed", killed_min=3, pcodes=["IQ01"]),
        entry(grade="fair", killed_min=0),
    ]
    seal()
    return [str(one.object_id) for one in made]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grade=fair", {0, 2}),
        ("grade=fair&killed_min=3", {0}),
        ("grade=fair&filter=killed_min%3D0", {2}),
        ("pcodes=IQ01", {0, 1}),
        ("pcodes=IQ01,IQ0101", {0}),
        ("time_start=2014-05-11", {0, 1, 2}),
        ("time_start=2014-05-11T00:00:00Z&killed_min=0", {2}),
        ("grade=fair' OR 1=1 --", set()),
    ],
)
def test_a_queryable_is_a_parameter(client, graded, query, found):
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 200, answer.content
    ids = {feature["id"] for feature in answer.json()["features"]}
    assert ids == {graded[number] for number in found}


@pytest.mark.parametrize(
    "query", ["killed_min=many", "killed_min=nan", "time_start=x", "geometry=POINT(0 0)", "title=x"]
)
def test_what_cannot_be_compared_is_refused(client, db, query):
    assert client.get(f"{ITEMS}?{query}").status_code == 400


def test_a_collection_knows_its_own_queryables_alone(client, db):
    assert client.get(f"{CONTEXT}?weapon=unknown").status_code == 400
    assert client.get(f"{CONTEXT}?grade=fair").status_code == 200


def test_only_the_properties_asked_for_and_the_terms_of_use(client, db, layer):
    published()
    (feature,) = client.get(f"{ITEMS}?properties=grade,country").json()["features"]
    assert set(feature["properties"]) == {"grade", "country", "version", "license", "attribution"}
    (whole,) = client.get(ITEMS).json()["features"]
    assert feature["id"] == whole["id"]
    assert feature["geometry"] == whole["geometry"]


def test_an_unknown_property_is_refused(client, db):
    answer = client.get(f"{ITEMS}?properties=grade,phone")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "properties"


def test_what_only_partners_are_shown_cannot_be_chosen_by_the_public(client, db, layer):
    published(title="Umm Ahmed's house")
    answer = client.get(f"{ITEMS}?properties=title,place_name")
    assert b"Umm Ahmed" not in answer.content


def test_a_filter_that_takes_too_long_is_refused(client, graded, monkeypatch):
    monkeypatch.setattr(items, "LONGEST", "50ms")
    monkeypatch.setattr(items._Statement, "text", lambda self: "SELECT pg_sleep(60)")
    answer = client.get(f"{ITEMS}?grade=fair")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "filter"
