"""Part 3, Queryables: each test bears the name of its abstract test."""

from tests.contract.ogc.asking import links_of

REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SCHEMA = "application/schema+json"


def test_conf_queryables_get_conformance(ask, db):
    declared = ask.document("conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables" in declared


def test_conf_queryables_get_queryables(ask, db):
    for collection in ask.collections():
        path = f"collections/{collection}/queryables"
        answer = ask.answer(path, HTTP_ACCEPT=SCHEMA)
        assert (answer.status_code, answer["Content-Type"]) == (200, SCHEMA)
        document = answer.json()
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"] == f"http://testserver/ogc/{path}"
        assert document["type"] == "object"
        assert document["properties"]
        assert document["additionalProperties"] is False


def test_conf_queryables_get_collection(ask, db):
    for collection in ask.collections():
        (link,) = links_of(ask.document(f"collections/{collection}"), REL)
        assert link["href"] == f"http://testserver/ogc/collections/{collection}/queryables"


def test_conf_queryables_of_what_is_not_there(ask, db):
    assert ask.answer("collections/rumours/queryables").status_code == 404
