"""Exposure entries of the publication log, each made of the entry of an incident that is shown.

Nothing else is read: what an audience is told of exposure follows from what it is told of where.
"""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from feed.disclosure import significant
from feed.encoding import ATTRIBUTION
from feed.exposure_schema import COPIED, HEADLINES
from feed.models import Audience, Change, Kind, LogEntry
from feed.selectors import latest_versions
from incidents.selectors import incidents_lock
from scoring.engine.exposure import FORMULA_VERSION
from scoring.selectors import active_layer
from scoring.services.exposure import Figure, Figures, figures_for_places
from scoring.weapon_profiles import PROFILES_VERSION, Radius, radii_of

RESCORED = "computed anew: the population layer or the formula is another"
_COLUMNS = (
    *("geometry", "time_start", "time_end", "uncertainty_m"),
    *("country", "pcodes", "weapon", "grade"),
)

Place = tuple[float, float, float] | None


class Basis(NamedTuple):
    """What figures are computed by, beside the place."""

    layer_sha256: str
    formula_version: str
    profiles_version: str


@dataclass(frozen=True, slots=True)
class Scored:
    """The figures of one place at its weapon's radii, and what they were computed by."""

    radii: Sequence[Radius]
    figures: Sequence[Figure]
    computed_by: Figures


def basis_now() -> Basis:
    """Return what figures are computed by at present."""
    layer = active_layer()
    return Basis(layer.sha256 if layer else "", FORMULA_VERSION, PROFILES_VERSION)


def basis_of(exposure: LogEntry) -> Basis | None:
    """Return what an entry's figures were computed by; None where it shows none any more."""
    if not exposure.feature:
        return None
    properties = json.loads(exposure.feature)["properties"]
    return Basis(*(properties[name] for name in Basis._fields))


def exposures_beside(incidents: Sequence[LogEntry]) -> list[LogEntry]:
    """Return the exposure that goes with entries not stored yet, in their order, not stored.

    Of what is no incident there is none; of an incident that is taken back it is taken back. Until
    the transaction ends nobody else writes of these incidents.
    """
    incidents = [entry for entry in incidents if entry.kind == Kind.INCIDENT]
    ids = {UUID(str(entry.object_id)) for entry in incidents}
    incidents_lock(ids)
    latest = latest_versions(ids, [Kind.EXPOSURE])
    scored = iter(scored_as_shown([entry for entry in incidents if entry.feature]))
    entries = []
    for incident in incidents:
        key = Audience(incident.audience), UUID(str(incident.object_id))
        before = latest.get(key)
        if incident.feature:
            entry = exposure_entry(incident, next(scored), before)
        elif before and before.feature:
            entry = tombstone_beside(incident, before)
        else:
            continue
        latest[key] = entry
        entries.append(entry)
    return entries


def scored_as_shown(incidents: Sequence[LogEntry]) -> list[Scored]:
    """Return the figures around each place as its entry shows it; equal ones are computed once."""
    by_radii: dict[tuple[Radius, ...], dict[Place, None]] = defaultdict(dict)
    for entry in incidents:
        by_radii[radii_of(entry.weapon)][_place(entry)] = None
    found: dict[tuple[tuple[Radius, ...], Place], Scored] = {}
    for radii, places in by_radii.items():
        computed = figures_for_places(list(places), [radius.metres for radius in radii])
        for place, figures in zip(places, computed.by_place, strict=True):
            found[radii, place] = Scored(radii, figures, computed)
    return [found[radii_of(entry.weapon), _place(entry)] for entry in incidents]


def _place(incident: LogEntry) -> Place:
    if incident.geometry is None:
        return None
    uncertainty_m = incident.uncertainty_m
    return (*incident.geometry.coords, math.inf if uncertainty_m is None else uncertainty_m)


def exposure_entry(incident: LogEntry, scored: Scored, before: LogEntry | None) -> LogEntry:
    """Return the exposure that goes with an entry of an incident, not stored.

    ``before``: the newest entry of its exposure, if there is one.
    """
    shown = json.loads(incident.feature)
    version = _next_version(incident.object_version, before)
    properties = {
        "version": version,
        "incident_version": incident.object_version,
        **{name: shown["properties"][name] for name in COPIED if name in shown["properties"]},
        **_figures(Audience(incident.audience), scored),
    }
    feature = {**shown, "properties": properties}
    return LogEntry(
        audience=incident.audience,
        kind=Kind.EXPOSURE,
        object_id=incident.object_id,
        object_version=version,
        incident_version=incident.object_version,
        change=_change(incident, scored, before),
        feature=json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":")),
        **{name: getattr(incident, name) for name in _COLUMNS},
        **{name: properties[name] for name in HEADLINES.values()},
    )


def tombstone_beside(incident: LogEntry, before: LogEntry) -> LogEntry:
    """Return the entry that takes an exposure back, as an entry takes its incident back."""
    return LogEntry(
        audience=incident.audience,
        kind=Kind.EXPOSURE,
        object_id=incident.object_id,
        object_version=_next_version(incident.object_version, before),
        incident_version=incident.object_version,
        change=incident.change,
        reason=incident.reason,
        merged_into=incident.merged_into,
    )


def _next_version(incident_version: int, before: LogEntry | None) -> int:
    """Return the next version: never below the incident's, which the sealer then puts first."""
    return max(incident_version, before.object_version + 1 if before else 1)


def _change(incident: LogEntry, scored: Scored, before: LogEntry | None) -> Change:
    if before is None or not before.feature:
        return Change.CREATED
    is_regraded = incident.change == Change.REGRADED and basis_of(before) == _basis(scored)
    return Change.REGRADED if is_regraded else Change.UPDATED


def _basis(scored: Scored) -> Basis:
    computed_by = scored.computed_by
    return Basis(computed_by.layer_sha256, computed_by.formula_version, PROFILES_VERSION)


def _figures(audience: Audience, scored: Scored) -> dict[str, Any]:
    rounded = significant if audience == Audience.PUBLIC else _tenths
    best = {figure.radius_m: rounded(figure.best) for figure in scored.figures}
    rows = [
        {
            "radius_m": figure.radius_m,
            "reach": str(radius.reach),
            "low": rounded(figure.low),
            "best": rounded(figure.best),
            "high": rounded(figure.high),
            "expected": rounded(figure.expected),
            "data_fraction": significant(figure.data_fraction),
        }
        for radius, figure in zip(scored.radii, scored.figures, strict=True)
    ]
    layer = scored.computed_by.layer
    return {
        **{name: best[radius] for radius, name in HEADLINES.items()},
        "exposure": rows,
        "unscored_reason": scored.figures[0].unscored_reason,
        **_basis(scored)._asdict(),
        "layer": layer.provider if layer else "",
        "layer_year": layer.year if layer else None,
        "layer_license": layer.licence if layer else "",
        "is_demonstration": scored.computed_by.is_demonstration,
        "attribution": f"{ATTRIBUTION}; {layer.attribution}" if layer else ATTRIBUTION,
    }


def _tenths(persons: float | None) -> float | None:
    return None if persons is None else round(persons, 1)
