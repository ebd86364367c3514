"""Part 5, Returnables and receivables: each test bears the name of its abstract test.

Nothing is received here, so that response-2 (features sent in) has nothing to test.
"""

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from feed.risk import risk_publish_if_due
from feed.sealing import seal
from tests.contract.ogc.asking import Asking, links_of
from tests.contract.ogc.rows import log_row
from tests.contract.ogc.test_schemas import REL, SCHEMA
from tests.feed.making import DAY, published


def without_nulls(part):
    """Return a part of a feature as the schemas read it: what is null is not there."""
    if isinstance(part, list):
        return [without_nulls(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: without_nulls(one) for name, one in part.items() if one is not None}


def as_data(feature):
    """Return what the schema of the data describes: identifier and properties side by side."""
    return without_nulls({"id": feature["id"], **feature["properties"]})


def test_conf_returnables_and_receivables_get_conformance(ask, db):
    declared = ask.document("conformance")["conformsTo"]
    base = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf"
    assert {f"{base}/schemas", f"{base}/returnables-and-receivables"} <= set(declared)


def test_conf_returnables_and_receivables_link(ask, db):
    for collection in ask.document("collections")["collections"]:
        alone = ask.document(f"collections/{collection['id']}")
        for document in (collection, alone):
            (link,) = links_of(document, REL)
            assert link["href"] == f"http://testserver/ogc/collections/{collection['id']}/schema"


def test_conf_returnables_and_receivables_op_and_response(ask, db):
    """That each conforms to the class Schemas is in test_schemas.py."""
    for collection in ask.collections():
        answer = ask.answer(f"collections/{collection}/schema", HTTP_ACCEPT=SCHEMA)
        assert (answer.status_code, answer["Content-Type"]) == (200, SCHEMA)
    for path in ("schema", "schema/geojson"):
        assert ask.answer(f"collections/rumours/{path}").status_code == 404
        ask.refused(f"collections/incidents/{path}", {"x": "1"}, "x")


@pytest.mark.parametrize("reader", ["public", "partner"])
def test_conf_returnables_and_receivables_response_1(request, layer, units, reader):
    """Against both schemas, of what was really published, each feature alone and in its page."""
    published(claims__0__sex="any")
    shown = {"weapon": "mortar", "uncertainty_m": 0.0, "grade": "fair"}
    log_row(reader, start=DAY, place=(43.8, 33.3), **shown)
    seal()
    risk_publish_if_due(reader)
    seal()
    ask = Asking(request.getfixturevalue(reader))
    seen = set()
    for collection in ask.collections():
        data, geojson = (
            Draft202012Validator(
                ask.document(f"collections/{collection}/{path}"), format_checker=FormatChecker()
            )
            for path in ("schema", "schema/geojson")
        )
        named = data.schema["properties"].keys()
        for feature in ask.document(f"collections/{collection}/items")["features"]:
            alone = ask.document(f"collections/{collection}/items/{feature['id']}")
            for one in (feature, alone):
                data.validate(as_data(one))
                properties = without_nulls(one["properties"])
                geojson.validate({**one, "properties": properties})
                assert one["properties"].keys() <= named
            seen.add(collection)
    assert {"incidents", "exposure", "risk-cells", "admin-units"} <= seen
