"""One cell's page: its figures, its reasons, and what came of earlier forecasts."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import h3
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from shapely import Polygon as Shape
from shapely import affinity

from accounts.actors import Actor
from core.errors import NotFound
from incidents.selectors import LAT, LON, incident_visible_to
from incidents.selectors.queue import IncidentFilter, incident_queue
from incidents.vocab import Grade, IncidentKind, State
from monitor.risk.cells import cells_shown, degrees_text, persons
from monitor.risk.drawing import SHOWN, sparkline
from scoring.api.risk_params import RiskQuery
from scoring.engine.risk.daily import FLOORS, HORIZONS
from scoring.floors import EvidenceFloor
from scoring.models import RiskRun
from scoring.risk_selectors import risk_history_of
from scoring.services.risk_rows import outline_of

# Forecasts are looked back at so many days apart, which is what each foresees.
PERIOD = timedelta(days=30)
_REACH_KM = 5.0
_KM_PER_DEGREE = 111.195


def place_of(actor: Actor, run: RiskRun, query: RiskQuery, cell: str) -> dict[str, Any]:
    """Return everything of the page; ``NotFound`` where the run has no such cell."""
    found = run.cells.filter(cell=cell).first() if h3.is_valid_cell(cell) else None
    if found is None:
        raise NotFound(_("Nobody is expected to be exposed there, or it is no cell's id."))
    (row,) = cells_shown(actor, run, query, [found])
    history = risk_history_of(RiskRun.Source.RECORD, cell)
    latitude, longitude = h3.cell_to_latlng(cell)
    around = 0.35
    return {
        "run": run,
        "place": row,
        "query": query,
        "floor_label": EvidenceFloor(query.floor).label,
        "line": sparkline(history, run.origin, width=640, height=160),
        "most": persons(max((point["people"] for point in history), default=0.0)),
        "outcomes": _outcomes(actor, cell, history, run.origin),
        "reasons": _reasons(actor, row["reasons"]),
        "degrees": degrees_text(latitude, longitude),
        "bbox": f"{longitude - around:.2f},{latitude - around:.2f},"
        f"{longitude + around:.2f},{latitude + around:.2f}",
        "horizons": HORIZONS,
        "floors": [(floor, EvidenceFloor(floor).label) for floor in FLOORS],
    }


def _reasons(actor: Actor, reasons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the incidents that add most, with what is known of each."""
    incidents = incident_visible_to(actor).in_bulk([UUID(one["incident"]) for one in reasons])
    return [
        one | {"incident": incidents[UUID(one["incident"])], "strikes": f"{one['strikes']:.2g}"}
        for one in reasons
        if UUID(one["incident"]) in incidents
    ]


def _outcomes(
    actor: Actor, cell: str, history: Sequence[dict[str, Any]], until: date
) -> list[dict[str, Any]]:
    """Return forecasts of the past year whose days are over, and how many strikes then came."""
    forecasts = ended(history, until)
    if not forecasts:
        return []
    days = _strike_days(actor, cell, forecasts[-1]["origin"])
    return [
        {
            "origin": forecast["origin"],
            "until": forecast["origin"] + PERIOD - timedelta(days=1),
            "people": persons(forecast["people"]),
            "risk_class": forecast["risk_class"],
            "strikes": sum(forecast["origin"] <= day < forecast["origin"] + PERIOD for day in days),
        }
        for forecast in forecasts
    ]


def ended(history: Sequence[dict[str, Any]], until: date) -> list[dict[str, Any]]:
    """Return forecasts of the year before a day whose days are over, newest first, none twice.

    Each is the newest that ends before the one after it begins.
    """
    found: list[dict[str, Any]] = []
    before = until
    for point in reversed(history):
        if point["origin"] + PERIOD <= before and point["origin"] >= until - SHOWN:
            found.append(point)
            before = point["origin"]
    return found


def _strike_days(actor: Actor, cell: str, since: date) -> list[date]:
    start = datetime.combine(since, time(), UTC)
    return [day for *_where, day in strikes_since(actor, start, surroundings(cell))]


def strikes_since(
    actor: Actor, start: datetime, area: GEOSGeometry | None = None
) -> list[tuple[float, float, date]]:
    """Return longitude, latitude and middle day (UTC) of each strike since, in an area if given.

    As risk counts them: neither withdrawn nor discounted nor merged into another.
    """
    strikes = incident_queue(actor, IncidentFilter(kinds=(IncidentKind.STRIKE,), time_from=start))
    counted = strikes.exclude(state=State.WITHDRAWN).exclude(grade=Grade.DISCOUNTED)
    if area is None:
        counted = counted.filter(location__isnull=False)
    else:
        counted = counted.filter(location__intersects=area)
    rows = counted.order_by().values_list(LON, LAT, "time_start", "time_end")
    return [
        (lon, lat, (first + (last - first) / 2).astimezone(UTC).date())
        for lon, lat, first, last in rows
    ]


def surroundings(cell: str) -> GEOSGeometry:
    """Return a cell and what lies within 5 km of it, degrees WGS 84, to a percent or so."""
    latitude, _longitude = h3.cell_to_latlng(cell)
    across = _KM_PER_DEGREE * max(math.cos(math.radians(latitude)), 0.01)
    in_km = affinity.scale(Shape(outline_of(cell)), across, _KM_PER_DEGREE, origin=(0, 0))
    around = in_km.buffer(_REACH_KM)
    degrees = affinity.scale(around, 1 / across, 1 / _KM_PER_DEGREE, origin=(0, 0))
    return GEOSGeometry(degrees.wkb_hex, srid=4326)
