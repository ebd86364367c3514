"""What is shown within an extent: incidents, and the last good run's cells. Degrees WGS 84."""

from dataclasses import dataclass
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
from incidents.vocab import State
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


@dataclass(frozen=True, slots=True)
class Dot:
    """One incident, or several at their mean place. ``grade``: or ``ungraded`` or ``several``."""

    lon: float
    lat: float
    number: int
    grade: str


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


def points_of(actor: Actor, view: View) -> QuerySet[Incident]:
    """Return those of them that have a place on the map, in no order."""
    return incidents_of(actor, view).filter(location__isnull=False).order_by()


def dots_of(actor: Actor, view: View) -> list[Dot]:
    """Return each of them, or where there are too many, how many there are in each square."""
    points = points_of(actor, view)
    found = list(points.values_list(LON, LAT, "grade")[: MOST_POINTS + 1])
    if len(found) > MOST_POINTS:
        return _gathered(points, view.bbox or _EVERYWHERE)
    return [Dot(lon, lat, 1, grade or "ungraded") for lon, lat, grade in found]


def _gathered(points: QuerySet[Incident], bbox: BBox) -> list[Dot]:
    """Return one dot for each square with incidents, at their mean place."""
    width = (bbox.east - bbox.west) % 360 or 360.0
    side = max(width / _SQUARES_ACROSS, 1e-6)
    squares = (
        points.annotate(lon=LON, lat=LAT)
        .annotate(column=Floor(F("lon") / side), row=Floor(F("lat") / side))
        .values("column", "row")
        .annotate(number=Count("pk"), mean_lon=Avg("lon"), mean_lat=Avg("lat"))
        .values_list("mean_lon", "mean_lat", "number")
    )
    return [Dot(lon, lat, number, "several") for lon, lat, number in squares]


def cells_of(actor: Actor, view: View) -> tuple[RiskRun | None, dict[str, Any]]:
    """Return the last good run and its cells within the extent, most people expected first.

    The cells are GeoJSON, at most ``MOST_CELLS``; none without a run.
    """
    query = risk_query_parse({"floor": view.floor})
    try:
        run = run_asked_for(actor, query)
    except NotFound:
        return None, _collection([])
    named = ("people", "people_low", "people_high")
    figures = [f"figures__{figure_index(name, HORIZONS[0], view.floor)}" for name in named]
    cells = run.cells.filter(touches_bbox("geometry", view.bbox)) if view.bbox else run.cells.all()
    most = cells.order_by(F(figures[0]).desc(), "cell")
    rows = most.values_list("cell", f"risk_class__{query.floor_at}", *figures)[:MOST_CELLS]
    return run, _collection([_cell(*row) for row in rows if row[1]])


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _cell(cell: str, risk_class: int, people: float, low: float, high: float) -> dict[str, Any]:
    ring = [[round(lon, 5), round(lat, 5)] for lon, lat in outline_of(cell)]
    told = {
        "cell": cell,
        "risk_class": risk_class,
        "people": persons(people),
        # From right to left it would else begin with the higher one; and it stays on one line.
        "interval": f"\u2066{persons(low)}\u2060–\u2060{persons(high)}\u2069",
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": told,
    }
