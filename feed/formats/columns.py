"""The columns of a table of features: the same names and types in every format with columns.

A property is a column of its name. Lists of codes are lists, or joined by semicolons where a format
has none; lists of objects (units, casualties, responses, exposure) are JSON text.
"""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from feed.encoding import COPIED
from feed.exposure_schema import EXPOSURE_PROPERTIES
from feed.feature_schema import FEATURE_PROPERTIES, Schema
from feed.models import Audience, Kind
from feed.risk_schema import RISK_PROPERTIES


class Type(Enum):
    """What a value is."""

    TEXT = auto()
    INTEGER = auto()
    NUMBER = auto()
    BOOLEAN = auto()
    TEXTS = auto()
    JSON = auto()
    MOMENT = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``tag`` is its HXL hashtag with attributes."""

    name: str
    type: Type
    tag: str
    description: str


_SIMPLE = {
    "object": Type.JSON,
    "string": Type.TEXT,
    "integer": Type.INTEGER,
    "number": Type.NUMBER,
    "boolean": Type.BOOLEAN,
}
_PARTNERS_ONLY = frozenset(COPIED[Audience.PARTNER]) - frozenset(COPIED[Audience.PUBLIC])
_STRIKES_ONLY = frozenset({"weapon", "weapon_class", "targets", "damage"})
_CONTEXT_EVENTS_ONLY = frozenset({"kind"})
TAGS = {
    "version": "#meta+version",
    "grade": "#status+grade",
    "kind": "#event+type",
    "weapon": "#cause+weapon",
    "weapon_class": "#cause+weapon+class",
    "targets": "#impact+targets+list",
    "damage": "#impact+damage+list",
    "report_count": "#meta+reports+num",
    "independent_sources": "#meta+sources+num",
    "responses": "#meta+responses+json",
    "title": "#event+title",
    "alleged_actor": "#org+alleged",
    "place_name": "#loc+name",
    "pcode": "#loc+code+v_pcode",
    "location_precision": "#geo+precision",
    "flags": "#meta+flags+list",
    "time_start": "#date+start",
    "time_end": "#date+end",
    "time_precision": "#meta+date+precision",
    "country": "#country+code+v_iso2",
    "units": "#meta+adm+json",
    "place_basis": "#geo+basis",
    "place_code": "#geo+code",
    "uncertainty_m": "#geo+uncertainty+m",
    **{
        f"{name}_{bound}": f"#affected+{attributes}+{bound}"
        for name, attributes in (
            ("killed", "killed"),
            ("civilians_killed", "killed+civilians"),
            ("injured", "injured"),
        )
        for bound in ("min", "best", "max")
    },
    "casualties": "#meta+casualties+json",
    **{f"exposure_{radius}km": f"#population+exposed+km{radius}" for radius in (1, 2, 5)},
    "exposure": "#meta+exposure+json",
    "incident_version": "#meta+incident+version",
    "unscored_reason": "#meta+exposure+missing",
    "layer_year": "#date+layer+year",
    "layer_license": "#meta+layer+license",
    "formula_version": "#meta+formula+version",
    "profiles_version": "#meta+profiles+version",
    "cell": "#geo+code+h3",
    "origin": "#date+origin",
    "residents": "#population+residents",
    "risk_class": "#risk+class+json",
    "figures": "#risk+figures+json",
    "explanation": "#risk+explanation+json",
    "sentences": "#risk+sentences+json",
    "at_seq": "#meta+log+seq",
    "model_version": "#meta+model+version",
    "inputs_sha256": "#meta+inputs+sha256",
    "layer": "#meta+layer",
    "layer_sha256": "#meta+layer+sha256",
    "is_demonstration": "#meta+demonstration",
    "license": "#meta+license",
    "attribution": "#meta+attribution",
}
BEFORE = (Column("id", Type.TEXT, "#meta+id", "Of the object, for good. UUID."),)
AFTER = (
    Column("seq", Type.INTEGER, "#meta+seq", "Its entry in the publication log."),
    Column("sealed_at", Type.MOMENT, "#meta+sealed", "When that entry was sealed, UTC."),
    Column("url", Type.TEXT, "#meta+url", "Where its newest version is."),
)


def properties_of(kind: Kind, audience: Audience) -> dict[str, Schema]:
    """Return the properties that a kind's features can have for an audience, by name."""
    if kind == Kind.RISK_CELL:
        return RISK_PROPERTIES
    if kind == Kind.EXPOSURE:
        return EXPOSURE_PROPERTIES
    left_out = _CONTEXT_EVENTS_ONLY if kind == Kind.INCIDENT else _STRIKES_ONLY
    if audience == Audience.PUBLIC:
        left_out |= _PARTNERS_ONLY
    return {name: one for name, one in FEATURE_PROPERTIES.items() if name not in left_out}


@cache
def columns_of(kind: Kind, audience: Audience) -> tuple[Column, ...]:
    """Return the columns but for the geometry's: id, the properties, provenance."""
    properties = [
        Column(name, _type(schema), TAGS[name], schema.get("description", ""))
        for name, schema in properties_of(kind, audience).items()
    ]
    return (*BEFORE, *properties, *AFTER)


def _type(schema: Schema) -> Type:
    if schema["type"] == "array":
        return Type.TEXTS if schema["items"]["type"] == "string" else Type.JSON
    return _SIMPLE[schema["type"]]
