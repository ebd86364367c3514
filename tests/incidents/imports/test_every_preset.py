"""Every preset in every format, the whole way: good rows in, the bad one back, mended, taken."""

import csv
import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from incidents.intake.runs import rejected_write
from incidents.intake.template import codebook
from incidents.models import Report
from tests.factories import make_actor
from tests.incidents.imports.files import ROW, counts, imported
from tests.incidents.intake.test_data_sets import ACLED, AIRWARS, REPORT

DTM = {
    "Location ID": "1101007",
    "date": "Jul 02, 2014",
    "Governorate": "Dahuk",
    "District": "Amedi",
    "Location Name": "Deraluk",
    "Latitude": "37.0550",
    "Longitude": "43.6522",
    "Families": "10",
}
OURS = {column["name"]: column["example"] for column in codebook()}
# A good row, the column of its id, and a column with what cannot be true of it.
PRESETS = {
    "harmwatch": (OURS, "id", "date_start", "never"),
    "ucdp-ged": (ROW, "id", "date_start", "never"),
    "acled": (ACLED, "event_id_cnty", "event_date", "31 November 2024"),
    "airwars": (AIRWARS, "Unique reference code", "Date", "never"),
    "iom-dtm": (DTM, "Location ID", "Families", "many"),
    "reports": (REPORT, "key", "weapon", "catapult"),
}


def csv_bytes(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def csv_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def xlsx_bytes(rows):
    book, out = Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(out)
    return out.getvalue()


def xlsx_rows(content):
    header, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(header, ("" if v is None else v for v in row), strict=True)) for row in rows]


def geojson_bytes(rows):
    features = []
    for row in rows:
        rest = dict(row)
        point = [float(rest.pop("longitude")), float(rest.pop("latitude"))]
        geometry = {"type": "Point", "coordinates": point}
        features.append({"type": "Feature", "geometry": geometry, "properties": rest})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def geojson_rows(content):
    rows = []
    for feature in json.loads(content)["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        rows.append(feature["properties"] | {"longitude": longitude, "latitude": latitude})
    return rows


def lines_bytes(rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def lines_rows(content):
    return [json.loads(line) for line in content.decode().splitlines()]


FORMATS = {
    "csv": (csv_bytes, csv_rows),
    "xlsx": (xlsx_bytes, xlsx_rows),
    "geojson": (geojson_bytes, geojson_rows),
    "jsonl": (lines_bytes, lines_rows),
}
CASES = [
    *((preset, form) for preset in PRESETS if preset != "reports" for form in ("csv", "xlsx")),
    ("harmwatch", "geojson"),
    ("acled", "geojson"),
    ("reports", "jsonl"),
]


@pytest.mark.parametrize(("preset", "form"), CASES)
def test_good_rows_in_the_bad_one_back_and_mended_nothing_twice(db, tmp_path, preset, form):
    good, id_column, column, bad = PRESETS[preset]
    write, read = FORMATS[form]
    rows = [good | {id_column: name} for name in ("A1", "A2", "A3")]
    if preset == "ucdp-ged":
        rows = [good | {id_column: name} for name in ("1", "2", "3")]
    rows[1] |= {column: bad}
    sara, options = make_actor(), {"preset": preset, "name": f"sent.{form}"}
    sent = write([*rows, rows[0]])

    run = imported(sara, sent, **options)
    assert (run.state, run.error) == ("done", "")
    assert counts(run) == (2, 1, 1)
    rejected_write(run, tmp_path / "rejected", actor=sara)
    (back,) = read((tmp_path / "rejected").read_bytes())
    assert back.pop("harmwatch_reason")
    assert back[column] == bad
    mended = imported(sara, write([back | {column: good[column]}]), **options)
    assert counts(mended) == (1, 0, 0)
    again = imported(sara, write([*rows, rows[2]]), **options)
    assert counts(again) == (0, 3, 1)
    assert Report.objects.count() == 3
