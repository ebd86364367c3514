"""Refused rows shown cell by cell, and written again with what was mended in them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from accounts.actors import Actor
from incidents.intake.rejected import rejected_writer
from incidents.intake.runs import run_table
from incidents.intake.tables import Table, TableRow
from incidents.models import ImportRun
from incidents.selectors.imports import errors_of, rejected_of

MOST_ROWS = 50
FARTHEST_ROW = 20_000  # what stands beyond is mended in the file: reading so far takes seconds
_TO_KNOW_IT_BY = 3  # cells
_LINE_ENDS = re.compile(r"[\r\n]")


class CellToMend(NamedTuple):
    """A cell with what is wrong with it; ``place`` is that of its header, from 0.

    ``text`` is as a browser's field of one line can hold it.
    """

    place: int
    header: str
    text: str
    messages: list[str]


class RowToMend(NamedTuple):
    """A refused row: its first cells, to know it by, those to mend, and what is of no cell.

    ``number`` is of the data row, from 1.
    """

    number: int
    known_by: list[str]
    cells: list[CellToMend]
    messages: list[str]


def rows_to_mend(run: ImportRun, *, actor: Actor) -> list[RowToMend]:
    """Return the first refused rows that have cells to mend.

    Raises ``NotAllowed``, ``NotFound``, and ``InvalidInput`` where the file is gone.
    """
    table = run_table(run, actor=actor)
    rejected = rejected_of(run).filter(number__lte=FARTHEST_ROW)[:MOST_ROWS]
    wrong = {one.number: errors_of(one) for one in rejected}
    found = []
    for row in _rows(table, set(wrong)):
        told: dict[str, list[str]] = {}
        for error in wrong[row.number]:
            told.setdefault(error.field, []).append(error.message)
        cells = [
            CellToMend(place, header, _text(row, header), told.pop(header))
            for place, header in enumerate(table.headers)
            if header in told
        ]
        if cells:
            texts = (_text(row, header).strip() for header in table.headers)
            known_by = [text for text in texts if text][:_TO_KNOW_IT_BY]
            others = [message for messages in told.values() for message in messages]
            found.append(RowToMend(row.number, known_by, cells, others))
    return found


def mended_write(
    run: ImportRun, path: Path, mended: Mapping[int, Mapping[int, str]], *, actor: Actor
) -> None:
    """Write refused rows, by number, with new texts by the places of their headers.

    Raises what ``rows_to_mend`` raises.
    """
    table = run_table(run, actor=actor)
    with rejected_writer(path, table) as write:
        for row in _rows(table, set(mended)):
            new = {table.headers[place]: text for place, text in mended[row.number].items()}
            write(row.cells | new, "")


def _text(row: TableRow, header: str) -> str:
    """Return a cell without ends of lines; what is no character is a mark of that."""
    text = _LINE_ENDS.sub("", row.cells.get(header, ""))
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _rows(table: Table, numbers: set[int]) -> Iterator[TableRow]:
    """Yield the rows of these numbers, reading no farther than to the last of them."""
    if not numbers:
        return
    last = max(numbers)
    for row in table.rows():
        if row.number in numbers:
            yield row
        if row.number >= last:
            return
