"""What of each kind can be filtered on. Nothing that a feature doesn't show is among it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import product
from typing import Any

from feed.exposure_schema import EXPOSURE_PROPERTIES
from feed.feature_schema import FEATURE_PROPERTIES
from feed.models import Kind
from feed.risk_schema import RISK_FIGURE, RISK_PROPERTIES
from scoring.engine.risk.daily import FLOORS, HORIZONS


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
}
_OF_EXPOSURE = {
    "incident_version": Type.NUMBER,
    "weapon": Type.TEXT,
    **{f"exposure_{radius}km": Type.NUMBER for radius in (1, 2, 5)},
}
_OWN = {Kind.INCIDENT: _OF_STRIKES, Kind.EXPOSURE: _OF_EXPOSURE}
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
_RISK_FIGURES = ("strikes", "probability", "people", "person_strikes")
_CASTS = {Type.TEXTS: "::text[]", Type.TEXT: "::text"}


@cache
def queryables_of(kind: Kind) -> dict[str, Queryable]:
    """Return the queryables of a kind by name."""
    if kind == Kind.RISK_CELL:
        return {one.name: one for one in (*_of_risk(), *_DAYS_FORECAST, _DATETIME, _GEOMETRY)}
    types = _SHARED | _OWN.get(kind, {})
    columns = [
        Queryable(name, f"e.{name}{_CASTS.get(type_, '')}", type_, _schema(name, type_))
        for name, type_ in types.items()
    ]
    return {one.name: one for one in (*columns, _DATETIME, _PCODES, _GEOMETRY)}


def _of_risk() -> Iterator[Queryable]:
    """Yield what a cell's feature says, read from it: its figures are no columns of the log."""
    properties = "nullif(e.feature, '')::jsonb -> 'properties'"
    cell = RISK_PROPERTIES["cell"]
    yield Queryable("cell", f"({properties} ->> 'cell')", Type.TEXT, cell)
    residents = RISK_PROPERTIES["residents"]
    yield Queryable("residents", f"({properties} ->> 'residents')::float8", Type.NUMBER, residents)
    for floor in FLOORS:
        yield Queryable(
            f"risk_class_{floor}",
            f"({properties} -> 'risk_class' ->> '{floor}')::float8",
            Type.NUMBER,
            {"type": "integer", "minimum": 0, "maximum": 10, "title": f"Class on floor {floor}"},
        )
        for horizon, name in product(HORIZONS, _RISK_FIGURES):
            which = f'@.horizon_days == {horizon} && @.evidence_floor == "{floor}"'
            path = f"$.figures[*] ? ({which}).{name}"
            title = f"{RISK_FIGURE[name]['description']} {horizon} days, floor {floor}"
            yield Queryable(
                f"{name}_{horizon}d_{floor}",
                f"(jsonb_path_query_first({properties}, '{path}') #>> '{{}}')::float8",
                Type.NUMBER,
                {"type": "number", "minimum": 0, "title": title},
            )


def _schema(name: str, type_: Type) -> dict[str, Any]:
    described = (FEATURE_PROPERTIES | EXPOSURE_PROPERTIES)[name]
    schema = {key: value for key, value in described.items() if key != "nullable"}
    return schema | {"format": "date-time"} if type_ is Type.MOMENT else schema
