"""Which units a place lies in, by the releases in force. Degrees WGS 84 in, metres out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from incidents.models.boundaries import BoundaryUnit

# How far outside its own country's outline a true place may be. All 34,000 towns of GeoNames lie
# within 28 km of the outlines that come with the program: these are coarse at coasts, lack small
# islands, and follow one party's line where a border is disputed. Latitude and longitude swapped
# lead farther away nearly always (Iraq 100 %, Syria 95 % of the towns; docs/data-sources.md).
OUTLINE_TOLERANCE_M = 30_000.0

# One unit per level: of the country's own release before the world's, then the smaller.
_UNITS_AT = """
    SELECT DISTINCT ON (place.number, unit.level) place.number, unit.id
    FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS place (longitude, latitude, number)
    JOIN incidents_boundarypart AS part
      ON ST_Intersects(part.geometry, ST_Point(place.longitude, place.latitude, 4326))
    JOIN incidents_boundaryunit AS unit ON unit.id = part.unit_id
    JOIN incidents_boundaryrelease AS release ON release.id = unit.release_id
    WHERE release.is_active
    ORDER BY place.number, unit.level, release.country = '', unit.area_km2, unit.id
"""

# An outline may have several units (an exclave, a disputed territory): the nearest counts. Within,
# the map's straight edges decide, as they do above; only outside is there a distance to measure.
_COUNTRY_DISTANCES = """
    WITH ranked AS (
        SELECT unit.id, unit.country,
               rank() OVER (PARTITION BY unit.country ORDER BY release.country = '') AS place
        FROM incidents_boundaryunit AS unit
        JOIN incidents_boundaryrelease AS release ON release.id = unit.release_id
        WHERE release.is_active AND unit.level = 0
    ), outline AS MATERIALIZED (
        SELECT id, country FROM ranked WHERE place = 1
    ), place AS (
        SELECT country, number, ST_Point(longitude, latitude, 4326) AS point
        FROM unnest(%s::text[], %s::float8[], %s::float8[])
          WITH ORDINALITY AS asked (country, longitude, latitude, number)
    )
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM incidents_boundarypart AS part JOIN outline ON outline.id = part.unit_id
            WHERE outline.country = place.country AND ST_Intersects(part.geometry, place.point)
        ) THEN 0
        ELSE (
            SELECT min(ST_Distance(part.geometry::geography, place.point::geography))
            FROM incidents_boundarypart AS part JOIN outline ON outline.id = part.unit_id
            WHERE outline.country = place.country
        )
    END
    FROM place ORDER BY place.number
"""


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def units_in_force() -> QuerySet[BoundaryUnit]:
    """Return the units of the releases in force, with their release."""
    return BoundaryUnit.objects.filter(release__is_active=True).select_related("release")


def units_at(longitude: float, latitude: float) -> list[BoundaryUnit]:
    """Return the units that a place lies in, coarse to fine, one per level, without geometry."""
    return units_at_many([(longitude, latitude)])[0]


def units_at_many(points: Sequence[tuple[float, float]]) -> list[list[BoundaryUnit]]:
    """Return ``units_at`` for each (longitude, latitude), in two queries whatever their number.

    Points in one unit share one instance.
    """
    longitudes = [float(longitude) for longitude, _ in points]
    latitudes = [float(latitude) for _, latitude in points]
    found = _rows(_UNITS_AT, [longitudes, latitudes])
    ids = {unit_id for _, unit_id in found}
    units = BoundaryUnit.objects.select_related("release").defer("geometry").in_bulk(list(ids))
    answer: list[list[BoundaryUnit]] = [[] for _ in points]
    for number, unit_id in found:
        answer[number - 1].append(units[unit_id])
    return answer


def units_named(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], BoundaryUnit]:
    """Return the unit in force that each (P-code, country) means, with its geometry.

    The country may be empty: then a P-code that several countries use means nothing, and neither
    does one that is in force nowhere. Of the country's own release before the world's; of levels
    that share a P-code the coarsest, so that no place is made out finer than it was said.
    """
    asked = {place for place in places if place[0]}
    held: dict[str, list[BoundaryUnit]] = defaultdict(list)
    in_force = BoundaryUnit.objects.filter(release__is_active=True).select_related("release")
    for unit in in_force.filter(pcode__in={pcode for pcode, _ in asked}):
        held[unit.pcode].append(unit)
    named = {}
    for pcode, country in asked:
        meant = [unit for unit in held[pcode] if country in ("", unit.country)]
        if len({unit.country for unit in meant}) == 1:
            named[pcode, country] = min(
                meant, key=lambda unit: (unit.release.country == "", unit.level)
            )
    return named


def country_distance_m(country: str, longitude: float, latitude: float) -> float | None:
    """Return how far outside a country's outline a place lies, in geodesic metres.

    0 inside; None where no outline of that country is in force. See ``OUTLINE_TOLERANCE_M``.
    """
    return country_distances_m([(country, longitude, latitude)])[0]


def country_distances_m(places: Sequence[tuple[str, float, float]]) -> list[float | None]:
    """Return ``country_distance_m`` for each (country, longitude, latitude), in one query."""
    countries = [country for country, _, _ in places]
    longitudes = [float(longitude) for _, longitude, _ in places]
    latitudes = [float(latitude) for _, _, latitude in places]
    return [row[0] for row in _rows(_COUNTRY_DISTANCES, [countries, longitudes, latitudes])]
