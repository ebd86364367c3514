"""Names of towns for the map, of GeoNames (CC BY 4.0); of each tile the largest few.

They stand in the static file that the map of a report's place reads: see scripts/vendor_towns.py.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.db import connection

from feed.tiles.grid import Tile

MOST_IN_A_TILE = 24
NEAR_KM = 40.0
_KM_PER_DEGREE = 111.195
_FILE = Path(__file__).parents[1] / "static" / "monitor" / "towns.json"


@dataclass(frozen=True, slots=True)
class _Towns:
    """All, the largest first. ``across`` and ``down``: where on the web map, from 0 to 1."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
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


def town_near(longitude: float, latitude: float, language: str) -> str:
    """Return the name of the nearest town, "" where none is within ``NEAR_KM``."""
    towns = _towns()
    east = (towns.lon - longitude + 180) % 360 - 180
    km = np.hypot(east * np.cos(np.radians(latitude)), towns.lat - latitude) * _KM_PER_DEGREE
    nearest = int(km.argmin())
    names = towns.arabic if language == "ar" else towns.names
    return names[nearest] if km[nearest] <= NEAR_KM else ""


_EXTENT = 4096  # what ST_AsMVT takes where nothing else is said
_DRAW = """
    SELECT ST_AsMVT(drawn, 'towns') FROM (
        SELECT ST_MakePoint(floor(across), floor(down)) AS geom, name, rank
        FROM unnest(%s::float[], %s::float[], %s::text[], %s::integer[])
            AS town (across, down, name, rank)
    ) AS drawn"""


@cache
def _towns() -> _Towns:
    towns = json.loads(_FILE.read_text())
    lon, lat = (np.array([town[axis] for town in towns], float) for axis in (1, 2))
    return _Towns(
        lon=lon,
        lat=lat,
        across=(lon + 180) / 360,
        down=(1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2,
        names=[town[0] for town in towns],
        arabic=[town[-1] if len(town) > 3 else town[0] for town in towns],
    )
