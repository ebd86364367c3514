"""Strikes of a period that may reach into an area, for questions about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import shapely
from django.db.models import Q, QuerySet

from accounts.actors import Actor
from incidents.models import Incident
from incidents.selectors.incidents import LAT, LON, incident_listed_to
from incidents.vocab import Grade, IncidentKind, LocationPrecision, State

# Edges between vertices follow great circles in the database: short ones differ by metres.
_EDGE_DEG = 0.1
_MARGIN_M = 10.0
_TURNS = (-360, 0, 360)
_TABLE = Incident._meta.db_table
# The index ``incident_reach`` finds those whose own box touches; the second condition is exact.
_IN_BOX = f"incident_area({_TABLE}.location, {_TABLE}.uncertainty_m, 0) && %s::geometry"
_IN_REACH = (
    f"ST_DWithin({_TABLE}.location::geography, %s::geometry::geography,"
    f" coalesce({_TABLE}.uncertainty_m, %s) + %s)"
)


class StrikeFound(NamedTuple):
    """What a question needs of an incident: degrees, metres."""

    id: UUID
    version: int
    lon: float
    lat: float
    uncertainty_m: float | None
    grade: str


@dataclass(frozen=True, slots=True)
class StrikesFound:
    """The strikes, and how many of the period were left out and why."""

    strikes: Sequence[StrikeFound] = ()
    left_out: dict[str, int] = field(default_factory=dict)


def strikes_asked_for(
    actor: Actor,
    area: shapely.Geometry,
    period: tuple[datetime, datetime],
    *,
    reach_m: float,
    most_uncertain_m: float,
) -> StrikesFound:
    """Return the strikes that an actor may read and that may reach into an area (degrees).

    Those that may have happened in the period, both ends included, and are not withdrawn or
    discounted. Left out are strikes of the period without coordinates, wherever they were, and
    those known too vaguely around here (``reach_m`` and ``most_uncertain_m`` are metres).
    """
    start, end = period
    strikes = (
        incident_listed_to(actor)
        .filter(kind=IncidentKind.STRIKE, time_start__lte=end, time_end__gte=start)
        .exclude(state=State.WITHDRAWN)
        .exclude(grade=Grade.DISCOUNTED)
    )
    surely_known = Q(uncertainty_m__lte=most_uncertain_m) | Q(
        uncertainty_m=None, location_precision=LocationPrecision.EXACT
    )
    near = _reaching(strikes, area, reach_m, most_uncertain_m)
    rows = near.filter(surely_known).annotate(lon=LON, lat=LAT).order_by("id")
    return StrikesFound(
        [
            StrikeFound(*row)
            for row in rows.values_list("id", "version", "lon", "lat", "uncertainty_m", "grade")
        ],
        {
            "no_place": strikes.filter(location=None).count(),
            "too_vague": near.exclude(surely_known).count(),
        },
    )


def _reaching(
    strikes: QuerySet[Incident], area: shapely.Geometry, reach_m: float, most_uncertain_m: float
) -> QuerySet[Incident]:
    """Return those whose place lies within reach of an area, their uncertainty added."""
    outline = _ewkb(shapely.segmentize(area, _EDGE_DEG))
    reach = reach_m + _MARGIN_M
    return strikes.extra(  # noqa: S610 - constant text; values are parameters
        where=[f"({' OR '.join([_IN_BOX] * len(_TURNS))})", _IN_REACH],
        params=[*_boxes(area, reach), outline, most_uncertain_m, reach],
    )


def _boxes(area: shapely.Geometry, reach_m: float) -> list[str]:
    """Return a box around all within reach, on each turn of the globe, as the index takes it."""
    west, south, east, north = shapely.bounds(area).tolist()
    tall = reach_m / 110_000
    wide = tall / max(math.cos(math.radians(min(max(abs(south), abs(north)) + tall, 89))), 0.01)
    return [
        _ewkb(shapely.box(west - wide + turn, south - tall, east + wide + turn, north + tall))
        for turn in _TURNS
    ]


def _ewkb(shape: shapely.Geometry) -> str:
    return shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True)
