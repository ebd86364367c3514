"""What each audience is told of where it was."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, cast

import shapely

from feed.blur import Area, Basis, Place, Recorded, public_places, unit_area
from feed.encoding import Shown
from incidents.models import BoundaryUnit, Publication
from incidents.selectors.boundaries import units_at_many
from scoring.selectors import active_layer
from scoring.services.exposure import residents_in

Snapshot = dict[str, Any]
Point = tuple[float, float]


def shown_to_partners(publications: Sequence[Publication]) -> list[Shown]:
    """Show the place as it was recorded."""
    return [
        Shown(_recorded_place(snapshot), snapshot["country"], snapshot["units"])
        for snapshot in (publication.snapshot for publication in publications)
    ]


def _recorded_place(snapshot: Snapshot) -> Place:
    point = _point(snapshot)
    if point is None:
        return Place(Basis.UNKNOWN)
    return Place(Basis.RECORDED, *point, snapshot["uncertainty_m"])


def shown_to_public(publications: Sequence[Publication]) -> list[Shown]:
    """Show the blurred place, and of country and units only what holds for all of its area."""
    units_at = _units_at([_point(publication.snapshot) for publication in publications])
    countries, recorded = [], []
    for publication, units in zip(publications, units_at, strict=True):
        country, outline = _country(publication.snapshot, units)
        countries.append(country)
        recorded.append(_recorded(publication, units, outline))
    # By one layer throughout: another may be switched on meanwhile.
    places = public_places(recorded, partial(residents_in, layer=active_layer()))
    # Looked up at the published point: units of the recorded one might differ within the area.
    around = _units_at([_centre(place) for place in places])
    return [
        Shown(place, country, _holding(place, near))
        for place, country, near in zip(places, countries, around, strict=True)
    ]


def _point(snapshot: Snapshot) -> Point | None:
    if snapshot["longitude"] is None:
        return None
    return snapshot["longitude"], snapshot["latitude"]


def _centre(place: Place) -> Point | None:
    if place.longitude is None or place.latitude is None:
        return None
    return place.longitude, place.latitude


def _units_at(points: Sequence[Point | None]) -> list[list[BoundaryUnit]]:
    """Return the units in force at each point, coarse to fine; none where there is no point."""
    found = iter(units_at_many([point for point in points if point]))
    return [next(found) if point else [] for point in points]


def _country(
    snapshot: Snapshot, units: Sequence[BoundaryUnit]
) -> tuple[str, shapely.MultiPolygon | None]:
    """Return the country to name and its outline, where one is in force.

    A country that the outline at the point contradicts is not named: with the area it would tell
    that the strike was in some odd corner of it.
    """
    outlines = [unit for unit in units if unit.level == 0 and unit.country]
    if not outlines:
        return snapshot["country"], None
    if snapshot["country"] not in {"", outlines[0].country}:
        return "", None
    return outlines[0].country, _shape_of(outlines[0])


def _recorded(
    publication: Publication, units: Sequence[BoundaryUnit], country: shapely.MultiPolygon | None
) -> Recorded | None:
    point = _point(publication.snapshot)
    if point is None:
        return None
    return Recorded(
        *point,
        uncertainty_m=publication.snapshot["uncertainty_m"],
        units=[_area_of(unit) for unit in reversed(units) if unit.level > 0],
        country=country,
        resolution=publication.public_resolution,
    )


@lru_cache(maxsize=500)
def _shape_of(unit: BoundaryUnit) -> shapely.MultiPolygon:
    """Return a unit's geometry. Kept: what was ever in force does not change."""
    return cast(shapely.MultiPolygon, shapely.from_wkb(bytes(unit.geometry.wkb)))


@lru_cache(maxsize=500)
def _area_of(unit: BoundaryUnit) -> Area:
    return unit_area(unit.pcode, unit.level, _shape_of(unit))


def _holding(place: Place, units: Sequence[BoundaryUnit]) -> list[dict[str, Any]]:
    """Return the units below the country in which all of the published area lies."""
    area = place.area
    if area is None:
        return []
    return [
        {
            "level": unit.level,
            "pcode": unit.pcode,
            "names": unit.names,
            "release": unit.release.name,
        }
        for unit in units
        if unit.level > 0 and _holds(unit, area)
    ]


def _holds(unit: BoundaryUnit, area: Area) -> bool:
    if area.basis == Basis.UNIT and unit.level <= area.level:
        return True  # a unit above it, whose edge may be drawn a little differently
    return bool(_shape_of(unit).covers(area.shape))
