"""Every answer of ``/ogc/`` against the schemas of Part 1: full and empty, for both audiences."""

import pytest

from feed.models import Audience
from feed.risk import risk_publish_if_due
from feed.sealing import seal
from tests.contract.ogc.asking import Asking
from tests.feed.making import entry, published

DOCUMENTS = {"": "landingPage", "conformance": "confClasses", "collections": "collections"}
REFUSED = ("x", "collections/x", "collections?x=1", "collections/incidents/items?limit=0")


def walk(ask, check):
    """Check all documents and pages; return how many features each collection showed."""
    for path, schema in DOCUMENTS.items():
        check(schema, ask.document(path))
    shown = {}
    for collection in ask.collections():
        check("collection", ask.document(f"collections/{collection}"))
        assert ask.document(f"collections/{collection}/queryables")
        for given in ({}, {"limit": 1}, {"bbox": "170,-30,-170,40"}, {"datetime": "../2030-01-01"}):
            page = ask.document(f"collections/{collection}/items", given)
            check("featureCollectionGeoJSON", page)
        features = ask.document(f"collections/{collection}/items")["features"]
        for feature in features[:3]:
            alone = ask.document(f"collections/{collection}/items/{feature['id']}")
            check("featureGeoJSON", alone)
        shown[collection] = len(features)
    for path in REFUSED:
        answer = ask.answer(path)
        assert answer["Content-Type"] == "application/problem+json"
        check("exception", answer.json())
    return shown


@pytest.mark.parametrize("reader", ["public", "partner"])
def test_of_nothing(request, check, db, reader):
    shown = walk(Asking(request.getfixturevalue(reader)), check)
    assert set(shown.values()) == {0}


@pytest.mark.parametrize("reader", ["public", "partner"])
def test_of_all_collections(request, check, feed, reader):
    shown = walk(Asking(request.getfixturevalue(reader)), check)
    assert all(shown[name] for name in ("incidents", "context-events", "risk-cells", "admin-units"))


@pytest.mark.parametrize("reader", [*Audience])
def test_of_what_was_really_published(request, check, layer, units, reader):
    published()
    entry(audience=reader, weapon="mortar", uncertainty_m=0.0, grade="fair")
    seal()
    risk_publish_if_due(reader)
    seal()
    shown = walk(Asking(request.getfixturevalue(reader)), check)
    assert shown["incidents"]
    assert shown["risk-cells"]
