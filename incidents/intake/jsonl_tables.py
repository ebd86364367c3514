"""JSON lines: each line one report's JSON object."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from core.parsers import json_decode
from incidents.intake.table_types import LONGEST_ROW, REASON_COLUMN, Table, TableRow
from incidents.vocab import TableFormat

UNREADABLE = "unreadable_line"  # the member that carries a line that is no JSON object


class JsonLinesTable(Table):
    """A file of JSON objects in UTF-8, one a line; it has no headers."""

    format = TableFormat.JSON_LINES

    def __init__(self, path: Path) -> None:
        self._path = path
        self.headers, self.hxl_tags = [], {}
        if next(self.rows(), None) is None:
            raise InvalidInput(errors=[FieldError("file", _("The file is empty."), "empty")])

    def rows(self, start: int = 0) -> Iterator[TableRow]:
        """Yield the lines after number ``start``, blank ones left out."""
        with self._path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_ROW):
                number += 1
                is_whole = len(line) < LONGEST_ROW or line.endswith(b"\n")
                while not is_whole and not file.readline(LONGEST_ROW).endswith(b"\n"):
                    if not file.peek(1):
                        break
                if number > start and line.strip():
                    yield _row(number, line) if is_whole else _too_long(number)


def _row(number: int, line: bytes) -> TableRow:
    try:
        content = json_decode(line.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as exc:
        message = _("The line is not JSON: %s") % exc
        return _unreadable(number, line.decode("utf-8", "replace"), message)
    if not isinstance(content, dict):
        return _unreadable(number, line.decode(), _("One report is a JSON object."))
    content.pop(REASON_COLUMN, None)
    if UNREADABLE in content:
        return _unreadable(number, str(content[UNREADABLE]), _("The line is not JSON."))
    return TableRow(number, content)


def _unreadable(number: int, text: str, message: str) -> TableRow:
    cells: dict[str, Any] = {UNREADABLE: text.rstrip("\r\n")}
    return TableRow(number, cells, FieldError("row", message, "not_json", number))


def _too_long(number: int) -> TableRow:
    message = _("The line has more than %d bytes and cannot be given back.") % LONGEST_ROW
    return TableRow(number, {}, FieldError("row", message, "too_long", number))
