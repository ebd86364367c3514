"""Part 1, Core: each test bears the name of its abstract test."""

import re
from datetime import datetime

import pytest

from tests.contract.ogc.asking import GEOJSON, links_of

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ITEMS = "collections/incidents/items"
DESCRIPTION = "application/vnd.oai.openapi+json;version=3.0"


def names(ask, incidents, **given):
    return {incidents[id_] for id_ in ask.items("incidents", **given)}


def parameters_of(ask, path="/collections/{collectionId}/items"):
    operation = ask.document("api")["paths"][path]["get"]
    return {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}


def test_conf_core_http(ask, feed):
    """HTTP 1.1: what is not there is a 404, other methods are a 405, HEAD is GET without body."""
    assert ask.answer("elsewhere").status_code == 404
    assert ask.client.post(f"/ogc/{ITEMS}").status_code == 405
    for path in ("", "conformance", "collections", "collections/incidents", ITEMS):
        whole, head = ask.answer(path), ask.client.head(f"/ogc/{path}")
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Type"] == whole["Content-Type"]


def test_conf_core_crs84(ask, feed):
    """No other system is named or taken, and the places lie within it."""
    for collection in ask.collections():
        about = ask.document(f"collections/{collection}")
        assert about["crs"] == [CRS84]
        assert about["extent"]["spatial"]["crs"] == CRS84
        ask.refused(f"collections/{collection}/items", {"crs": CRS84}, "crs")
        ask.refused(f"collections/{collection}/items", {"bbox": "0,0,1,1", "bbox-crs": CRS84})


def test_conf_core_root_op_and_success(ask, check, db):
    answer = ask.answer("")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    landing = answer.json()
    check("landingPage", landing)
    for rel in ("self", "service-desc", "conformance", "data"):
        (link,) = links_of(landing, rel)
        linked = ask.answer(link["href"])
        assert (linked.status_code, linked["Content-Type"]) == (200, link["type"])


def test_conf_core_api_definition_op_and_success(ask, db):
    (link,) = links_of(ask.document(""), "service-desc")
    assert link["type"] == DESCRIPTION
    answer = ask.answer(link["href"], HTTP_ACCEPT=DESCRIPTION)
    assert (answer.status_code, answer["Content-Type"]) == (200, DESCRIPTION)
    assert re.fullmatch(r"3\.0\.\d", answer.json()["openapi"])


def test_conf_core_conformance_op_and_success(ask, check, db):
    document = ask.document("conformance")
    check("confClasses", document)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in document["conformsTo"]


def test_conf_core_fc_md_op_and_success(ask, check, feed):
    document = ask.document("collections")
    check("collections", document)
    assert links_of(document, "self")
    for link in document["links"]:
        assert {"rel", "type"} <= link.keys()
    for collection in document["collections"]:
        (items,) = links_of(collection, "items")
        assert {"rel", "type"} <= items.keys()
        assert ask.answer(items["href"])["Content-Type"] == items["type"] == GEOJSON


def test_conf_core_sfc_md_op_and_success(ask, check, feed):
    for listed in ask.document("collections")["collections"]:
        alone = ask.document(f"collections/{listed['id']}")
        check("collection", alone)
        assert alone == listed
    assert ask.answer("collections/rumours").status_code == 404


def test_conf_core_fc_md_extent(ask, feed):
    for collection in ask.document("collections")["collections"]:
        extent = collection["extent"]
        assert len(extent["spatial"]["bbox"][0]) == 4
        assert len(extent["temporal"]["interval"][0]) == 2


def test_conf_core_fc_op_and_response(ask, check, feed):
    for collection in ask.collections():
        answer = ask.answer(f"collections/{collection}/items")
        assert (answer.status_code, answer["Content-Type"]) == (200, GEOJSON)
        assert answer.json()["features"]
        check("featureCollectionGeoJSON", answer.json())


