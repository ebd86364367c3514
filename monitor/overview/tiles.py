"""One tile of the record with ST_AsMVT: each incident, or how many there are about each spot.

Drawn live of the rows that the actor may read, and kept nowhere. What is gathered is counted by
step of time as well, so that the map can be played without asking again.
"""

from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, IntegerField, QuerySet

from accounts.actors import Actor
from feed.patience import LONGEST, patience
from feed.tiles.grid import Tile, column_sql, row_sql
from incidents.models import Incident
from incidents.selectors import LAT, LON
from monitor.overview.asking import View
from monitor.overview.reading import points_of
from monitor.overview.timeline import EPOCH

EXTENT, SQUARES_ACROSS = 4096, 24
MOST_SINGLE = 1_000
# Whatever else becomes known of incidents, a tile says this of one, and nothing more.
_SHOWN = ("id", "title", "place_name", "weapon", "grade")


def tile_draw(actor: Actor, view: View, tile: Tile, days: list[int]) -> bytes:
    """Return the tile (MVT); empty where the actor may see nothing.

    Layer ``incidents``: id, title, weapon, grade and the days ``first`` and ``last``. Layer
    ``gathered``, where there are more than ``MOST_SINGLE``: ``number``, and for each of ``days``
    (see ``timeline``), k, ``s{k}``: how many began before it (left out: none), and ``e{k}``: how
    many had ended before it (left out: as many as began). Raises ``TookTooLong``.
    """
    # By its box alone: whether a point is in it, the statement tells, and sooner.
    points = points_of(actor, view).filter(location__bboverlaps=tile.bbox().geometry())
    with patience(LONGEST):
        is_few = points.values("pk")[: MOST_SINGLE + 1].count() <= MOST_SINGLE
        return _drawn(_single(tile) if is_few else _gathered(tile, days), points)


def _drawn(statement: str, points: QuerySet[Incident]) -> bytes:
    rows = points.annotate(
        lon=LON, lat=LAT, first=_day("time_start"), last=_day("time_end")
    ).values(*_SHOWN, "time_start", "time_end", "lon", "lat", "first", "last")
    try:
        found, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return b""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(found=found), parameters)
        return bytes(cursor.fetchone()[0] or b"")


def _day(column: str) -> Any:
    """Return days since 1970-01-01."""
    template = "((%(expressions)s AT TIME ZONE 'UTC')::date - date '1970-01-01')"
    return Func(F(column), template=template, output_field=IntegerField())


def _point(tile: Tile, lon: str, lat: str) -> str:
    """Return SQL for a place on the tile, which ends before the next one begins."""
    side = str(2**tile.z)
    across = f"({column_sql(lon, side)} - {tile.x}) * {EXTENT}"
    down = f"({row_sql(lat, side)} - {tile.y}) * {EXTENT}"
    inside = [f"greatest(least(floor({one}), {EXTENT - 1}), 0)" for one in (across, down)]
    return f"ST_MakePoint({', '.join(inside)})"


def _is_last(tile: Tile) -> bool:
    """Tell whether it is of the last column, which ends with 180° itself."""
    return tile.x == 2**tile.z - 1


def _single(tile: Tile) -> str:
    box, before = tile.bbox(), "<=" if _is_last(tile) else "<"
    return f"""
    SELECT ST_AsMVT(drawn, 'incidents', {EXTENT}, 'geom') FROM (
        SELECT {_point(tile, "lon", "lat")} AS geom, id::text AS id,
               left(coalesce(nullif(title, ''), place_name), 120) AS title, weapon, grade,
               first, last
        FROM ({{found}}) AS point
        WHERE lon >= {box.west} AND lon {before} {box.east}
          AND lat > {box.south} AND lat <= {box.north}
        ORDER BY first, id
    ) AS drawn"""


def _midnight(day: int) -> str:
    """Return SQL for when a day begins; to make days of the rows would take a fifth longer."""
    try:
        return f"'{date.fromordinal(day + EPOCH)} 00:00Z'"
    except (ValueError, OverflowError):
        return "'-infinity'" if day < 0 else "'infinity'"


def _gathered(tile: Tile, days: list[int]) -> str:
    box, steps = tile.bbox(), range(len(days))
    edges = f"ARRAY[{','.join(map(_midnight, days))}]::timestamptz[]"
    columns = SQUARES_ACROSS + _is_last(tile)  # 180° is a square further on
    wide, tall = (box.east - box.west) / SQUARES_ACROSS, (box.north - box.south) / SQUARES_ACROSS
    begun = [f", sum(number) FILTER (WHERE began <= {k}) AS s{k}" for k in steps]
    # Few last from one step into another: they are summed by themselves, which halves the sums.
    lasting = [f", sum(number) FILTER (WHERE began <= {k} AND ended > {k}) AS l{k}" for k in steps]
    told = [f", s{k}::integer AS s{k}, (s{k} - l{k})::integer AS e{k}" for k in steps]
    return f"""
    WITH counted AS MATERIALIZED (
        SELECT floor((lon - {box.west}) / {wide})::integer AS eastward,
               floor(({box.north} - lat) / {tall})::integer AS southward,
               width_bucket(time_start, {edges}) AS began,
               width_bucket(time_end, {edges}) AS ended,
               count(*)::integer AS number, sum(lon) AS lon, sum(lat) AS lat
        FROM ({{found}}) AS point GROUP BY 1, 2, 3, 4
    ), square AS (
        SELECT eastward, southward, sum(number) AS number, sum(lon) AS lon, sum(lat) AS lat
               {"".join(begun)}
        FROM counted
        WHERE eastward >= 0 AND eastward < {columns}
          AND southward >= 0 AND southward < {SQUARES_ACROSS}
        GROUP BY eastward, southward
    ), lasting AS (
        SELECT eastward, southward{"".join(lasting)}
        FROM counted WHERE ended > began GROUP BY eastward, southward
    )
    SELECT ST_AsMVT(drawn, 'gathered', {EXTENT}, 'geom') FROM (
        SELECT {_point(tile, "(lon / number)", "(lat / number)")} AS geom,
               number::integer AS number{"".join(told)}
        FROM square LEFT JOIN lasting USING (eastward, southward)
        ORDER BY number
    ) AS drawn"""
