"""What is shown within an extent: incidents, and the last good run's cells. Degrees WGS 84."""

from typing import Any

from django.db.models import Avg, Count, F, QuerySet
from django.db.models.functions import Floor

from accounts.actors import Actor
from core.errors import NotFound
from core.geo import BBox, touches_bbox
from incidents.api.pagination import keyset_page
from incidents.models import Incident
from incidents.selectors import LAT, LON
from incidents.selectors.queue import incident_queue
from incidents.vocab import Grade, State, Weapon
from monitor.overview.asking import View
from monitor.risk.cells import persons
from scoring.api.risk import run_asked_for
from scoring.api.risk_params import risk_query_parse
from scoring.engine.risk.daily import HORIZONS
from scoring.models import RiskRun
from scoring.services.risk_rows import figure_index, outline_of

MOST_POINTS = 2_000
MOST_CELLS = 1_500
# Gathered incidents are counted in so many squares across the extent.
_SQUARES_ACROSS = 40
_EVERYWHERE = BBox(-180.0, -90.0, 180.0, 90.0)


def incidents_of(actor: Actor, view: View) -> QuerySet[Incident]:
    """Return the incidents that fit; withdrawn ones never do."""
    return incident_queue(actor, view.wanted).exclude(state=State.WITHDRAWN)


def list_of(actor: Actor, view: View) -> dict[str, Any]:
    """Return one page of the list, newest arrivals first, and where the next one is."""
    rows = incidents_of(actor, view)
    page, cursor = keyset_page(rows, "created_at", 50, view.cursor or None)
    following = "&".join(part for part in (view.query, f"cursor={cursor}") if part)
    counted = rows.order_by().values("pk")[: MOST_POINTS + 1].count()
    return {
        "rows": page,
        "following": following if cursor else "",
        "query": view.query,
        "view": view,
        "counted": min(counted, MOST_POINTS),
        "is_more": counted > MOST_POINTS,
    }


def features_of(actor: Actor, view: View) -> dict[str, Any]:
    """Return GeoJSON: ``incidents`` (each, or ``gathered`` into counts), ``cells``; and the run."""
    points = incidents_of(actor, view).filter(location__isnull=False).order_by()
    named = ("id", "title", "place_name", "weapon", "grade", "time_start")
    found = list(points.values_list(LON, LAT, *named)[: MOST_POINTS + 1])
    gathered = len(found) > MOST_POINTS
    features = _gathered(points, view.bbox or _EVERYWHERE) if gathered else map(_point, found)
    run, cells = _cells(actor, view)
    return {
        "incidents": {"type": "FeatureCollection", "features": list(features)},
        "gathered": gathered,
        "cells": {"type": "FeatureCollection", "features": cells},
        "run": run,
    }


def _point(row: tuple[Any, ...]) -> dict[str, Any]:
    lon, lat, id_, title, place_name, weapon, grade, start = row
    told = {
        "id": str(id_),
        "title": title or place_name,
        "weapon": str(Weapon(weapon).label) if weapon else "",
        "grade": str(Grade(grade).label) if grade else "",
        "grade_code": grade or "ungraded",
        "date": start.date().isoformat(),
        "number": 1,
    }
    return _feature({"type": "Point", "coordinates": [lon, lat]}, told)


def _gathered(points: QuerySet[Incident], bbox: BBox) -> list[dict[str, Any]]:
    """Return one point for each square with incidents, at their mean place."""
    width = (bbox.east - bbox.west) % 360 or 360.0
    side = max(width / _SQUARES_ACROSS, 1e-6)
    squares = (
        points.annotate(lon=LON, lat=LAT)
        .annotate(column=Floor(F("lon") / side), row=Floor(F("lat") / side))
        .values("column", "row")
        .annotate(number=Count("pk"), mean_lon=Avg("lon"), mean_lat=Avg("lat"))
        .values_list("mean_lon", "mean_lat", "number")
    )
    return [
        _feature({"type": "Point", "coordinates": [lon, lat]}, {"number": number})
        for lon, lat, number in squares
    ]


def _cells(actor: Actor, view: View) -> tuple[RiskRun | None, list[dict[str, Any]]]:
    """Return the last good run and its cells within the extent, most people expected first."""
    query = risk_query_parse({"floor": view.floor})
    try:
        run = run_asked_for(actor, query)
    except NotFound:
        return None, []
    named = ("people", "people_low", "people_high")
    figures = [f"figures__{figure_index(name, HORIZONS[0], view.floor)}" for name in named]
    cells = run.cells.filter(touches_bbox("geometry", view.bbox)) if view.bbox else run.cells.all()
    most = cells.order_by(F(figures[0]).desc(), "cell")
    rows = most.values_list("cell", f"risk_class__{query.floor_at}", *figures)[:MOST_CELLS]
    return run, [_cell(*row) for row in rows if row[1]]


def _cell(cell: str, risk_class: int, people: float, low: float, high: float) -> dict[str, Any]:
    ring = [[round(lon, 5), round(lat, 5)] for lon, lat in outline_of(cell)]
    told = {
        "cell": cell,
        "risk_class": risk_class,
        "people": persons(people),
        "interval": f"{persons(low)}–{persons(high)}",
    }
    return _feature({"type": "Polygon", "coordinates": [ring]}, told)


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
