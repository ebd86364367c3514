"""Drawing one tile with ST_AsMVT: every incident by itself, or how many there are about each spot.

Where a tile holds more than ``MOST_SINGLE`` points they are gathered on a grid, so that no tile
grows beyond what a telephone can load, whatever was published.
"""

from typing import Any

from django.db import connection, transaction

from feed.cql2 import Filter
from feed.models import Audience, Kind
from feed.params import Interval
from feed.rows import STANDING, Rows
from feed.tiles.cells import CELL_LEVEL
from feed.tiles.grid import Tile, column_sql, row_sql

EXTENT, GRID = 4096, 64
MOST_SINGLE = 2_000
# Down to this zoom tiles are made of counted cells, from the next on of the points themselves.
LAST_OF_CELLS = 8
# Down to this zoom a tile's points are looked up by the degree square, as those of pages are, and
# no table is read; beyond it there are so few that the index over geometries finds them sooner.
LAST_OF_SQUARES = 10
# A symbol of a point just outside reaches into the tile.
MARGIN = 1 / 32

_SHOWN = """e.object_id::text AS id, e.object_version AS version, e.grade, e.weapon,
    to_char(e.time_start AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS time_start,
    e.killed_best, e.civilians_killed_best, e.uncertainty_m, e.country,
    e.exposure_1km, e.exposure_2km, e.exposure_5km"""
PROPERTIES = {
    "count": "how many there are at this spot",
    "id": "of a single one, as in the collection",
    "version": "its version",
    "grade": "its grade",
    "weapon": "its weapon",
    "time_start": "its first day (UTC)",
    "killed_best": "persons killed, best figure",
    "civilians_killed_best": "persons killed who were civilians, best figure",
    "uncertainty_m": "metres",
    "country": "ISO 3166 alpha-2",
    **{f"exposure_{km}km": f"of exposure: persons within {km} km" for km in (1, 2, 5)},
}


def tile_draw(
    audience: Audience,
    kind: Kind,
    layer: str,
    tile: Tile,
    *,
    interval: Interval | None = None,
    filter_: Filter | None = None,
) -> bytes:
    """Return the tile (MVT); empty where nothing is. Points only."""
    is_whole = interval is None and filter_ is None
    if is_whole and tile.z <= LAST_OF_CELLS:
        return _drawn(_OF_CELLS, _of_cells(audience, kind, layer, tile))
    squares = tile.z <= LAST_OF_SQUARES
    rows = Rows(audience, kind, tile.bbox(MARGIN), interval, filter_, squares)
    rows.parameters |= {
        "layer": layer,
        "x": tile.x,
        "y": tile.y,
        "side": 2**tile.z,
        "few": MOST_SINGLE + 1,
    }
    conditions = rows.conditions(STANDING, *rows.until())
    points = f"""SELECT found.* FROM {
        rows.found(f"SELECT e.seq, e.geometry FROM feed_logentry AS e WHERE {conditions}")
    }"""
    if _count(points, rows.parameters) > MOST_SINGLE:
        return _gathered(points, rows.parameters)
    if rows.numbers is None:
        return _drawn(
            _SINGLE.format(rows=f"feed_logentry AS e WHERE {conditions}"), rows.parameters
        )
    return _drawn(_SINGLE.format(rows=_ROWS_OF.format(points=points)), rows.parameters)


def _count(points: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({points} LIMIT %(few)s) AS few", parameters)
        return int(cursor.fetchone()[0])


def _gathered(points: str, parameters: dict[str, Any]) -> bytes:
    # PostgreSQL takes the points in a box for few, and would sort all of them to gather them.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        return _drawn(_GATHERED.format(points=points), parameters)


def _drawn(statement: str, parameters: dict[str, Any]) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return bytes(cursor.fetchone()[0] or b"")


_ACROSS = f"({column_sql('ST_X(geometry)', '%(side)s')} - %(x)s) * {EXTENT}"
_DOWN = f"({row_sql('ST_Y(geometry)', '%(side)s')} - %(y)s) * {EXTENT}"
_MVT = f"ST_AsMVT(drawn, %(layer)s, {EXTENT}, 'geom')"

_SINGLE = f"""
    SELECT {_MVT} FROM (
        SELECT ST_MakePoint(round({_ACROSS.replace("geometry", "e.geometry")}),
                            round({_DOWN.replace("geometry", "e.geometry")})) AS geom,
               1 AS count, {_SHOWN}
        FROM {{rows}}
        ORDER BY e.time_start, e.seq
    ) AS drawn"""
# What an index alone has found is looked up; otherwise the rows were read already.
_ROWS_OF = """({points}) AS point
        JOIN feed_logentry AS e ON e.audience = %(audience)s AND e.seq = point.seq"""
# Each spot is drawn where its points lie on average. Those outside the tile are another tile's.
# OFFSET 0: where a point lies is worked out once, not wherever it is named.
_GATHERED = f"""
    SELECT {_MVT} FROM (
        SELECT ST_MakePoint(round(avg(across)), round(avg(down))) AS geom, count(*) AS count
        FROM (
            SELECT {_ACROSS} AS across, {_DOWN} AS down FROM ({{points}}) AS point OFFSET 0
        ) AS placed
        WHERE across >= 0 AND across < {EXTENT} AND down >= 0 AND down < {EXTENT}
        GROUP BY floor(across * {GRID} / {EXTENT}), floor(down * {GRID} / {EXTENT})
        ORDER BY count(*)
    ) AS drawn"""
_OF_CELLS = f"""
    SELECT {_MVT} FROM (
        SELECT ST_MakePoint(round(sum(across * count) / sum(count)),
                            round(sum(down * count) / sum(count))) AS geom,
               sum(count) AS count
        FROM (
            SELECT (x + 0.5::float8 - %(x)s * %(cells)s) * {EXTENT} / %(cells)s AS across,
                   (y + 0.5::float8 - %(y)s * %(cells)s) * {EXTENT} / %(cells)s AS down, count
            FROM feed_tilecell
            WHERE audience = %(audience)s AND kind = %(kind)s AND count > 0
              AND x >= %(x)s * %(cells)s AND x < (%(x)s + 1) * %(cells)s
              AND y >= %(y)s * %(cells)s AND y < (%(y)s + 1) * %(cells)s
        ) AS cell
        GROUP BY floor(across * {GRID} / {EXTENT}), floor(down * {GRID} / {EXTENT})
        ORDER BY sum(count)
    ) AS drawn"""


def _of_cells(audience: Audience, kind: Kind, layer: str, tile: Tile) -> dict[str, Any]:
    return {
        "audience": str(audience),
        "kind": str(kind),
        "layer": layer,
        "x": tile.x,
        "y": tile.y,
        "cells": 2 ** (CELL_LEVEL - tile.z),
    }
