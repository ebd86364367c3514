"""CSV (RFC 4180, UTF-8), plain and with a row of HXL tags. A point is two columns of degrees.

A spreadsheet takes a cell that begins with a sign for a formula and runs it: such text gets an
apostrophe before it. Numbers stay as they are. HXL's validation refuses line breaks and doubled
spaces: with tags each run of white space is one space.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from core.canonical import utc_text
from feed.formats.columns import BEFORE, Column, Type
from feed.formats.reading import Geometry, values_read
from feed.formats.types import Format, LogRow

_ROWS_AT_ONCE = 500
_POINT = (
    Column("longitude", Type.NUMBER, "#geo+lon", "Of the point shown. Degrees WGS 84."),
    Column("latitude", Type.NUMBER, "#geo+lat", "Of the point shown. Degrees WGS 84."),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    begins_one = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if begins_one else text


def _cell(type_: Type, value: Any) -> Any:
    if value is None:
        return ""
    match type_:
        case Type.TEXT | Type.JSON:
            return harmless(value)
        case Type.TEXTS:
            return harmless(";".join(value))
        case Type.BOOLEAN:
            return "true" if value else "false"
        case Type.MOMENT:
            return utc_text(value)
    return value


def _squeezed(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _point(geometry: Geometry) -> list[Any]:
    if geometry is None or geometry["type"] != "Point":
        return ["", ""]
    return geometry["coordinates"][:2]


def _lines(
    rows: Iterable[LogRow], columns: tuple[Column, ...], *, tagged: bool
) -> Iterator[list[Any]]:
    split = len(BEFORE)
    shown = [*columns[:split], *_POINT, *columns[split:]]
    yield [one.name for one in shown]
    if tagged:
        yield [one.tag for one in shown]
    types = [one.type for one in columns]
    for values, geometry in values_read(rows, columns):
        spaced = map(_squeezed, values) if tagged else values
        cells = list(map(_cell, types, spaced))
        yield [*cells[:split], *_point(geometry), *cells[split:]]


def _chunks(lines: Iterator[list[Any]]) -> Iterator[bytes]:
    while handful := list(islice(lines, _ROWS_AT_ONCE)):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(handful)
        yield text.getvalue().encode()


def _csv(rows: Iterable[LogRow], columns: tuple[Column, ...]) -> Iterator[bytes]:
    return _chunks(_lines(rows, columns, tagged=False))


def _csv_hxl(rows: Iterable[LogRow], columns: tuple[Column, ...]) -> Iterator[bytes]:
    return _chunks(_lines(rows, columns, tagged=True))


CSV = Format("csv", "text/csv; charset=utf-8", "csv", _csv)
CSV_HXL = Format("csv-hxl", "text/csv; charset=utf-8", "hxl.csv", _csv_hxl)
