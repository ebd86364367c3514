"""What of each kind can be filtered on. Nothing that a feature doesn't show is among it."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from feed.feature_schema import FEATURE_PROPERTIES
from feed.models import Kind


class Type(Enum):
    """What a value is."""

    TEXT = auto()
    NUMBER = auto()
    MOMENT = auto()
    SPAN = auto()
    TEXTS = auto()
    GEOMETRY = auto()
    BOOLEAN = auto()


@dataclass(frozen=True, slots=True)
class Queryable:
    """A name in filters, the SQL that it stands for, and its JSON Schema."""

    name: str
    sql: str
    type: Type
    schema: dict[str, Any]


_SHARED = {
    "grade": Type.TEXT,
    "country": Type.TEXT,
    "uncertainty_m": Type.NUMBER,
    "time_start": Type.MOMENT,
    "time_end": Type.MOMENT,
}
_OF_STRIKES = {
    "weapon": Type.TEXT,
    "weapon_class": Type.TEXT,
    "targets": Type.TEXTS,
    **{
        f"{name}_{bound}": Type.NUMBER
        for name in ("killed", "civilians_killed", "injured")
        for bound in ("min", "best", "max")
    },
    **{f"exposure_{radius}km": Type.NUMBER for radius in (1, 2, 5)},
}
_GEOMETRY = Queryable(
    "geometry",
    "e.geometry",
    Type.GEOMETRY,
    {"format": "geometry-any", "title": "The place as it is shown"},
)
_DATETIME = Queryable(
    "datetime",
    "tstzrange(e.time_start, e.time_end, '[]')",
    Type.SPAN,
    {"type": "string", "format": "interval", "title": "From time_start to time_end"},
)
_PCODES = Queryable(
    "pcodes",
    "e.pcodes::text[]",
    Type.TEXTS,
    {"type": "array", "items": {"type": "string"}, "title": "P-codes of the units shown"},
)
_DAYS_FORECAST = [
    Queryable(
        f"time_{end}",
        f"e.time_{end}",
        Type.MOMENT,
        {"type": "string", "format": "date-time", "title": f"{which} day forecast"},
    )
    for end, which in (("start", "First"), ("end", "Last"))
]
_CASTS = {Type.TEXTS: "::text[]", Type.TEXT: "::text"}


@cache
def queryables_of(kind: Kind) -> dict[str, Queryable]:
    """Return the queryables of a kind by name."""
    if kind == Kind.RISK_CELL:
        return {one.name: one for one in (*_DAYS_FORECAST, _DATETIME, _GEOMETRY)}
    types = _SHARED | (_OF_STRIKES if kind == Kind.INCIDENT else {})
    columns = [
        Queryable(name, f"e.{name}{_CASTS.get(type_, '')}", type_, _schema(name, type_))
        for name, type_ in types.items()
    ]
    return {one.name: one for one in (*columns, _DATETIME, _PCODES, _GEOMETRY)}


def _schema(name: str, type_: Type) -> dict[str, Any]:
    schema = {key: value for key, value in FEATURE_PROPERTIES[name].items() if key != "nullable"}
    return schema | {"format": "date-time"} if type_ is Type.MOMENT else schema