def test_conf_core_fc_bbox_definition(ask, db):
    bbox = parameters_of(ask)["bbox"]
    assert (bbox["style"], bbox["explode"], bbox.get("required", False)) == ("form", False, False)
    assert bbox["schema"]["type"] == "array"
    assert bbox["schema"]["items"] == {"type": "number"}
    assert bbox["schema"]["oneOf"] == [{"minItems": n, "maxItems": n} for n in (4, 6)]


@pytest.mark.parametrize(
    ("bbox", "expected"),
    [
        ("43,33,44,37", {"mosul", "fallujah"}),
        ("43,33,-100,44,37,9000", {"mosul", "fallujah"}),
        ("43.1,36.3,43.1,36.3", {"mosul"}),
        ("179,-20,-179,0", {"suva"}),
        ("-180,-90,180,90", {"mosul", "fallujah", "aleppo", "suva"}),
        ("0,0,1,1", set()),
    ],
)
def test_conf_core_fc_bbox_response(ask, incidents, bbox, expected):
    """One departure, told in docs/api.md: what has no place is in no box."""
    assert names(ask, incidents, bbox=bbox) == expected


def test_conf_core_fc_bbox_response_in_every_collection(ask, feed):
    for collection in ask.collections():
        assert ask.items(collection, bbox="42,32,45,37")
        assert ask.items(collection, bbox="0,0,1,1") == []


@pytest.mark.parametrize(
    "bbox", ["1,2,3", "1,2,3,4,5", "a,b,c,d", "0,5,1,4", "0,0,181,1", "0,0,nan,1", ""]
)
def test_conf_core_query_param_invalid_bbox(ask, feed, bbox):
    for collection in ask.collections():
        ask.refused(f"collections/{collection}/items", {"bbox": bbox}, "bbox")


@pytest.mark.parametrize(
    "path", ["/collections/{collectionId}/items", "/collections/admin-units/items"]
)
def test_conf_core_fc_limit_and_time_definition(ask, db, path):
    known = parameters_of(ask, path)
    limit, moment = known["limit"], known["datetime"]
    assert limit["schema"]["type"] == "integer"
    assert 1 == limit["schema"]["minimum"] <= limit["schema"]["default"]
    assert limit["schema"]["default"] <= limit["schema"]["maximum"]
    assert moment["schema"] == {"type": "string"}
    for one in (limit, moment):
        assert (one["style"], one["explode"], one.get("required", False)) == ("form", False, False)


def test_conf_core_fc_limit_response(ask, feed):
    for collection in ask.collections():
        assert len(ask.items(collection, limit=1)) == 1
        known = len(ask.items(collection))
        assert len(ask.items(collection, limit=1_000_000)) == known
        for limit in ("0", "-1", "many", "1.5", ""):
            ask.refused(f"collections/{collection}/items", {"limit": limit}, "limit")


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("2014-06-10T12:00:00Z", {"mosul"}),
        ("2014-05-20", {"fallujah"}),
        ("2014-05-31T00:00:00Z/2014-06-01T00:00:00Z", {"fallujah", "aleppo"}),
        ("2014-06-10/..", {"mosul", "suva", "nowhere"}),
        ("2014-06-10/", {"mosul", "suva", "nowhere"}),
        ("../2014-05-31T23:59:59Z", {"fallujah"}),
        ("/2014-05-31T23:59:59Z", {"fallujah"}),
        ("2013-01-01/2013-12-31", set()),
    ],
)
def test_conf_core_fc_time_response(ask, incidents, interval, expected):
    assert names(ask, incidents, datetime=interval) == expected


def test_conf_core_fc_time_response_where_nothing_has_a_time(ask, feed):
    assert ask.items("admin-units", datetime="2014-06-10") == ask.items("admin-units")


