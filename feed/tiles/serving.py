"""Tiles from a cache that knows when one has changed.

A tile's stamp is the newest entry that touched it; what is kept under an older stamp is never asked
for again. Where the cache is down every tile is drawn.
"""

import gzip
import hashlib
import logging
import time

from django.core.cache import cache

from feed.collections import Collection
from feed.models import Audience, Kind, TileTouch
from feed.params import ItemsQuery
from feed.patience import LONGEST, patience
from feed.tiles.cells import TOUCH_ZOOM
from feed.tiles.drawing import tile_draw
from feed.tiles.grid import Tile

logger = logging.getLogger(__name__)

# Grows with every change of how tiles are drawn.
DRAWING = "tile-2"
KEPT_S = 86_400
# A process asks the database for a stamp at most once in so long.
STAMP_KEPT_S = 1.0
_MOST_STAMPS = 20_000

_stamps: dict[tuple[Audience, Kind, Tile], tuple[float, int]] = {}


def stamp_of(audience: Audience, kind: Kind, tile: Tile) -> int:
    """Return the newest entry that changed a tile, 0 for none; at most a second old."""
    at = tile.ancestor(min(tile.z, TOUCH_ZOOM))
    key = audience, kind, at
    known, now = _stamps.get(key), time.monotonic()
    if known and now - known[0] < STAMP_KEPT_S:
        return known[1]
    touches = TileTouch.objects.filter(audience=audience, kind=kind, z=at.z, x=at.x, y=at.y)
    stamp = touches.values_list("seq", flat=True).first() or 0
    if len(_stamps) >= _MOST_STAMPS:
        _stamps.clear()
    _stamps[key] = now, stamp
    return stamp


def tile_gzipped(
    audience: Audience,
    collection: Collection,
    tile: Tile,
    stamp: int,
    query: ItemsQuery,
    asked: str,
) -> bytes:
    """Return the tile (MVT, gzip). ``asked`` is the query's text, which tells its cached copies.

    Raises ``TookTooLong``.
    """
    digest = hashlib.sha256(asked.encode()).hexdigest()[:16]
    key = f"{DRAWING}:{audience}:{collection.id}:{tile.z}/{tile.x}/{tile.y}:{stamp}:{digest}"
    kept = _kept(key)
    if kept is not None:
        return kept
    with patience(LONGEST):
        drawn = tile_draw(
            audience,
            collection.kind,
            collection.id,
            tile,
            interval=query.interval,
            filter_=query.filter,
        )
    packed = gzip.compress(drawn, 6, mtime=0)
    try:
        cache.set(key, packed, KEPT_S)
    except Exception:
        logger.warning("tiles are not kept: the cache does not answer")
    return packed


def _kept(key: str) -> bytes | None:
    try:
        return cache.get(key)
    except Exception:
        logger.warning("tiles are drawn anew: the cache does not answer")
        return None
