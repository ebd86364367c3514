"""Counting what stands in each cell, and noting which tiles a sealed batch has changed."""

from typing import Any

from django.db import connection, transaction

from feed.models import Audience, TileCell, TileTouch
from feed.rows import POINTS
from feed.tiles.grid import column_sql, row_sql

CELL_LEVEL, TOUCH_ZOOM = 13, 6

_SIDE = str(2**CELL_LEVEL)
_LAST = 2**CELL_LEVEL - 1
_X = f"least(floor({column_sql('ST_X(geometry)', _SIDE)}), {_LAST})::integer"
_Y = f"greatest(least(floor({row_sql('ST_Y(geometry)', _SIDE)}), {_LAST}), 0)::integer"
_SHOWN = "audience = %(audience)s AND kind = ANY(%(kinds)s) AND seq IS NOT NULL AND feature <> ''"
_SHOWN += " AND geometry IS NOT NULL"
_CHANGED = f"""
    SELECT kind, {_X} AS x, {_Y} AS y, 1 AS change FROM feed_logentry
    WHERE {_SHOWN} AND seq BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT kind, {_X}, {_Y}, -1 FROM feed_logentry
    WHERE {_SHOWN} AND closed_by_seq BETWEEN %(first)s AND %(last)s"""
_STANDING = f"""
    SELECT kind, {_X} AS x, {_Y} AS y, 1 AS change FROM feed_logentry
    WHERE {_SHOWN} AND closed_by_seq IS NULL"""
_COUNT = """
    INSERT INTO feed_tilecell (audience, kind, x, y, count)
    SELECT %(audience)s, kind, x, y, sum(change) FROM changed GROUP BY kind, x, y
    ON CONFLICT (audience, kind, x, y) DO UPDATE SET count = feed_tilecell.count + excluded.count"""
# A version that was replaced in place changes a tile, too: what it says is drawn.
_TOUCH = f"""
    INSERT INTO feed_tiletouch (audience, kind, z, x, y, seq)
    SELECT DISTINCT %(audience)s, kind, z, x >> ({CELL_LEVEL} - z), y >> ({CELL_LEVEL} - z),
           %(last)s::bigint
    FROM changed CROSS JOIN generate_series(0, {TOUCH_ZOOM}) AS z
    ON CONFLICT (audience, kind, z, x, y) DO UPDATE SET seq = excluded.seq"""


def cells_update(audience: Audience, first_seq: int, last_seq: int) -> None:
    """Take the entries of a sealed batch, and the versions that they close, into the counts."""
    _run(_CHANGED, audience, first_seq, last_seq)


@transaction.atomic
def cells_rebuild(audience: Audience, last_seq: int) -> None:
    """Count anew, as after a redaction, and note every tile as changed at ``last_seq``."""
    TileTouch.objects.filter(audience=audience).update(seq=last_seq)
    TileCell.objects.filter(audience=audience).delete()
    _run(_STANDING, audience, 0, last_seq)


def _run(changed: str, audience: Audience, first_seq: int, last_seq: int) -> None:
    parameters: dict[str, Any] = {
        "audience": str(audience),
        "kinds": [str(kind) for kind in POINTS],
        "first": first_seq,
        "last": last_seq,
    }
    statement = f"""WITH changed AS MATERIALIZED ({changed}), counted AS ({_COUNT}) {_TOUCH}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
