"""CSV in any usual encoding and with any usual delimiter."""

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.intake.encodings import decoding_errors, encoding_detect
from incidents.intake.table_types import (
    HEADER_WITHIN,
    LONGEST_FIELD,
    LONGEST_ROW,
    GridRecord,
    GridTable,
)
from incidents.vocab import TableFormat

_DELIMITERS = ",;\t|"
# The module's own limit would end the reading of a row in its middle; ours comes first.
csv.field_size_limit(LONGEST_ROW)


class CsvTable(GridTable):
    """A CSV file. Malformed quoting costs the row where it stands, not those after it."""

    format = TableFormat.CSV

    def __init__(self, path: Path) -> None:
        self._path = path
        self.encoding = encoding_detect(path)
        with self._open() as file, _decodable():
            self.delimiter = _delimiter_detect(file)
        super().__init__()

    def _open(self) -> TextIO:
        errors = decoding_errors(self.encoding)
        return self._path.open(encoding=self.encoding, errors=errors, newline="")

    def _records(self) -> Iterator[GridRecord]:
        with self._open() as file, _decodable():
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except _LineTooLongError:
                    yield GridRecord([], _row_too_long())
                    lines.next_record()
                except csv.Error:
                    yield GridRecord(self._first_line_values(lines), _quoting())
                else:
                    yield GridRecord(values, suspect=lines.suspect)
                    lines.next_record()

    def _first_line_values(self, lines: "_Lines") -> list[str]:
        """Give up the record's first line only, and have the others read again."""
        first = lines.back_to_second()
        return next(csv.reader([first], delimiter=self.delimiter), [])


class _LineTooLongError(Exception):
    """One line has more characters than any row may have."""


class _Lines:
    """A file's lines for ``csv.reader``, remembering those of the record being read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self._length = 0
        self.suspect = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._length += len(line)
        if len(line) >= LONGEST_ROW and not line.endswith(("\n", "\r")):
            self._skip_line()
            raise _LineTooLongError
        if self._length > LONGEST_ROW:
            raise csv.Error
        if "=" in line or not line.isascii() or "\0" in line or self._length > LONGEST_FIELD:
            self.suspect = True
        return line

    def next_record(self) -> None:
        self.taken.clear()
        self._length = 0
        self.suspect = False

    def back_to_second(self) -> str:
        first, *rest = self.taken
        self._again.extendleft(reversed(rest))
        self.next_record()
        return first

    def _skip_line(self) -> None:
        while rest := self._file.readline(LONGEST_ROW):
            if rest.endswith(("\n", "\r")):
                return


@contextmanager
def _decodable() -> Iterator[None]:
    """Refuse a file that has no next character; only UTF-16 and UTF-32 come to that."""
    try:
        yield
    except UnicodeError:
        message = _("The file breaks off in the middle of a character.")
        raise InvalidInput(errors=[FieldError("file", message, "encoding")]) from None


def _delimiter_detect(file: TextIO) -> str:
    """Return the delimiter that makes the most columns of the line of headers."""
    lines = (file.readline(LONGEST_ROW) for _ in range(HEADER_WITHIN))
    line = next((line for line in lines if not line.isspace()), "")
    widths = {}
    for delimiter in _DELIMITERS:
        with suppress(csv.Error, StopIteration):
            widths[delimiter] = len(next(csv.reader([line], delimiter=delimiter)))
    return max(widths, key=widths.__getitem__, default=",")


def _row_too_long() -> FieldError:
    message = _("The row has more than %d characters and cannot be given back.") % LONGEST_ROW
    return FieldError("row", message, "too_long")


def _quoting() -> FieldError:
    message = _("A quotation mark is opened and not closed, or stands in the middle of a cell.")
    return FieldError("row", message, "quoting")
