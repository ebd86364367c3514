"""The first sheet of an XLSX workbook, read row by row. Formulas are refused, dates become text."""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.intake.bounded_reader import BoundedReader
from incidents.intake.table_types import MOST_COLUMNS, GridRecord, GridTable
from incidents.vocab import TableFormat

# Unpacked bytes. Sheets are walked; styles and the texts that cells share are all in memory.
_LARGEST_UNPACKED = 2 << 30
_LARGEST_IN_MEMORY = 32 << 20
_MOST_TIMES_LARGER = 200  # real sheets shrink to a tenth or a thirtieth; bombs to a thousandth
_BLANK = GridRecord([], suspect=False)
_IS_SHEET = re.compile(r"xl/worksheets/sheet[0-9]*\.xml\Z", re.IGNORECASE)
_SMALL = 10 << 20
# It tells of what it drops (filters, drawings), none of which is data.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
_MOST_ROWS = 1_048_576  # of any sheet; a row number beyond it would be walked to for ever


class XlsxTable(GridTable):
    """A workbook's first sheet."""

    format = TableFormat.XLSX

    def __init__(self, path: Path) -> None:
        self._path = path
        _bomb_refuse(path)
        super().__init__()

    def _records(self) -> Iterator[GridRecord]:
        with self._path.open("rb") as file:  # by its path, it would have to have the right ending
            with _readable():
                workbook = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            if not workbook.worksheets:
                raise InvalidInput(errors=[FieldError("file", _("There is no sheet."), "empty")])
            sheet = workbook.worksheets[0]
            # What the sheet says of its own size is often wrong, and not needed.
            sheet.reset_dimensions()
            with _readable():
                source = BoundedReader(sheet._get_source())
            sheet._get_source = lambda: source  # it keeps a row's cells until the row ends
            rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=_MOST_ROWS)
            before = None
            while True:
                with _readable():
                    row = next(rows, None)
                if row is None:
                    return
                source.row_over()
                # Rows that the sheet leaves out are one and the same; there may be a million.
                yield _BLANK if row is before else self._record(row)
                before = row

    def _record(self, row: Sequence[Any]) -> GridRecord:
        values, error = [], None
        for place, cell in enumerate(row):
            value = cell.value
            if value is None:
                values.append("")
                continue
            values.append(_text(value))
            if fault := _fault(cell.data_type):
                error = error or FieldError(self._header_of(place), fault, "formula")
        while values and not values[-1]:
            values.pop()
        return GridRecord(values, error)


def _fault(data_type: str) -> str:
    if data_type == "f":
        return _("The cell holds a formula. Send the value instead.")
    if data_type == "e":
        return _("The cell holds an error of the spreadsheet's.")
    return ""


def _text(value: Any) -> str:
    """Return a cell as text: dates in ISO, whole numbers without a fraction."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return (value.date() if value.time() == time.min else value).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (int, float, timedelta)):
        return str(value)
    return str(getattr(value, "text", value))  # an array formula, refused by its type


def _bomb_refuse(path: Path) -> None:
    """Raise ``InvalidInput`` for a workbook that would fill memory or disk when unpacked.

    What the archive says of its members binds whoever unpacks them: no more bytes are read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _unreadable() from None
    in_memory = sum(
        member.file_size
        for member in members
        if member.filename.endswith((".xml", ".rels")) and not _IS_SHEET.match(member.filename)
    )
    swollen = any(
        m.file_size > _SMALL and m.file_size > _MOST_TIMES_LARGER * m.compress_size for m in members
    )
    if swollen or sum(member.file_size for member in members) > _LARGEST_UNPACKED:
        message = _("The workbook unpacks to far more than it should. Save it anew, or as CSV.")
        raise InvalidInput(errors=[FieldError("file", message, "bomb")])
    if in_memory > _LARGEST_IN_MEMORY:
        message = _("The workbook holds too much text to be read at once. Save it as CSV.")
        raise InvalidInput(errors=[FieldError("file", message, "too_large")])


@contextmanager
def _readable() -> Iterator[None]:
    """Turn whatever the library meets in a broken workbook into a refusal of the file."""
    try:
        yield
    except InvalidInput:
        raise
    except Exception as exc:
        raise _unreadable() from exc


def _unreadable() -> InvalidInput:
    message = _("The file cannot be read as an XLSX workbook.")
    return InvalidInput(errors=[FieldError("file", message, "unreadable")])
