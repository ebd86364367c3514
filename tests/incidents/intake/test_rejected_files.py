"""Rejected rows go back as they came, with a reason that is not read again."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.intake.rejected import rejected_writer
from incidents.intake.table_types import REASON_COLUMN, formula_guarded, formula_unguarded
from incidents.intake.tables import table_open
from incidents.vocab import TableFormat

RISKY = ["=1+1", "+1+1", "-1+cmd", "@SUM(A1)", "\t=1", "'=1", "''=1", "'", "＝1", "-3.5", "+964"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(RISKY)
# What the XML of a workbook can hold.
printable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=20)


def given_back(content, format, *, times=1):
    """Open a file, write all its rows to a rejected file, and read that; return both readings."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sent"
        path.write_bytes(content)
        table = table_open(path, format=format)
        sent = [row.cells for row in table.rows()]
        for number in range(times):
            path = Path(folder) / f"rejected-{number}"
            with rejected_writer(path, table) as write:
                for row in table.rows():
                    write(row.cells, "=a reason")
            table = table_open(path, format=format)
        return sent, [row.cells for row in table.rows()], path.read_bytes(), table.headers


@given(st.lists(st.tuples(texts, texts, texts), max_size=5), st.integers(1, 2))
def test_rows_of_csv_come_back_exactly(rows, times):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["a", "", "+c"], *rows])
    sent, back, _, headers = given_back(out.getvalue().encode(), TableFormat.CSV, times=times)
    assert back == sent
    assert headers == ["a", "column 2", "+c"]


@given(st.binary(max_size=60))
def test_any_bytes_in_a_row_come_back_exactly(content):
    sent, back, _, _ = given_back(b"\xef\xbb\xbfa,b\n1,\n" + content, TableFormat.CSV)
    assert back == sent


@given(texts)
def test_a_guarded_text_is_no_formula_and_is_given_back(text):
    assert formula_unguarded(formula_guarded(text)) == text
    risky = text[:1] in tuple("=@\t\r") or text[:2] in ("+c", "-1+")
    assert not (risky and formula_guarded(text) == text)


def test_a_spreadsheet_finds_no_formula_in_a_rejected_file(tmp_path):
    content = b"a,b\n" + b"".join(f'x,"{text}"\n'.encode() for text in RISKY)
    _, _, written, _ = given_back(content, TableFormat.CSV)
    found = [cell for row in csv.reader(io.StringIO(written.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in found if cell[:1] in "=+-@\t\r＝"] == ["-3.5", "+964"]
    assert "'=a reason" in found


def test_a_formula_sent_back_unmended_is_refused_again(tmp_path):
    path = tmp_path / "sent"
    path.write_text("a,b\n1,=1+1\n")
    table = table_open(path)
    with rejected_writer(tmp_path / "back", table) as write:
        for row in table.rows():
            write(row.cells, row.error.message)
    (row,) = table_open(tmp_path / "back").rows()
    assert row.cells == {"a": "1", "b": "=1+1"}
    assert row.error.code == "formula"


def test_cells_beyond_the_header_come_back_in_their_place(tmp_path):
    sent, back, written, _ = given_back(b"a,b\n1,2,3,4\n", TableFormat.CSV)
    assert sent == back == [{"a": "1", "b": "2", "column 3": "3", "column 4": "4"}]
    assert written.decode("utf-8-sig").splitlines()[1] == "1,2,'=a reason,3,4"


@given(st.lists(st.tuples(printable, printable | st.sampled_from(RISKY[3:4])), max_size=3))
def test_rows_of_a_workbook_come_back_exactly(rows):
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(["a", "b"])
    for row in rows:
        cells = [openpyxl.cell.WriteOnlyCell(sheet, text) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    book.save(out)
    sent, back, _, _ = given_back(out.getvalue(), TableFormat.XLSX)
    assert back == sent


def test_a_rejected_workbook_holds_no_formula(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["=1+1"])
    book.save(tmp_path / "sent")
    table = table_open(tmp_path / "sent")
    with rejected_writer(tmp_path / "back", table) as write:
        for row in table.rows():
            write(row.cells, "why")
    with (tmp_path / "back").open("rb") as file:
        cells = [cell for row in openpyxl.load_workbook(file).active for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[1].value == REASON_COLUMN


@pytest.mark.parametrize("format", [TableFormat.GEOJSON, TableFormat.JSON_LINES])
def test_features_and_lines_come_back_exactly(format):
    content = {
        TableFormat.GEOJSON: """{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"a": 1, "b": "=x"},
             "geometry": {"type": "Point", "coordinates": [43.5, 34]}},
            {"type": "Feature", "properties": {"longitude": "43.50", "latitude": "nan"},
             "geometry": null},
            {"type": "Feature", "properties": {"latitude": "1"}, "geometry": null}]}""",
        TableFormat.JSON_LINES: '{"a": [1, {"b": null}]}\n{"broken": \n[1]\n{"c": "\\u0642"}\n',
    }[format]
    sent, back, written, _ = given_back(content.encode(), format, times=2)
    assert back == sent
    assert b"a reason" in written
