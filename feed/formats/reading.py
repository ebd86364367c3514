"""Stored features as rows of values, in the order of their columns."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from django.conf import settings

from feed.collections import COLLECTIONS
from feed.formats.columns import AFTER, BEFORE, Column, Type
from feed.formats.types import LogRow

Geometry = dict[str, Any] | None
_TYPES: dict[Type, Any] = {
    Type.TEXT: str | None,
    Type.INTEGER: int | None,
    Type.NUMBER: float | None,
    Type.BOOLEAN: bool | None,
    Type.TEXTS: list[str] | None,
    Type.JSON: msgspec.Raw,  # passed on as it is
}
_NO_JSON = msgspec.Raw(b"")
_PATHS = {str(one.kind): f"/ogc/collections/{one.id}/items/" for one in COLLECTIONS.values()}


def values_read(
    rows: Iterable[LogRow], columns: tuple[Column, ...]
) -> Iterator[tuple[tuple[Any, ...], Geometry]]:
    """Yield each row's values and geometry. What is missing or null is None; JSON is text.

    Raises ``msgspec.ValidationError`` for a property of another type than its column.
    """
    decode, values_of = _decoder(columns[len(BEFORE) : -len(AFTER)])
    nested = [number for number, one in enumerate(columns) if one.type is Type.JSON]
    server = settings.PUBLIC_URL.rstrip("/")
    for row in rows:
        feature = decode(row.feature)
        id_ = str(row.object_id)
        values = [id_, *values_of(feature.properties), row.seq, row.sealed_at]
        values.append(server + _PATHS[row.kind] + id_)
        for number in nested:
            values[number] = bytes(values[number]).decode() or None
        yield tuple(values), feature.geometry


@cache
def _decoder(columns: tuple[Column, ...]) -> tuple[Callable[[str], Any], Callable[[Any], Any]]:
    """Return what reads a feature and what takes these columns' values out of its properties."""
    properties = msgspec.defstruct(
        "Properties",
        [
            (one.name, _TYPES[one.type], _NO_JSON if one.type is Type.JSON else None)
            for one in columns
        ],
        gc=False,
    )
    feature = msgspec.defstruct("Feature", [("geometry", Geometry), ("properties", properties)])
    return msgspec.json.Decoder(feature).decode, attrgetter(*(one.name for one in columns))
