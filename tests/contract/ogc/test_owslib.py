"""OWSLib, the Python client of OGC services, reads the feed."""

from datetime import UTC, datetime

import pytest
from owslib.ogcapi.features import Features

from feed.models import Audience
from feed.sealing import seal
from tests.contract.ogc.rows import log_row
from tests.support.web import serving


@pytest.fixture
def rows(committed_db):
    made = [
        log_row(
            Audience.PUBLIC,
            start=datetime(2014, 5, 1 + number, tzinfo=UTC),
            place=(43 + number, 33),
            killed_best=number,
        )
        for number in range(5)
    ]
    seal()
    return [str(row.object_id) for row in made]


@pytest.fixture
def features(rows):
    with serving() as url:
        yield Features(f"{url}/ogc/")


def ids(page):
    return [feature["id"] for feature in page["features"]]


def test_it_finds_its_way(features, rows):
    listed = features.collections()["collections"]
    assert features.feature_collections() == [one["id"] for one in listed]
    assert "incidents" in features.feature_collections()
    assert features.collection("incidents")["id"] == "incidents"
    conforms = features.conformance()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
    assert features.api()["openapi"].startswith("3.0")
    assert "killed_best" in features.collection_queryables("incidents")["properties"]


def test_it_reads_and_chooses(features, rows):
    def found(**given):
        return ids(features.collection_items("incidents", **given))

    assert found() == rows[::-1]
    assert found(sortby=("time_start", "asc")) == rows
    assert found(limit=2) == rows[:2:-1]
    assert found(bbox=[42.5, 32, 44.5, 34]) == rows[1::-1]
    assert found(datetime_="2014-05-02/2014-05-03") == rows[2:0:-1]
    assert found(filter="killed_best >= 3 AND NOT killed_best = 4") == [rows[3]]
    assert features.collection_item("incidents", rows[0])["id"] == rows[0]
