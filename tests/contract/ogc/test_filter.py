"""Part 3, Filter: each test bears the name of its abstract test. The resource is ``items``."""

import json

WORLD = "S_INTERSECTS(geometry,BBOX(-180,-90,180,90))"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def test_conf_filter_get_conformance(ask, db):
    declared = ask.document("conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter" in declared


def test_conf_filter_filter_param(ask, feed):
    for collection in ask.collections():
        whole = set(ask.items(collection))
        for name in ask.queryables(collection):
            unknown = ask.filtered(collection, f"{name} IS NULL")
            known = ask.filtered(collection, f"NOT {name} IS NULL")
            assert unknown | known == whole, (collection, name)
            assert not unknown & known, (collection, name)
        ask.refused_filter(collection, "THIS IS NOT A FILTER")
        ask.refused_filter(collection, "THIS IS NOT A FILTER", "cql2-json")


def test_conf_filter_filter_lang_default(ask, feed):
    for collection in ask.collections():
        path = f"collections/{collection}/items"
        text = "geometry IS NOT NULL"
        named = ask.items(collection, filter=text, **{"filter-lang": "cql2-text"})
        assert ask.items(collection, filter=text) == named
        ask.refused(path, {"filter": json.dumps({"op": "isNull", "args": []})}, "filter")
        ask.refused(path, {"filter": text, "filter-lang": "sql"}, "filter-lang")


def test_conf_filter_expression_construction(ask, feed):
    for collection in ask.collections():
        ask.refused_filter(collection, "this_is_not_a_queryable IS NULL")


def test_conf_filter_filter_crs_wgs84(ask, feed):
    for collection in ask.collections():
        placed = ask.filtered(collection, "geometry IS NOT NULL")
        assert ask.filtered(collection, WORLD) == placed
        off = "S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))"
        ask.refused_filter(collection, off)


def test_conf_filter_filter_crs_param(ask, feed):
    for collection in ask.collections():
        for crs in ask.document(f"collections/{collection}")["crs"]:
            named = ask.items(collection, filter=WORLD, **{"filter-crs": crs})
            assert set(named) == ask.filtered(collection, WORLD)
        wrong = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"
        given = {"filter": WORLD, "filter-crs": wrong}
        ask.refused(f"collections/{collection}/items", given, "filter-crs")


def test_conf_filter_mixing_expression(ask, feed):
    for collection in ask.collections():
        placed = ask.filtered(collection, WORLD)
        assert set(ask.items(collection, filter=WORLD, bbox="-180,-90,180,90")) == placed
        east = "S_INTERSECTS(geometry,BBOX(42,30,46,38))"
        assert ask.items(collection, filter=east, bbox="-10,-10,0,0") == []
        assert ask.items(collection, filter="false", datetime="2014-01-01/..") == []


def test_a_filter_that_takes_too_long_is_refused_in_each_collection(ask, feed, monkeypatch):
    monkeypatch.setattr("feed.items.LONGEST", "1ms")
    costly = " OR ".join(
        f"S_CROSSES(geometry,LINESTRING({' ,'.join(f'{n} {n / 9}' for n in range(m, 180))}))"
        for m in range(9)
    )
    statuses = {
        ask.answer(f"collections/{collection}/items", {"filter": costly}).status_code
        for collection in ask.collections()
    }
    assert statuses <= {200, 400}  # a fast machine may be through with so few
