"""Names of towns for the map, of GeoNames (CC BY 4.0); of each tile the largest few."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from django.db import connection

from feed import towns as known_towns
from feed.tiles.grid import Tile

MOST_IN_A_TILE = 24


@dataclass(frozen=True, slots=True)
class _Towns:
    """All, the largest first. ``across`` and ``down``: where on the web map, from 0 to 1."""

    across: npt.NDArray[np.float64]
    down: npt.NDArray[np.float64]
    names: list[str]
    arabic: list[str]


def towns_draw(tile: Tile, language: str) -> bytes:
    """Return the tile (MVT), layer ``towns``: ``name`` and ``rank``, 0 for the largest of all.

    Names are in Arabic for ``ar`` where GeoNames has one, else as GeoNames writes them.
    """
    towns = _towns()
    across, down = towns.across * 2**tile.z - tile.x, towns.down * 2**tile.z - tile.y
    inside = (across >= 0) & (across < 1) & (down >= 0) & (down < 1)
    chosen = np.flatnonzero(inside)[:MOST_IN_A_TILE]
    names = towns.arabic if language == "ar" else towns.names
    with connection.cursor() as cursor:
        cursor.execute(
            _DRAW,
            [
                (across[chosen] * _EXTENT).tolist(),
                (down[chosen] * _EXTENT).tolist(),
                [names[at] for at in chosen],
                chosen.tolist(),
            ],
        )
        return bytes(cursor.fetchone()[0])


_EXTENT = 4096  # what ST_AsMVT takes where nothing else is said
_DRAW = """
    SELECT ST_AsMVT(drawn, 'towns') FROM (
        SELECT ST_MakePoint(floor(across), floor(down)) AS geom, name, rank
        FROM unnest(%s::float[], %s::float[], %s::text[], %s::integer[])
            AS town (across, down, name, rank)
    ) AS drawn"""


@cache
def _towns() -> _Towns:
    known = known_towns.towns()
    names = range(len(known.names))
    return _Towns(
        across=(known.lon + 180) / 360,
        down=(1 - np.arcsinh(np.tan(np.radians(known.lat))) / np.pi) / 2,
        names=known.names,
        arabic=[known.name(at, "ar") for at in names],
    )
