"""Rows of the log as CSV, CSV with HXL tags and GeoParquet, read by what their users read with."""

import csv
import io
import json

import geopandas
import hxl
import hxl.validation
import pyarrow.parquet as pq
import pytest

from core.ids import uuid7
from feed.exposure_schema import EXPOSURE_PROPERTIES
from feed.feature_schema import FEATURE_PROPERTIES
from feed.formats import FORMATS, LogRow, columns_of
from feed.formats.columns import TAGS
from feed.formats.table import harmless
from feed.models import Audience, Kind
from feed.risk_schema import RISK_PROPERTIES
from tests.feed.making import DAY

COLUMNS = columns_of(Kind.INCIDENT, Audience.PARTNER)
TRICKY = 'حلب "شارع", \r\n line two\u202e'


def row(number: int, point: list[float] | None = None, **properties) -> LogRow:
    id_ = uuid7()
    geometry = {"type": "Point", "coordinates": point} if point else None
    feature = {
        "type": "Feature",
        "id": str(id_),
        "geometry": geometry,
        "properties": {"version": 1, "license": "CC-BY-4.0", "attribution": "H"} | properties,
    }
    text = json.dumps(feature, ensure_ascii=False)
    return LogRow(number, DAY, "incident", id_, 1, "created", text)


def content(name: str, rows, columns=COLUMNS) -> bytes:
    return b"".join(FORMATS[name].chunks(iter(rows), columns))


def records(rows) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content("csv", rows).decode(), newline="")))


def table(rows):
    return pq.read_table(io.BytesIO(content("parquet", rows)))


@pytest.fixture
def rows():
    return [
        row(1, [43.5, 33.25], title=TRICKY, killed_min=0, killed_best=3, uncertainty_m=1400),
        row(2, None, killed_max=None, targets=["hospital", "school"], uncertainty_m=-0.5),
        row(3, [-1.5, -2], casualties=[{"best": 3, "maximum": None}], flags=[]),
    ]


def test_every_property_has_a_tag():
    described = FEATURE_PROPERTIES | EXPOSURE_PROPERTIES | RISK_PROPERTIES
    assert TAGS.keys() == described.keys()


@pytest.mark.parametrize("kind", Kind)
def test_no_two_columns_share_a_tag(kind):
    tags = [one.tag for one in columns_of(kind, Audience.PARTNER)]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "  ="])
def test_a_cell_that_begins_like_a_formula_is_made_harmless(sign):
    [record] = records([row(1, title=f"{sign}1+1")])
    assert record["title"] == f"'{sign}1+1"


def test_other_text_and_numbers_stay_as_they_are(rows):
    assert harmless("a=1") == "a=1"
    first, second, third = records(rows)
    assert first["title"] == TRICKY
    assert (first["killed_min"], first["killed_max"], first["longitude"]) == ("0", "", "43.5")
    assert (second["uncertainty_m"], second["longitude"], second["targets"]) == (
        "-0.5",
        "",
        "hospital;school",
    )
    assert third["longitude"] == "-1.5"
    assert json.loads(third["casualties"]) == [{"best": 3, "maximum": None}]


def test_each_row_names_its_origin(rows):
    first = records(rows)[0]
    assert first["id"] == str(rows[0].object_id)
    assert (first["version"], first["license"], first["attribution"]) == ("1", "CC-BY-4.0", "H")
    assert (first["seq"], first["sealed_at"]) == ("1", "2014-05-11T00:00:00Z")
    assert first["url"].endswith(f"/ogc/collections/incidents/items/{first['id']}")


def tagged(data: bytes):
    return hxl.data(io.BytesIO(data))


def test_hxl_reads_and_validates(rows):
    data = content("csv-hxl", rows)
    assert tagged(data).validate()
    found = [line.get("#meta+id") for line in tagged(data)]
    assert found == [str(one.object_id) for one in rows]
    assert tagged(data).columns[1].display_tag == "#geo+lon"


def test_white_space_before_a_sign_does_not_hide_it_from_hxl():
    [line] = tagged(content("csv-hxl", [row(1, title="\t =1+1")]))
    assert line.get("#event+title") == "'=1+1"


def test_parquet_holds_what_geojson_holds(rows):
    features = json.loads(content("geojson", rows))["features"]
    for found, feature, one in zip(table(rows).to_pylist(), features, rows, strict=True):
        assert (found["id"], found["seq"], found["sealed_at"]) == (feature["id"], one.seq, DAY)
        for name, value in feature["properties"].items():
            held = found[name]
            assert (json.loads(held) if name == "casualties" else held) == value


def test_geopandas_reads_the_places(rows, tmp_path):
    path = tmp_path / "incidents.parquet"
    path.write_bytes(content("parquet", rows))
    frame = geopandas.read_parquet(path)
    assert frame.crs == "OGC:CRS84"
    assert [p and (p.x, p.y) for p in frame.geometry] == [(43.5, 33.25), None, (-1.5, -2.0)]
    inside = geopandas.read_parquet(path, bbox=(43, 33, 44, 34))
    assert list(inside["id"]) == [str(rows[0].object_id)]


def test_parquet_is_written_by_row_groups():
    held = pq.ParquetFile(io.BytesIO(content("parquet", (row(n) for n in range(10_001)))))
    assert [held.metadata.row_group(n).num_rows for n in range(2)] == [10_000, 1]
    assert json.loads(held.schema_arrow.metadata[b"geo"])["version"] == "1.1.0"


@pytest.mark.parametrize("name", ["csv", "csv-hxl", "parquet"])
def test_the_same_rows_are_the_same_bytes(name, rows):
    assert content(name, rows) == content(name, rows)


def test_nothing_is_an_empty_table():
    assert records([]) == []
    assert table([]).num_rows == 0
    assert len(content("csv-hxl", []).splitlines()) == 2
