"""What Part 1 asks of links and documents; tests/contract/ogc has the standard's own tests."""

import re

import pytest
from jsonschema import Draft202012Validator

from feed.feature_schema import FEATURE_PROPERTIES
from feed.models import Kind
from feed.params import ITEMS_PARAMETERS, equalities_of
from feed.sealing import seal
from tests.feed.making import ITEMS, entry, features, published

RFC3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


@pytest.fixture
def rows(db):
    made = [entry(), entry(None), entry(179.9, 10.0)]
    seal()
    return made


def links(document):
    return {link["rel"]: link for link in document["links"]}


def test_every_part_is_found_from_the_landing_page(public, rows):
    landing = links(public.get("/ogc/").json())
    assert set(landing) == {
        *("self", "alternate", "service-desc", "service-doc", "conformance", "data")
    }
    for link in landing.values():
        answer = public.get(link["href"])
        assert answer.status_code == 200
        assert answer["Content-Type"].removesuffix("; charset=utf-8") == link["type"]
    collections = public.get(landing["data"]["href"]).json()["collections"]
    assert [collection["id"] for collection in collections] == [
        "incidents",
        "context-events",
        "exposure",
        "risk-cells",
        "admin-units",
    ]
    for collection in collections:
        for rel, link in links(collection).items():
            if rel == "license":  # not of ours
                continue
            answer = public.get(link["href"])
            assert answer.status_code == 200
            assert answer["Content-Type"].removesuffix("; charset=utf-8") == link["type"]


def test_links_are_absolute_and_name_the_host_that_was_asked(public, rows):
    page = public.get(f"{ITEMS}?limit=1", HTTP_HOST="localhost").json()
    assert links(page)["self"]["href"] == f"http://localhost{ITEMS}?limit=1"
    assert links(page)["next"]["href"].startswith(f"http://localhost{ITEMS}?limit=1&cursor=")


def test_a_page_says_when_it_was_made_and_how_much_it_holds(public, rows):
    page = public.get(ITEMS).json()
    assert page["numberReturned"] == len(page["features"]) == 3
    assert re.fullmatch(RFC3339, page["timeStamp"])


def test_only_classes_that_are_met_are_declared(public, db):
    declared = public.get("/ogc/conformance").json()["conformsTo"]
    base = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
    assert declared[:4] == [f"{base}/{name}" for name in ("core", "geojson", "oas30", "html")]


def test_the_description_is_the_feeds_alone(public, db):
    answer = public.get("/ogc/api")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.json()
    assert document["openapi"].startswith("3.0")
    assert document["servers"] == [{"url": "http://testserver/ogc"}]
    assert set(document["paths"]) == {
        "/",
        "/api",
        "/conformance",
        "/collections",
        "/collections/{collectionId}",
        "/collections/{collectionId}/items",
        "/collections/{collectionId}/queryables",
        "/collections/{collectionId}/schema",
        "/collections/{collectionId}/schema/geojson",
        "/collections/{collectionId}/items/{featureId}",
        "/collections/admin-units/items",
        "/collections/admin-units/items/{unit_id}",
    }
    assert set(document["components"]["schemas"]) == {"Problem", "ProblemField"}


def test_the_description_names_parameters_as_part_1_says(public, db):
    operation = public.get("/ogc/api").json()["paths"]["/collections/{collectionId}/items"]["get"]
    parameters = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
    queryables = equalities_of(Kind.INCIDENT).keys() | equalities_of(Kind.EXPOSURE).keys()
    assert set(parameters) == {"f"} | ITEMS_PARAMETERS | queryables
    assert parameters["bbox"]["style"] == "form"
    assert parameters["bbox"]["explode"] is False
    assert parameters["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10_000,
        "default": 100,
    }


@pytest.mark.parametrize("audience", ["public", "partner"])
def test_features_are_as_the_description_says(layer, units, audience):
    """OpenAPI 3.0's ``nullable`` is the only thing in which it is not JSON Schema here."""
    (feature,) = features(audience, published(claims__0__sex="any"))
    for name, value in feature["properties"].items():
        schema = dict(FEATURE_PROPERTIES[name])
        if value is None:
            assert schema.pop("nullable"), name
        else:
            Draft202012Validator(_with_null(schema)).validate(value)


def _with_null(schema):
    if isinstance(schema, dict):
        inner = {name: _with_null(part) for name, part in schema.items() if name != "nullable"}
        return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") else inner
    return [_with_null(part) for part in schema] if isinstance(schema, list) else schema
