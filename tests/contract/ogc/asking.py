"""What the contract tests ask the feed with, and the schemas that OGC publishes."""

import json
from pathlib import Path

import cql2
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SCHEMAS = Path(__file__).resolve().parents[4] / "shared" / "data" / "ogc_features_schemas"
GEOJSON = "application/geo+json"


def validator():
    """Return a function that validates a document by the name of an OGC schema, or skip the test.

    The files are JSON Schema as OpenAPI 3.1 has it, but for ``type: null`` without quotes, which
    YAML reads as nothing.
    """
    if not SCHEMAS.is_dir():
        pytest.skip(
            "the OGC schemas (shared/data/ogc_features_schemas) are not beside this checkout"
        )
    resources = []
    for path in SCHEMAS.glob("*.yaml"):
        text = path.read_text().replace("type: null", "type: 'null'").replace("- null", "- 'null'")
        content = yaml.safe_load(text)
        resources.append(
            (path.name, Resource.from_contents(content, default_specification=DRAFT202012))
        )
    registry = Registry().with_resources(resources)

    def validate(name, document):
        schema = {"$ref": f"{name}.yaml"}
        Draft202012Validator(schema, registry=registry, format_checker=FormatChecker()).validate(
            document
        )

    return validate


def links_of(document, rel):
    """Return the links of one relation."""
    return [link for link in document["links"] if link["rel"] == rel]


class Asking:
    """The feed, asked by a client."""

    def __init__(self, client):
        self.client = client

    def answer(self, path, given=None, **headers):
        """Return the answer at a path below ``/ogc/``, or at a whole address."""
        address = path if "://" in path else f"/ogc/{path}"
        return self.client.get(address, given or {}, **headers)

    def document(self, path, given=None, **headers):
        """Return what is there, which must be."""
        answer = self.answer(path, given, **headers)
        assert answer.status_code == 200, (path, given, answer.content)
        return answer.json()

    def refused(self, path, given=None, field=None):
        """Assert that a request is refused by the name of a parameter."""
        answer = self.answer(path, given)
        assert answer.status_code == 400, (path, given, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
        if field:
            assert [error["field"] for error in answer.json()["errors"]] == [field]

    def collections(self):
        """Return the ids of all collections."""
        return [one["id"] for one in self.document("collections")["collections"]]

    def items(self, collection, **given):
        """Return the ids that a collection gives on one page."""
        page = self.document(f"collections/{collection}/items", given)
        return [feature["id"] for feature in page["features"]]

    def queryables(self, collection):
        """Return the JSON Schemas of what a collection can be filtered on."""
        return self.document(f"collections/{collection}/queryables")["properties"]

    def filtered(self, collection, text):
        """Return the ids that a filter finds, the same written as CQL2 text and as CQL2 JSON."""
        written = json.dumps(cql2.parse_text(text).to_json())
        by_text = self.items(collection, filter=text, limit=100)
        by_json = self.items(collection, filter=written, limit=100, **{"filter-lang": "cql2-json"})
        assert by_text == by_json, text
        return set(by_text)

    def refused_filter(self, collection, text, language="cql2-text"):
        """Assert that a filter is refused as one."""
        given = {"filter": text, "filter-lang": language}
        self.refused(f"collections/{collection}/items", given, "filter")


def type_of(schema):
    """Return the CQL2 data type of a queryable."""
    if schema.get("format", "").startswith("geometry"):
        return "geometry"
    formats = {"date-time": "timestamp", "interval": "interval"}
    return formats.get(schema.get("format"), schema["type"])


# A value of each data type as the abstract tests take it.
VALUES = {
    "string": "'foo'",
    "number": "3.14",
    "integer": "1",
    "boolean": "true",
    "timestamp": "TIMESTAMP('2022-04-14T14:48:46Z')",
}
