"""GeoJSON feature collections: a feature is a row, its properties are the cells."""

import json
from collections.abc import Iterator
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

import ijson
from django.utils.translation import gettext as _
from ijson.common import ObjectBuilder

from core.errors import FieldError, InvalidInput
from incidents.intake.bounded_reader import BoundedReader
from incidents.intake.table_types import (
    MOST_COLUMNS,
    REASON_COLUMN,
    Table,
    TableRow,
    text_fault,
)
from incidents.intake.whole_characters import WholeCharacters
from incidents.vocab import TableFormat

LONGITUDE, LATITUDE = "longitude", "latitude"
_FEATURES_FOR_HEADERS = 1_000
_OPENS, _CLOSES = ("start_map", "start_array"), ("end_map", "end_array")
_MEMBERS, _ITEMS, _DEEPEST = 1, 2, 100


class GeoJsonTable(Table):
    """A feature collection in UTF-8. A point fills the cells ``longitude`` and ``latitude``.

    The headers are those of the first thousand features; a later one may have others.
    """

    format = TableFormat.GEOJSON

    def __init__(self, path: Path) -> None:
        self._path = path
        self.hxl_tags = {}
        names: dict[str, None] = {}
        for row in islice(self.rows(), _FEATURES_FOR_HEADERS):
            names |= dict.fromkeys(row.cells)
        self.headers = list(names)
        if not self.headers:
            message = _("The file has no feature with properties.")
            raise InvalidInput(errors=[FieldError("file", message, "empty")])
        if len(self.headers) > MOST_COLUMNS:
            message = _("A file has at most %d columns.") % MOST_COLUMNS
            raise InvalidInput(errors=[FieldError("file", message, "too_wide")])

    def rows(self, start: int = 0) -> Iterator[TableRow]:
        """Yield the features after number ``start``."""
        with self._path.open("rb") as raw:
            file = BoundedReader(raw)
            features = _features(WholeCharacters(file))
            number = 0
            while True:
                try:
                    feature = next(features, None)
                except (ijson.JSONError, ValueError, RecursionError) as exc:
                    raise _unreadable(str(exc)) from None
                if feature is None:
                    return
                file.row_over()
                number += 1
                if number > start:
                    yield _row(number, feature)


def _features(file: WholeCharacters) -> Iterator[Any]:
    """Yield the items of the collection's ``features``.

    The library's own way to pick them out costs memory by the square of the nesting.
    """
    depth, key, builder, is_within = 0, "", ObjectBuilder(), False
    for event, value in ijson.basic_parse(file, use_float=True):
        opens, closes = event in _OPENS, event in _CLOSES
        depth -= closes
        if is_within and depth >= _ITEMS:
            if depth == _ITEMS and not closes:
                builder = ObjectBuilder()
            builder.event(event, value)
            if depth == _ITEMS and not opens:
                yield builder.value
        elif depth == _MEMBERS and event == "map_key":
            key = value
        elif depth == _MEMBERS:
            is_within = event == "start_array" and key == "features"
        depth += opens
        if depth > _DEEPEST:
            raise ValueError(_("It is nested more than %d times.") % _DEEPEST)


def _row(number: int, feature: Any) -> TableRow:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties or {}, dict):
        message = _("This is no feature of GeoJSON.")
        return TableRow(number, {}, FieldError("row", message, "not_feature", number))
    cells = {name: _text(value) for name, value in (properties or {}).items()}
    cells.pop(REASON_COLUMN, None)
    error = _point_take(cells, feature.get("geometry"))
    for name, text in cells.items():
        if fault := text_fault(text):
            error = error or (name, *fault)
    return TableRow(number, cells, FieldError(*error, number) if error else None)


def _point_take(cells: dict[str, str], geometry: Any) -> tuple[str, str, str] | None:
    """Put a point's coordinates into the cells; return what is wrong with the geometry."""
    if geometry is None:
        return None
    position = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not (
        isinstance(position, list)
        and geometry.get("type") == "Point"
        and len(position) in (2, 3)
        and all(isinstance(n, (int, float)) and isfinite(n) for n in position)
    ):
        return "geometry", _("Only a point says where a report is from."), "geometry"
    for name, number in ((LONGITUDE, position[0]), (LATITUDE, position[1])):
        text = _text(number)
        if cells.setdefault(name, text) not in ("", text):
            return name, _("The property and the geometry differ."), "geometry"
        cells[name] = text
    return None


def number_text(number: float) -> str:
    """Return a number as text, a whole one without a fraction."""
    whole = float(number).is_integer() and abs(number) < 1e15
    return str(int(number)) if whole else repr(float(number))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _unreadable(why: str) -> InvalidInput:
    message = _("The file cannot be read as GeoJSON: %s") % why
    return InvalidInput(errors=[FieldError("file", message, "unreadable")])
