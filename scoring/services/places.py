"""Where an incident may have been: a disc, or the administrative unit that alone is known."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import numpy as np
import shapely

from incidents.models import BoundaryUnit
from incidents.selectors import LAT, LON, strikes_by_id
from incidents.selectors.boundaries import units_named
from incidents.vocab import LocationPrecision
from scoring.engine.geodesy import WGS84
from scoring.engine.inputs import Area, Polygon, in_one_piece
from scoring.services.exposure import Place


class Strike(NamedTuple):
    """What scoring reads of an incident: degrees, metres (None where nobody said)."""

    id: UUID
    version: int
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    precision: str
    weapon: str
    pcode: str
    country: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A strike's place: the disc that holds it, and the unit where only that is known.

    ``disc`` of a unit is the smallest around it, by which it is told whether it is too vague.
    ``unit``: level, pcode and release, as the explanation names it.
    """

    disc: Place
    polygon: Polygon | None = None
    unit: dict[str, Any] | None = None

    @property
    def area(self) -> Area | None:
        """What the engine takes."""
        return self.polygon or self.disc


def strikes_read(incident_ids: Iterable[UUID]) -> list[Strike]:
    """Return what scoring reads of the incidents that are strikes, by id."""
    rows = strikes_by_id(incident_ids).annotate(lon=LON, lat=LAT).order_by("id")
    fields = ("id", "version", "lon", "lat", "uncertainty_m", "location_precision", "weapon")
    return [Strike(*row) for row in rows.values_list(*fields, "pcode", "country")]


def whereabouts_of(strikes: Sequence[Strike]) -> list[Whereabouts]:
    """Return where each strike may have been, by its point or, without one, by its P-code.

    Units are those in force now: which release it was stands in the figures.
    """
    without = [strike for strike in strikes if strike.lon is None]
    units = units_named((strike.pcode, strike.country) for strike in without)
    found = []
    for strike in strikes:
        unit = units.get((strike.pcode, strike.country)) if strike.lon is None else None
        found.append(_of_unit(unit) if unit else Whereabouts(_disc(strike)))
    return found


def _disc(strike: Strike) -> Place:
    """Return the disc around a point.

    A point of which nobody said how sure it is counts as exact only where its precision says so.
    """
    if strike.lon is None or strike.lat is None:
        return None
    uncertainty = strike.uncertainty_m
    if uncertainty is None:
        uncertainty = 0.0 if strike.precision == LocationPrecision.EXACT else math.inf
    return strike.lon, strike.lat, uncertainty


# Models are equal by their id, and what was ever in force does not change.
@lru_cache(maxsize=500)
def _of_unit(unit: BoundaryUnit) -> Whereabouts:
    shape = cast(shapely.MultiPolygon, shapely.from_wkb(bytes(unit.geometry.wkb)))
    west, _, east, _ = shape.bounds
    polygon = in_one_piece(list(shape.geoms)) if east - west > 180 else shape
    named = {"level": unit.level, "pcode": unit.pcode, "release": unit.release.name}
    return Whereabouts(_disc_around(polygon), polygon, named)


def _disc_around(polygon: Polygon) -> tuple[float, float, float]:
    """Return longitude, latitude and metres of a disc that holds a polygon: nearly the least."""
    _, south, _, north = polygon.bounds
    squeeze = np.array([math.cos(math.radians((south + north) / 2)), 1.0])
    flat = shapely.transform(polygon, lambda points: points * squeeze)
    lon, lat = shapely.get_coordinates(shapely.minimum_bounding_circle(flat).centroid)[0] / squeeze
    corners = shapely.get_coordinates(shapely.convex_hull(polygon))
    here = np.full(len(corners), lon), np.full(len(corners), lat)
    _, _, away_m = WGS84.inv(*here, *corners.T)
    return float(lon), float(lat), float(away_m.max())
