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
_PAGES_AND_PICTURES = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG")
_START = 1 << 20


def table_open(path: Path, *, format: TableFormat | None = None) -> Table:
    """Open a file; without ``format`` by what its bytes are.

    ``InvalidInput`` for a file that is refused as a whole; ``OSError`` for one that is not there.
    """
    return _OPENERS[format or _format_of(path)](path)


def _format_of(path: Path) -> TableFormat:
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(_ZIP):
        return TableFormat.XLSX
    if start.startswith(_OLD_EXCEL):
        message = _("This is a workbook of the old kind. Save it as XLSX or CSV.")
        raise InvalidInput(errors=[FieldError("file", message, "old_excel")])
    if start.startswith(_PAGES_AND_PICTURES):
        message = _("This is no table. Send CSV, Excel (XLSX), GeoJSON or JSON lines.")
        raise InvalidInput(errors=[FieldError("file", message, "no_table")])
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _json_format(start) if start.startswith(b"{") else TableFormat.CSV


def _json_format(start: bytes) -> TableFormat:
    """Tell JSON lines from GeoJSON, which may stand on one line or be spread over many."""
    try:
        is_collection = "features" in json_decode(start.partition(b"\n")[0])
    except ValueError:
        is_collection = b'"FeatureCollection"' in start or b'"features"' in start
    return TableFormat.GEOJSON if is_collection else TableFormat.JSON_LINES
