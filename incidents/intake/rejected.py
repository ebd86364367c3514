"""The rows that were not taken, in the format they came in, with a column that says why.

Reading such a file gives each row's cells back exactly and leaves the reason out, so that it can be
mended and sent again. No cell of a CSV file is a formula to a spreadsheet: where one would be, it
begins with an apostrophe, which is taken away on reading.
"""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from incidents.intake.csv_tables import CsvTable
from incidents.intake.encodings import decoding_errors
from incidents.intake.geojson_tables import LATITUDE, LONGITUDE, number_text
from incidents.intake.table_types import REASON_COLUMN, Table, formula_guarded
from incidents.vocab import TableFormat

Write = Callable[[dict[str, Any], str], None]


@contextmanager
def rejected_writer(path: Path, table: Table) -> Iterator[Write]:
    """Write the rejected rows of ``table``: yields a function of a row's cells and the reason."""
    with _WRITERS[table.format](path, table) as write:
        yield write


@contextmanager
def _csv_writer(path: Path, table: Table) -> Iterator[Write]:
    assert isinstance(table, CsvTable)
    # Lone surrogates stand for what could not be decoded; it is no text in the answer either.
    errors = decoding_errors(table.encoding)
    with path.open("w", encoding="utf-8-sig", errors=errors, newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter)
        writer.writerow([*map(formula_guarded, table.headers), REASON_COLUMN])

        def write(cells: dict[str, Any], reason: str) -> None:
            writer.writerow(map(formula_guarded, _grid_row(table, cells, reason)))

        yield write


@contextmanager
def _xlsx_writer(path: Path, table: Table) -> Iterator[Write]:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("rejected")

    def write_texts(texts: list[str]) -> None:
        cells = []
        for text in texts:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type = "s"  # text, also where it would be a formula
            cells.append(cell)
        sheet.append(cells)

    def write(cells: dict[str, Any], reason: str) -> None:
        # Reading takes a guard away, whatever the format.
        write_texts(list(map(formula_guarded, _grid_row(table, cells, reason))))

    write_texts([*map(formula_guarded, table.headers), REASON_COLUMN])
    yield write
    workbook.save(path)


def _grid_row(table: Table, cells: dict[str, Any], reason: str) -> list[str]:
    """Return the cells in order, the reason, and what the row had beyond its headers."""
    known = set(table.headers)
    beyond = [text for header, text in cells.items() if header not in known]
    return [*(cells.get(header, "") for header in table.headers), reason, *beyond]


@contextmanager
def _json_lines_writer(path: Path, table: Table) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:

        def write(cells: dict[str, Any], reason: str) -> None:
            file.write(json.dumps({**cells, REASON_COLUMN: reason}, ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _geojson_writer(path: Path, table: Table) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        separator = "\n"

        def write(cells: dict[str, Any], reason: str) -> None:
            nonlocal separator
            feature = {"type": "Feature", **_located(cells | {REASON_COLUMN: reason})}
            file.write(separator + json.dumps(feature, ensure_ascii=False))
            separator = ",\n"

        yield write
        file.write("\n]}\n")


def _located(cells: dict[str, Any]) -> dict[str, Any]:
    """Return properties and geometry; coordinates that are no plain numbers stay properties."""
    try:
        position = [float(cells[LONGITUDE]), float(cells[LATITUDE])]
    except (KeyError, ValueError):
        position = []
    if [cells.get(LONGITUDE), cells.get(LATITUDE)] != [number_text(n) for n in position]:
        return {"properties": cells, "geometry": None}
    properties = {name: text for name, text in cells.items() if name not in (LONGITUDE, LATITUDE)}
    return {"properties": properties, "geometry": {"type": "Point", "coordinates": position}}


_WRITERS = {
    TableFormat.CSV: _csv_writer,
    TableFormat.XLSX: _xlsx_writer,
    TableFormat.JSON_LINES: _json_lines_writer,
    TableFormat.GEOJSON: _geojson_writer,
}
