"""One tile of the record with ST_AsMVT: each incident, or how many there are about each spot.

Drawn live of the rows that the actor may read, and kept nowhere. What is gathered is counted by
step of time as well, so that the map can be played without asking again.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, IntegerField, QuerySet

from accounts.actors import Actor
from core.geo import touches_bbox
from feed.patience import LONGEST, patience
from feed.tiles.grid import Tile, column_sql, row_sql
from incidents.models import Incident
from incidents.selectors import LAT, LON
from monitor.overview.asking import View
from monitor.overview.reading import points_of

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
    points = points_of(actor, view).filter(touches_bbox("location", tile.bbox()))
    with patience(LONGEST):
        if points.values("pk")[: MOST_SINGLE + 1].count() <= MOST_SINGLE:
            return _drawn(_SINGLE, points, tile)
        return _drawn(_gathered(days), points, tile)


def _drawn(statement: str, points: QuerySet[Incident], tile: Tile) -> bytes:
    rows = points.annotate(
        lon=LON, lat=LAT, first=_day("time_start"), last=_day("time_end")
    ).values(*_SHOWN, "lon", "lat", "first", "last")
    try:
        found, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return b""
    side = str(2**tile.z)
    placed = f"""
        SELECT * FROM (
            SELECT found.*, ({column_sql("lon", side)} - {tile.x}) * {EXTENT} AS across,
                   ({row_sql("lat", side)} - {tile.y}) * {EXTENT} AS down
            FROM ({found}) AS found
        ) AS placed
        WHERE across >= 0 AND across < {EXTENT} AND down >= 0 AND down < {EXTENT}"""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(placed=placed), parameters)
        return bytes(cursor.fetchone()[0] or b"")


def _day(column: str) -> Any:
    """Return days since 1970-01-01."""
    template = "((%(expressions)s AT TIME ZONE 'UTC')::date - date '1970-01-01')"
    return Func(F(column), template=template, output_field=IntegerField())


# A renderer leaves out what lies on a tile's far edges: they are the next tile's.
_SINGLE = f"""
    SELECT ST_AsMVT(drawn, 'incidents', {EXTENT}, 'geom') FROM (
        SELECT ST_MakePoint(floor(across), floor(down)) AS geom, id::text AS id,
               left(coalesce(nullif(title, ''), place_name), 120) AS title, weapon, grade,
               first, last
        FROM ({{placed}}) AS point ORDER BY first, id
    ) AS drawn"""


def _gathered(days: list[int]) -> str:
    began = [f"coalesce(sum(number) FILTER (WHERE began <= {k}), 0)" for k in range(len(days))]
    ended = [f"coalesce(sum(number) FILTER (WHERE ended <= {k}), 0)" for k in range(len(days))]
    steps = [
        f", nullif({one}, 0)::integer AS s{k}, nullif({other}, {one})::integer AS e{k}"
        for k, (one, other) in enumerate(zip(began, ended, strict=True))
    ]
    edges = f"ARRAY[{','.join(map(str, days))}]::integer[]"
    return f"""
    SELECT ST_AsMVT(drawn, 'gathered', {EXTENT}, 'geom') FROM (
        SELECT ST_MakePoint(floor(sum(across) / sum(number)),
                            floor(sum(down) / sum(number))) AS geom,
               sum(number)::integer AS number{"".join(steps)}
        FROM (
            SELECT floor(across * {SQUARES_ACROSS} / {EXTENT})::integer AS eastward,
                   floor(down * {SQUARES_ACROSS} / {EXTENT})::integer AS southward,
                   width_bucket(first, {edges}) AS began, width_bucket(last, {edges}) AS ended,
                   count(*)::integer AS number, sum(across) AS across, sum(down) AS down
            FROM ({{placed}}) AS point GROUP BY 1, 2, 3, 4
        ) AS counted
        GROUP BY eastward, southward ORDER BY number
    ) AS drawn"""
