"""Part 3, Features Filter: what is told of ``items``; test_filter.py has how it answers."""


def test_conf_features_filter_get_conformance(ask, db):
    declared = ask.document("conformance")["conformsTo"]
    base = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
    assert {f"{base}/filter", f"{base}/features-filter"} <= set(declared)


def test_conf_features_filter_filter_on_items(ask, db):
    """The parameters are described for all collections."""
    paths = ask.document("api")["paths"]
    for path in ("/collections/{collectionId}/items", "/collections/admin-units/items"):
        known = {one["name"]: one["schema"] for one in paths[path]["get"]["parameters"]}
        assert known["filter"] == {"type": "string"}
        assert known["filter-lang"]["enum"] == ["cql2-text", "cql2-json"]
        assert known["filter-lang"]["default"] == "cql2-text"
        assert known["filter-crs"]["enum"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
