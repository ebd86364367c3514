"""Opening a file of reports, whatever it is written in."""

from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from core.parsers import json_decode
from incidents.intake.csv_tables import CsvTable
from incidents.intake.geojson_tables import GeoJsonTable
from incidents.intake.jsonl_tables import JsonLinesTable
from incidents.intake.table_types import Table, TableRow
from incidents.intake.xlsx_tables import XlsxTable
from incidents.vocab import TableFormat

__all__ = ["Table", "TableFormat", "TableRow", "table_open"]

_OPENERS: dict[TableFormat, Callable[[Path], Table]] = {
    TableFormat.CSV: CsvTable,
    TableFormat.XLSX: XlsxTable,
    TableFormat.GEOJSON: GeoJsonTable,
    TableFormat.JSON_LINES: JsonLinesTable,
}
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FIRST_LINE = 1 << 20


def table_open(path: Path, *, format: TableFormat | None = None) -> Table:
    """Open a file; without ``format`` by what its bytes are.

    ``InvalidInput`` for a file that is refused as a whole; ``OSError`` for one that is not there.
    """
    return _OPENERS[format or _format_of(path)](path)


def _format_of(path: Path) -> TableFormat:
    with path.open("rb") as file:
        line = file.readline(_FIRST_LINE)
        while line.isspace():
            line = file.readline(_FIRST_LINE)
    if line.startswith(_ZIP):
        return TableFormat.XLSX
    if line.startswith(_OLD_EXCEL):
        message = _("This is a workbook of the old kind. Save it as XLSX or CSV.")
        raise InvalidInput(errors=[FieldError("file", message, "old_excel")])
    line = line.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not line.startswith(b"{"):
        return TableFormat.CSV
    try:
        content = json_decode(line)
    except ValueError:
        return TableFormat.GEOJSON if b"FeatureCollection" in line else _json_kind(path)
    return TableFormat.GEOJSON if "features" in content else TableFormat.JSON_LINES


def _json_kind(path: Path) -> TableFormat:
    """Tell GeoJSON that is spread over lines from JSON lines whose first is broken."""
    with path.open("rb") as file:
        start = file.read(_FIRST_LINE)
    is_collection = b'"FeatureCollection"' in start or b'"features"' in start
    return TableFormat.GEOJSON if is_collection else TableFormat.JSON_LINES