@pytest.mark.parametrize(
    "interval", ["yesterday", "2014-13-01", "2014-06-02/2014-06-01", "../..", "2014-05-11T12:00:00"]
)
def test_conf_core_query_param_invalid_datetime(ask, feed, interval):
    for collection in ask.collections():
        ask.refused(f"collections/{collection}/items", {"datetime": interval}, "datetime")


def test_conf_core_query_param_unknown(ask, feed):
    known = [f"collections/{collection}/items" for collection in ask.collections()]
    for path in ("", "api", "conformance", "collections", "collections/incidents", *known):
        ask.refused(path, {"unknown-parameter": "1"}, "unknown-parameter")


def test_conf_core_fc_links(ask, feed):
    """The others are the formats that GDAL, spreadsheets and HXL tools read."""
    page = ask.document(ITEMS, {"grade": "weak", "limit": "2", "f": "json"})
    (own,) = links_of(page, "self")
    assert own["href"] == f"http://testserver/ogc/{ITEMS}?grade=weak&limit=2&f=json"
    assert own["type"] == GEOJSON
    for link in page["links"]:
        assert {"href", "rel", "type"} <= link.keys()
    others = links_of(page, "alternate")
    names = {link["title"] for link in others}
    assert names == {"html", "geojsonseq", "csv", "csv-hxl", "parquet"}
    for link in others:
        answer = ask.answer(link["href"])
        type_ = answer["Content-Type"].removesuffix("; charset=utf-8")
        assert (answer.status_code, type_) == (200, link["type"].removesuffix("; charset=utf-8"))


def test_conf_core_fc_links_next_leads_to_each_feature_once(ask, feed):
    for collection in ask.collections():
        whole, walked = ask.items(collection), []
        page = ask.document(f"collections/{collection}/items", {"limit": "1"})
        walked += [feature["id"] for feature in page["features"]]
        while following := links_of(page, "next"):
            page = ask.document(following[0]["href"])
            walked += [feature["id"] for feature in page["features"]]
        assert walked == whole


def test_conf_core_fc_time_stamp_and_numbers(ask, feed):
    """A page without timeStamp or numberMatched keeps to the standard: both are optional."""
    for collection in ask.collections():
        for limit in (1, 100):
            page = ask.document(f"collections/{collection}/items", {"limit": limit})
            assert page["numberReturned"] == len(page["features"])
            if "numberMatched" in page:
                assert page["numberMatched"] == len(ask.items(collection))
            if "timeStamp" in page:
                assert datetime.fromisoformat(page["timeStamp"]).tzinfo


def test_conf_core_f_op_success_and_links(ask, check, feed):
    for collection in ask.collections():
        for feature in ask.document(f"collections/{collection}/items")["features"]:
            answer = ask.answer(f"collections/{collection}/items/{feature['id']}")
            assert (answer.status_code, answer["Content-Type"]) == (200, GEOJSON)
            alone = answer.json()
            check("featureGeoJSON", alone)
            assert feature.items() <= alone.items()
            for rel in ("self", "collection"):
                (link,) = links_of(alone, rel)
                assert ask.answer(link["href"])["Content-Type"] == link["type"]


@pytest.mark.parametrize("id_", ["00000000-0000-7000-8000-000000000000", "rubbish"])
def test_conf_core_f_op_of_what_is_not_there(ask, check, feed, id_):
    for collection in ask.collections():
        answer = ask.answer(f"collections/{collection}/items/{id_}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        check("exception", answer.json())


def test_recommendation_cross_origin(ask, feed):
    """A page of somebody else's may read the feed, with a token of its own, and never a cookie."""
    for path in ("", "collections", ITEMS, f"{ITEMS}?limit=0", "collections/admin-units/items"):
        answer = ask.answer(path, HTTP_ORIGIN="https://map.example")
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert {"ETag", "Link"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
    asked = {
        "HTTP_ORIGIN": "https://map.example",
        "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET",
        "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "authorization",
    }
    preflight = ask.client.options(f"/ogc/{ITEMS}", **asked)
    assert preflight.status_code == 200
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD"
