"""Part 5, Schemas: each test bears the name of its abstract test, and looks at every collection."""

import pytest
from jsonschema import Draft202012Validator

from tests.contract.ogc.asking import links_of

REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"
SCHEMA = "application/schema+json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OF_ANY = {"$schema", "$id", "title", "description", "type", "properties", "required"}
WORDS = _OF_ANY | {"format", "enum", "minimum", "items", "additionalProperties", "x-ogc-role"}
TIMES = ("time_start", "time_end")


@pytest.fixture(params=["public", "partner"])
def schemas(request, ask, db):
    """Return the schema of each collection, as the public or a partner gets it."""
    client = request.getfixturevalue(request.param)
    return {
        name: client.get(f"/ogc/collections/{name}/schema").json() for name in ask.collections()
    }


def words_of(schema):
    yield from schema
    for inner in schema.get("properties", {}).values():
        yield from words_of(inner)
    for name in ("items", "additionalProperties"):
        if name in schema:
            yield from words_of(schema[name])


def test_conf_schemas_basic_schema_inspection(ask, schemas):
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert (schema["$schema"], schema["type"]) == (DIALECT, "object")
        assert schema["$id"] == f"http://testserver/ogc/collections/{name}/schema"
        answer = ask.answer(schema["$id"], HTTP_ACCEPT=SCHEMA)
        assert (answer.status_code, answer["Content-Type"]) == (200, SCHEMA)
        assert set(words_of(schema)) <= WORDS
        for described in schema["properties"].values():
            if described.get("format", "").startswith("geometry-"):
                assert not {"type", "$ref"} & described.keys()
            else:
                assert isinstance(described["type"], str)
            assert described["title"]


def test_conf_schemas_basic_schema_inspection_of_times(schemas):
    """Days for the public, moments for partners."""
    formats = {name: schemas["incidents"]["properties"][name]["format"] for name in TIMES}
    is_partners = "alleged_actor" in schemas["incidents"]["properties"]
    assert set(formats.values()) == {"date-time" if is_partners else "date"}
    assert schemas["risk-cells"]["properties"]["origin"]["format"] == "date"


def test_conf_schemas_role(schemas):
    for schema in schemas.values():
        for described in schema["properties"].values():
            assert isinstance(described.get("x-ogc-role", ""), str)


def test_conf_schemas_role_id(schemas):
    for schema in schemas.values():
        (found,) = [one for one in schema["properties"].values() if one.get("x-ogc-role") == "id"]
        assert found["type"] == "string"


def test_recommendation_part_1_descriptions(ask, check, db):
    """Schemas of another kind than Part 5's have the relation describedby, in both spellings."""
    for collection in ask.collections():
        document = ask.document(f"collections/{collection}")
        for rel in ("describedby", "describedBy"):
            (link,) = links_of(document, rel)
            assert link["type"] == SCHEMA
            assert ask.answer(link["href"], HTTP_ACCEPT=SCHEMA)["Content-Type"] == SCHEMA
