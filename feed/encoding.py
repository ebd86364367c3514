"""One published version as one audience may see it: a GeoJSON Feature and its filter columns.

For each audience one list says what is copied from the snapshot as it is, and the functions below
say what is derived for it. What neither names never leaves.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.contrib.gis.geos import Point

from core.texts import legible
from feed.blur import Place
from feed.disclosure import headline_figures, partner_casualties, public_casualties
from feed.models import Audience, Change, Kind, LogEntry
from incidents.vocab import IncidentKind, TimePrecision

_COPIED_FOR_ALL = ("version", "grade", "report_count")
_COPIED_OF_STRIKES = ("weapon", "weapon_class", "targets", "damage")
# Words that a sender typed (title, place name, alleged actor) may name a house or a person, and the
# precision class tells of the recorded place: the public gets none of them.
COPIED: dict[Audience, tuple[str, ...]] = {
    Audience.PUBLIC: _COPIED_FOR_ALL,
    Audience.PARTNER: (
        *_COPIED_FOR_ALL,
        "title",
        "alleged_actor",
        "place_name",
        "pcode",
        "location_precision",
        "flags",
    ),
}
# What a party to the conflict says in public is shown to everybody; not the monitors' excerpt.
_RESPONSE = ("party", "stance", "url")
_CONCEDED = ("outcome", "civilian_status", "minimum", "best", "maximum")
_FILTERABLE = (
    "uncertainty_m",
    "country",
    "weapon",
    "weapon_class",
    "targets",
    "grade",
    "killed_min",
    "killed_best",
    "killed_max",
    "civilians_killed_min",
    "civilians_killed_best",
    "civilians_killed_max",
    "injured_min",
    "injured_best",
    "injured_max",
)
_FINER_THAN_A_DAY = {TimePrecision.MINUTE, TimePrecision.HOUR}
ATTRIBUTION = "Harmwatch and the organisations that reported to it"


@dataclass(frozen=True, slots=True)
class Shown:
    """What an audience is told of where it was.

    ``units`` are administrative units as in the snapshot; ``told`` are the casualty figures that it
    was shown of the same object before.
    """

    place: Place
    country: str
    units: Sequence[dict[str, Any]]
    told: Sequence[Sequence[dict[str, Any]]] = ()


def kind_of(snapshot: dict[str, Any]) -> Kind:
    """Return what a version is of; the oldest snapshots name no kind, and are of incidents."""
    is_strike = snapshot.get("kind", IncidentKind.STRIKE) == IncidentKind.STRIKE
    return Kind.INCIDENT if is_strike else Kind.CONTEXT_EVENT


def entry_of(
    audience: Audience, snapshot: dict[str, Any], shown: Shown, change: Change
) -> LogEntry:
    """Return the log entry of a version, not stored."""
    kind = kind_of(snapshot)
    properties = legible(_properties(audience, snapshot, shown))
    place = shown.place
    has_point = place.longitude is not None and place.latitude is not None
    geometry = Point(place.longitude, place.latitude, srid=4326) if has_point else None
    feature = {
        "type": "Feature",
        "id": snapshot["incident_id"],
        "geometry": {"type": "Point", "coordinates": list(geometry)} if geometry else None,
        "properties": properties,
    }
    start, end = _span(audience, snapshot)
    return LogEntry(
        audience=audience,
        kind=kind,
        object_id=snapshot["incident_id"],
        object_version=snapshot["version"],
        change=change,
        geometry=geometry,
        time_start=start,
        time_end=end,
        pcodes=[unit["pcode"] for unit in shown.units],
        feature=json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":")),
        **{name: properties[name] for name in _FILTERABLE if name in properties},
    )


def only_regraded(before: str, after: str) -> bool:
    """Tell whether two features of one incident differ in the grade and in nothing else."""
    contents = [json.loads(text) for text in (before, after)]
    grades = [content["properties"].pop("grade") for content in contents]
    for content in contents:
        content["properties"].pop("version")
    return contents[0] == contents[1] and grades[0] != grades[1]


def _properties(audience: Audience, snapshot: dict[str, Any], shown: Shown) -> dict[str, Any]:
    is_strike = kind_of(snapshot) == Kind.INCIDENT
    of_kind = _COPIED_OF_STRIKES if is_strike else ("kind",)
    return {
        **{name: snapshot[name] for name in (*COPIED[audience], *of_kind)},
        "independent_sources": snapshot.get("independent_sources"),  # none in the oldest snapshots
        "responses": [_response(one) for one in snapshot.get("responses", [])],
        **_when(audience, snapshot),
        **_where(shown),
        **_harm(audience, snapshot, shown),
        "license": " AND ".join(snapshot["licences"]),
        "attribution": ATTRIBUTION,
    }


def _response(response: dict[str, Any]) -> dict[str, Any]:
    conceded = [{name: figure[name] for name in _CONCEDED} for figure in response["conceded"]]
    return {name: response[name] for name in _RESPONSE} | {"conceded": conceded}


def _span(audience: Audience, snapshot: dict[str, Any]) -> tuple[datetime, datetime]:
    """Return the first and the last moment; for the public whole days in UTC."""
    start = datetime.fromisoformat(snapshot["time_start"])
    end = datetime.fromisoformat(snapshot["time_end"])
    if audience == Audience.PARTNER:
        return start, end
    return datetime.combine(start, time.min, UTC), datetime.combine(end, time.max, UTC)


def _when(audience: Audience, snapshot: dict[str, Any]) -> dict[str, Any]:
    precision = snapshot["time_precision"]
    if audience == Audience.PARTNER:
        times = {"time_start": snapshot["time_start"], "time_end": snapshot["time_end"]}
        return times | {"time_precision": precision}
    start, end = _span(audience, snapshot)
    return {
        "time_start": start.date().isoformat(),
        "time_end": end.date().isoformat(),
        "time_precision": TimePrecision.DAY if precision in _FINER_THAN_A_DAY else precision,
    }


def _where(shown: Shown) -> dict[str, Any]:
    area = shown.place.area
    return {
        "country": shown.country,
        "units": list(shown.units),
        "place_basis": shown.place.basis,
        "place_code": area.code if area else "",
        "uncertainty_m": shown.place.uncertainty_m,
    }


def _harm(audience: Audience, snapshot: dict[str, Any], shown: Shown) -> dict[str, Any]:
    figures = snapshot["casualties"]
    is_public = audience == Audience.PUBLIC
    casualties = (
        public_casualties(figures, shown.told) if is_public else partner_casualties(figures)
    )
    return {**headline_figures(casualties), "casualties": casualties}
