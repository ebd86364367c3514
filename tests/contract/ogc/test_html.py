"""Class HTML: every answer also as a page that holds what the data holds, and its links."""

import pytest

from tests.support.markup import Page

ADDRESSES = ["", "api", "conformance", "collections"]


def addresses(ask):
    for collection in ask.collections():
        whole = f"collections/{collection}"
        yield from (f"{whole}{part}" for part in ("", "/queryables", "/items"))
        yield from (f"{whole}/schema", f"{whole}/schema/geojson")
        yield from (f"{whole}/items/{one}" for one in ask.items(collection))
    yield from ADDRESSES


@pytest.fixture
def browse(client):
    def page(path):
        answer = client.get(f"/ogc/{path}", HTTP_ACCEPT="text/html")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
        return Page(answer.content.decode())

    return page


def test_conf_html_definition(ask, feed, browse):
    declared = ask.document("conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html" in declared
    for path in addresses(ask):
        browse(path)


def test_conf_html_content(ask, feed, browse):
    """Features in full on their own page; a table of several shows the main part of each."""
    for path in addresses(ask):
        page, document = browse(path), ask.document(path)
        anchors = {one.get("href") for one in page.all("a")}
        links = [
            one for one in document.get("links", []) if one["rel"] not in ("self", "alternate")
        ]
        assert {one["href"] for one in links if one["rel"] != "next"} <= anchors, path
        for collection in document.get("collections", []):
            assert collection["title"] in page.words
        for feature in document.get("features", []):
            assert [one for one in anchors if one and one.endswith(f"/items/{feature['id']}")]
