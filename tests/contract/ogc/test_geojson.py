"""Part 1, GeoJSON: each test bears the name of its abstract test."""

from tests.contract.ogc.asking import GEOJSON


def test_conf_geojson_definition(ask, db):
    """Features are described, and answered, as application/geo+json."""
    paths = ask.document("api")["paths"]
    for path in (
        "/collections/{collectionId}/items",
        "/collections/{collectionId}/items/{featureId}",
        "/collections/admin-units/items",
        "/collections/admin-units/items/{unit_id}",
    ):
        assert GEOJSON in paths[path]["get"]["responses"]["200"]["content"]


def test_conf_geojson_content(ask, check, feed):
    """Coordinates are longitude before latitude, in degrees, with no ``crs`` member (RFC 7946)."""
    for collection in ask.collections():
        page = ask.document(f"collections/{collection}/items")
        check("featureCollectionGeoJSON", page)
        assert "crs" not in page
        for feature in page["features"]:
            check("featureGeoJSON", feature)
            assert isinstance(feature["id"], str)
    (aleppo,) = ask.document("collections/incidents/items", {"country": "SY"})["features"]
    assert aleppo["geometry"]["coordinates"] == [37.2, 36.2]


def test_conf_geojson_content_of_documents(ask, check, feed):
    for path, schema in (
        ("", "landingPage"),
        ("conformance", "confClasses"),
        ("collections", "collections"),
        ("collections/incidents", "collection"),
    ):
        answer = ask.answer(path, HTTP_ACCEPT="application/json")
        assert answer["Content-Type"] == "application/json"
        check(schema, answer.json())


def test_formats_by_accept_and_by_f(ask, feed):
    """``f`` goes before Accept; what is not known in Accept gives GeoJSON, in ``f`` a refusal."""
    items = "collections/incidents/items"
    types = {
        "application/geo+json": GEOJSON,
        "application/json": GEOJSON,
        "*/*": GEOJSON,
        "text/csv": "text/csv; charset=utf-8",
        "application/geo+json-seq": "application/geo+json-seq",
        "application/vnd.apache.parquet": "application/vnd.apache.parquet",
        "image/png": GEOJSON,
    }
    for accepted, type_ in types.items():
        answer = ask.answer(items, HTTP_ACCEPT=accepted)
        assert (answer.status_code, answer["Content-Type"]) == (200, type_)
        assert "Accept" in answer["Vary"]
    assert ask.answer(items, {"f": "json"}, HTTP_ACCEPT="text/csv")["Content-Type"] == GEOJSON
    ask.refused(items, {"f": "gml"}, "f")
