"""The boundaries in force as a collection."""

import pytest

from tests.feed.conftest import load_units

UNITS = "/ogc/collections/admin-units/items"

pytestmark = pytest.mark.usefixtures("units")


def codes(answer):
    assert answer.status_code == 200, answer.content
    return {feature["properties"]["pcode"] for feature in answer.json()["features"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"IQ", "IQ01", "IQ02", "IQ0101", "IQ0102"}),
        ("level=1", {"IQ01", "IQ02"}),
        ("pcode=IQ0101", {"IQ0101"}),
        ("country=SY", set()),
        ("bbox=42.1,34.5,42.2,34.6", {"IQ", "IQ02"}),
        ("bbox=42.1,34.5,42.2,34.6&level=0", {"IQ"}),
    ],
)
def test_units_are_found(client, query, found):
    assert codes(client.get(f"{UNITS}?{query}")) == found


def test_what_is_not_in_force_is_not_shown(client):
    load_units("test-2", "IQ", 1, IQ77=(42.0, 32.0, 45.0, 34.0))
    assert "IQ77" not in codes(client.get(UNITS))


def test_a_walk_shows_each_once(client):
    seen, following = [], f"{UNITS}?limit=2"
    while following:
        page = client.get(following).json()
        seen += [feature["properties"]["pcode"] for feature in page["features"]]
        following = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert sorted(seen) == ["IQ", "IQ01", "IQ0101", "IQ0102", "IQ02"]


def test_one_unit_with_its_outline_and_terms(client):
    (feature,) = client.get(f"{UNITS}?pcode=IQ02").json()["features"]
    one = client.get(f"{UNITS}/{feature['id']}").json()
    assert one["geometry"]["type"] == "MultiPolygon"
    assert one["properties"] == feature["properties"]
    assert {"license", "attribution", "release"} <= set(one["properties"])
    assert client.get(f"{UNITS}/00000000-0000-0000-0000-000000000000").status_code == 404


@pytest.mark.parametrize(
    "query", ["level=x", "level=-1", "limit=0", "cursor=x", "bbox=1", "name=x", "pcode=%00"]
)
def test_rubbish_is_refused(client, query):
    assert client.get(f"{UNITS}?{query}").status_code == 400


def test_a_reader_who_has_it_gets_304(client):
    tag = client.get(UNITS)["ETag"]
    assert client.get(UNITS, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_its_queryables_are_named(client):
    document = client.get("/ogc/collections/admin-units/queryables").json()
    assert set(document["properties"]) == {"level", "country", "pcode", "geometry"}
