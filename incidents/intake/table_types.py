"""What a file of reports is once it is open: headers, and rows one at a time.

A table is read from the disk as it is walked, so memory stays flat however long the file. Its rows
can be walked again, and from any row.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.intake.whole_characters import HALF
from incidents.vocab import TableFormat

LONGEST_FIELD = 20_000  # characters of one cell
LONGEST_ROW = 4_000_000  # characters of one row; what is longer cannot even be given back
MOST_COLUMNS = 1_000
HEADER_WITHIN = 1_000  # rows; nobody leaves more of them blank above it
REASON_COLUMN = "harmwatch_reason"  # what the file of rejected rows adds


_HXL_TAG = re.compile(r"#[A-Za-z]")
# What a spreadsheet would run: the guard is a "'" before it. A plain number is left as it is.
_RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
# The last is what stands for half a character where a lone surrogate could not.
_HALF_CHARACTER = re.compile(f"[\ud800-\udfff{HALF}]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?\Z")


class TableRow(NamedTuple):
    """A row as it was sent. ``cells`` are by header, of JSON lines the object's members.

    With an ``error`` the row is refused; ``cells`` are then what could be read of it.
    """

    number: int  # of the data row, from 1; blank rows count, the header and an HXL row don't
    cells: dict[str, Any]
    error: FieldError | None = None


class Table(ABC):
    """An open file. ``hxl_tags`` is from header to HXL hashtag, where the file has such a row."""

    format: TableFormat
    headers: list[str]
    hxl_tags: dict[str, str]

    @abstractmethod
    def rows(self, start: int = 0) -> Iterator[TableRow]:
        """Yield the rows after number ``start``, blank ones left out.

        ``InvalidInput`` where the file breaks off in a way that leaves nothing to read after it.
        """


class GridRecord(NamedTuple):
    """One row of a grid: its texts from left to right, and why it cannot be taken.

    Only in a ``suspect`` one may there be a text that is impossible to take.
    """

    values: list[str]
    error: FieldError | None = None
    suspect: bool = True


class GridTable(Table):
    """A table of rows and columns under one row of headers: CSV or a sheet."""

    def __init__(self) -> None:
        """Read the headers; ``InvalidInput`` for a file that has none."""
        self.headers, self.hxl_tags = [], {}
        self._all_headers: list[str] = []
        self._reason_at: int | None = None
        self._before_data = 0
        for position, record in enumerate(islice(self._records(), HEADER_WITHIN)):
            if not any(map(str.strip, record.values)) and record.error is None:
                continue
            if not self.headers:
                self._header_take(record)
                self._before_data = position + 1
                continue
            if _is_hxl(record.values):
                tags = zip(self._all_headers, map(str.strip, record.values), strict=False)
                self.hxl_tags = {header: tag for header, tag in tags if tag}
                self._before_data = position + 1
            break
        if not self.headers:
            raise InvalidInput(errors=[FieldError("file", _("The file is empty."), "empty")])

    @abstractmethod
    def _records(self) -> Iterator[GridRecord]:
        """Yield every row of the grid, blank ones and the header too."""

    def _cell_error(self, values: list[str]) -> FieldError | None:
        """Return what makes a row's texts impossible to take, whatever they mean."""
        for place, value in enumerate(values):
            if fault := text_fault(value):
                return FieldError(self._header_of(place), *fault)
        return None

    def _header_of(self, place: int) -> str:
        known = place < len(self._all_headers)
        return self._all_headers[place] if known else _unnamed(place + 1)

    def _header_take(self, record: GridRecord) -> None:
        if error := record.error or self._cell_error(record.values):
            raise InvalidInput(errors=[error])
        texts = [text.strip() for text in record.values]
        while not texts[-1]:
            texts.pop()
        if REASON_COLUMN in texts:
            texts = list(map(formula_unguarded, texts))
        named = [text or _unnamed(place) for place, text in enumerate(texts, start=1)]
        if errors := _header_errors(named):
            raise InvalidInput(errors=errors)
        self._all_headers = named
        if REASON_COLUMN in named:
            self._reason_at = named.index(REASON_COLUMN)
        self.headers = [name for name in named if name != REASON_COLUMN]

    def rows(self, start: int = 0) -> Iterator[TableRow]:
        """Yield the rows after number ``start``, blank ones left out."""
        headers, width, reason_at = self._all_headers, len(self._all_headers), self._reason_at
        records = islice(self._records(), self._before_data + start, None)
        for number, (values, error, suspect) in enumerate(records, start=start + 1):
            if error is None and not any(map(str.strip, values)):
                continue
            if reason_at is not None:
                values, suspect = list(map(formula_unguarded, values)), True
            if len(values) < width:
                values = values + [""] * (width - len(values))
            if suspect and error is None:
                error = self._cell_error(values)
            cells = dict(zip(headers, values, strict=False))
            if len(values) > width and any(values[width:]):
                for place, value in enumerate(values[width:], start=len(self.headers) + 1):
                    cells[_unnamed(place)] = value
                error = error or _too_wide(len(self.headers))
            if reason_at is not None:
                del cells[REASON_COLUMN]
            yield TableRow(number, cells, error and replace(error, row=number))


def _unnamed(place: int) -> str:
    return f"column {place}"


def _is_hxl(values: list[str]) -> bool:
    given = [text for text in map(str.strip, values) if text]
    return bool(given) and all(map(_HXL_TAG.match, given))


def _header_errors(headers: list[str]) -> list[FieldError]:
    if len(headers) > MOST_COLUMNS:
        message = _("A file has at most %d columns.") % MOST_COLUMNS
        return [FieldError("file", message, "too_wide")]
    if all(map(_NUMBER.match, headers)):
        message = _("The first row is no header: it has numbers only.")
        return [FieldError("file", message, "no_header")]
    message = _("Two columns have this name. Name each column differently.")
    return [
        FieldError(name, message, "twice") for name, times in Counter(headers).items() if times > 1
    ]


def _too_wide(width: int) -> FieldError:
    message = _("The row has more cells than the %d of the header. Is a quotation mark missing?")
    return FieldError("row", message % width, "too_wide")


def text_fault(text: str) -> tuple[str, str] | None:
    """Return the words and the code for what makes a text impossible to take."""
    if len(text) > LONGEST_FIELD:
        return _("The cell has more than %d characters.") % LONGEST_FIELD, "too_long"
    if text.startswith("="):
        return _("The cell holds a formula. Send the value instead."), "formula"
    if "\0" in text:
        return _("The cell holds a NUL character."), "nul"
    if not text.isascii() and _HALF_CHARACTER.search(text):
        return _("The cell has bytes that do not fit the file's encoding."), "encoding"
    return None


def formula_guarded(text: str) -> str:
    """Return a text that no spreadsheet runs; ``formula_unguarded`` gives it back."""
    return f"'{text}" if _RISKY.match(text) and not _NUMBER.match(text) else text


def formula_unguarded(text: str) -> str:
    """Return what ``formula_guarded`` was given."""
    return text[1:] if _GUARDED.match(text) else text
