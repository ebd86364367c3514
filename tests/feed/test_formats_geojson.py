"""Rows of the log as GeoJSON and as a text sequence."""

import json

import pytest

from core.ids import uuid7
from feed.formats import FORMATS, LogRow
from tests.feed.making import DAY


def row(number: int) -> LogRow:
    feature = {"type": "Feature", "id": number, "geometry": None, "properties": {"name": "حلب"}}
    text = json.dumps(feature, ensure_ascii=False)
    return LogRow(number, DAY, "incident", uuid7(), 1, "created", text)


def written(name: str, count: int) -> bytes:
    return b"".join(FORMATS[name].chunks((row(number) for number in range(count)), ()))


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1001])
def test_a_collection_holds_every_row_in_order(count):
    document = json.loads(written("geojson", count))
    assert document["type"] == "FeatureCollection"
    assert [feature["id"] for feature in document["features"]] == list(range(count))


@pytest.mark.parametrize("count", [0, 1, 500, 501])
def test_a_sequence_holds_a_record_a_row(count):
    records = written("geojsonseq", count).split(b"\x1e")
    assert records[0] == b""
    assert [json.loads(record)["id"] for record in records[1:]] == list(range(count))
    assert all(record.endswith(b"}\n") for record in records[1:])


@pytest.mark.parametrize("name", ["geojson", "geojsonseq"])
def test_text_stays_as_it_is(name):
    assert "حلب" in written(name, 1).decode()
