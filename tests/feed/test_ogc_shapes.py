"""Answers against the schemas that OGC publishes, and what Part 1 asks of links and documents."""

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from feed.feature_schema import FEATURE_PROPERTIES
from feed.models import Kind
from feed.params import ITEMS_PARAMETERS, equalities_of
from feed.sealing import seal
from tests.feed.making import ITEMS, entry, features, published

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "data" / "ogc_features_schemas"
RFC3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


@pytest.fixture(scope="session")
def check():
    """Return a function that validates a document by the name of an OGC schema."""
    if not SCHEMAS.is_dir():
        pytest.skip(
            "the OGC schemas (shared/data/ogc_features_schemas) are not beside this checkout"
        )
    # The files write the type null without quotes, which YAML reads as nothing.
    texts = {p.name: p.read_text().replace("type: null", "type: 'null'") for p in SCHEMAS.iterdir()}
    contents = {name: yaml.safe_load(text) for name, text in texts.items() if ".yaml" in name}
    resources = [
        (name, Resource.from_contents(content, default_specification=DRAFT202012))
        for name, content in contents.items()
    ]
    registry = Registry().with_resources(resources)

    def validate(name, document):
        Draft202012Validator({"$ref": name}, registry=registry).validate(document)

    return validate


@pytest.fixture
def rows(db):
    made = [entry(), entry(None), entry(179.9, 10.0)]
    seal()
    return made


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", "landingPage"),
        ("conformance", "confClasses"),
        ("collections", "collections"),
        ("collections/incidents", "collection"),
        ("collections/incidents/items", "featureCollectionGeoJSON"),
        ("collections/incidents/items?limit=1", "featureCollectionGeoJSON"),
        ("collections/incidents/items?bbox=170,0,-170,20", "featureCollectionGeoJSON"),
    ],
)
@pytest.mark.parametrize("reader", ["public", "partner"])
def test_answers_have_the_standards_shape(request, check, rows, reader, path, schema):
    answer = request.getfixturevalue(reader).get(f"/ogc/{path}")
    assert answer.status_code == 200
    check(f"{schema}.yaml", answer.json())


@pytest.mark.parametrize("reader", ["public", "partner"])
def test_real_features_have_the_standards_shape(request, check, layer, reader):
    incident = published()
    client = request.getfixturevalue(reader)
    check("featureCollectionGeoJSON.yaml", client.get(ITEMS).json())
    check("featureGeoJSON.yaml", client.get(f"{ITEMS}/{incident.id}").json())


def test_refusals_have_the_standards_shape(check, public, db):
    for path in ("collections/rumours", "collections/incidents/items?limit=0", "x"):
        check("exception.yaml", public.get(f"/ogc/{path}").json())


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
    # Each has its predicates in tests/feed/cql2/test_predicates.py.
    assert sorted(one.rpartition("/")[2] for one in declared[4:]) == [
        "advanced-comparison-operators",
        "array-functions",
        "basic-cql2",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "case-insensitive-comparison",
        "cql2-json",
        "cql2-text",
        "features-filter",
        "filter",
        "property-property",
        "queryables",
        "queryables-query-parameters",
        "spatial-functions",
        "temporal-functions",
    ]


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
        "/collections/{collection_id}",
        "/collections/{collection_id}/items",
        "/collections/{collection_id}/queryables",
        "/collections/{collection_id}/items/{feature_id}",
        "/collections/admin-units/items",
        "/collections/admin-units/items/{unit_id}",
    }
    assert set(document["components"]["schemas"]) == {"Problem", "ProblemField"}


def test_the_description_names_parameters_as_part_1_says(public, db):
    operation = public.get("/ogc/api").json()["paths"]["/collections/{collection_id}/items"]["get"]
    parameters = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
    assert set(parameters) == {"f"} | ITEMS_PARAMETERS | equalities_of(Kind.INCIDENT).keys()
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
