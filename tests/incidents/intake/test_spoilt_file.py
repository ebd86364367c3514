"""One file with all that goes wrong in real ones: good rows in, bad rows back, mended, taken."""

import csv
import io

import pytest

from incidents.intake.mapping import mapping_suggest
from incidents.intake.presets import PRESETS
from incidents.intake.presets.harmwatch_columns import COLUMNS
from incidents.intake.rejected import rejected_writer
from incidents.intake.tables import table_open
from tests.incidents.intake.conftest import read_all

EXAMPLE = {column.name: column.example for column in COLUMNS} | {"place_name": "حي الشعار"}
HXL = {column.name: column.hxl for column in COLUMNS}
ROWS = [
    {"id": "good"},
    {"id": "words", "date_start": "08 November 2013"},
    {"id": "ambiguous", "date_start": "08/11/2013"},
    {"id": "swapped", "latitude": "43.6782", "longitude": "34.6071"},
    {"id": "formula", "description": "=HYPERLINK(1)"},
    {"id": "huge", "description": "x" * 2_000_000},
    {"id": "bytes", "description": "caf\udce9"},
    {"id": "nul", "title": "a\0b"},
    {"id": "good"},
    {"id": "last"},
]
REASONS = {
    3: [("date_start", "date")],
    4: [("latitude", "swapped")],
    5: [("description", "formula")],
    6: [("description", "too_long")],
    7: [("description", "encoding")],
    8: [("title", "nul")],
}
MENDED = {
    "ambiguous": {"date_start": "2013-11-08"},
    "swapped": {"latitude": "34.6071", "longitude": "43.6782"},
    "formula": {"description": "a link"},
    "huge": {"description": "short"},
    "bytes": {"description": "café"},
    "nul": {"title": "ab"},
}


@pytest.fixture
def spoilt(table_of):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, EXAMPLE, delimiter=";")
    writer.writeheader()
    writer.writerow(HXL)
    writer.writerows(EXAMPLE | row for row in ROWS)
    return table_of(out.getvalue().encode("utf-8", "surrogateescape"))


def test_good_rows_are_taken_and_each_bad_one_has_its_reason(spoilt):
    good, bad = read_all(spoilt, "harmwatch")
    keys = [submission.idempotency_key for submission in good]
    assert keys == [f"harmwatch:{name}" for name in ("good", "words", "good", "last")]
    assert good[0] == good[2]
    assert good[1].draft.occurred.start == "2013-11-08"
    assert bad == REASONS


def test_the_rejected_rows_are_mended_and_taken(spoilt, tmp_path):
    with rejected_writer(tmp_path / "rejected", spoilt) as write:
        for row in spoilt.rows():
            if row.number in REASONS:
                write(row.cells, "why")
    again = table_open(tmp_path / "rejected")
    assert [row.cells["id"] for row in again.rows()] == list(MENDED)
    assert len(read_all(again, "harmwatch")[1]) == len(REASONS)

    with rejected_writer(tmp_path / "mended", again) as write:
        for row in again.rows():
            write(row.cells | MENDED[row.cells["id"]], "mended, and the reason left standing")
    good, bad = read_all(table_open(tmp_path / "mended"), "harmwatch")
    assert bad == {}
    assert [submission.idempotency_key for submission in good] == [f"harmwatch:{n}" for n in MENDED]


def test_missing_columns_are_named_before_any_row_is_read(table_of):
    table = table_of("id,date_start\n1,2014-06-10\n")
    found = mapping_suggest(table.headers, table.hxl_tags, PRESETS["harmwatch"])
    assert "licence" in found.missing
