"""Towns of GeoNames (CC BY 4.0): to be named on maps, to say what a place is near, to look for.

From a list that comes with the program (``scripts/vendor_towns.py``), and which browsers read too:
GeoNames' own takes each process two thirds of a second and 70 MB.
"""

import json
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.geo import WGS84

_FILE = Path(__file__).resolve().parent / "static" / "feed" / "towns.json"
_METRES_PER_DEGREE = 111_320.0
# A place is said to be near a town that lies so close to where it may be.
NEAR_M = 20_000.0
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u0652]")
_ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_ARTICLE = re.compile(r"^(?:(?:a[dlnrstz]|e[dlrstz]|esh|ash|az)[ -]|ال)")


@dataclass(frozen=True, slots=True)
class Towns:
    """All, the most populous first; degrees WGS 84. ``arabic`` is "" where GeoNames has none."""

    names: list[str]
    arabic: list[str]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]

    def name(self, at: int, language: str) -> str:
        """Return a town's name: in Arabic for ``ar`` where there is one, else GeoNames'."""
        return (self.arabic[at] if language == "ar" else "") or self.names[at]

    def inside(self, west: float, south: float, east: float, north: float) -> list[int]:
        """Return the towns within a box, the largest first; its east may lie beyond 180."""
        lon = np.where(self.lon < west, self.lon + 360.0, self.lon)
        there = (lon >= west) & (lon <= east) & (self.lat >= south) & (self.lat <= north)
        return np.flatnonzero(there).tolist()

    def near(self, lon: float, lat: float, uncertainty_m: float) -> int | None:
        """Return the town that a place is near, None for none.

        The largest within its uncertainty, else the nearest within ``NEAR_M`` beyond that.
        """
        high, wide = degrees_of(uncertainty_m + NEAR_M, lat)
        rows = self._of_latitudes(lat - high, lat + high)
        around = rows[np.abs((self.lon[rows] - lon + 180) % 360 - 180) <= wide]
        if not around.size:
            return None
        here = np.full(around.size, lon), np.full(around.size, lat)
        metres = WGS84.inv(*here, self.lon[around], self.lat[around])[2]
        within = around[metres <= uncertainty_m]
        if within.size:
            return int(within.min())
        nearest = int(metres.argmin())
        return int(around[nearest]) if metres[nearest] <= uncertainty_m + NEAR_M else None

    def _of_latitudes(self, south: float, north: float) -> npt.NDArray[np.int64]:
        order, sorted_lat = _by_latitude()
        first, last = np.searchsorted(sorted_lat, [south, north])
        return order[first : last + 1]

    def called(self, text: str) -> int | None:
        """Return the largest town of a name, in either language and however it is spelt."""
        return _by_name().get(_plain(text))


@cache
def towns() -> Towns:
    """Return all towns, read once in each process."""
    rows = json.loads(_FILE.read_text())
    return Towns(
        names=[row[0] for row in rows],
        arabic=[row[3] if len(row) > 3 else "" for row in rows],
        lon=np.array([row[1] for row in rows], float),
        lat=np.array([row[2] for row in rows], float),
    )


@cache
def _by_latitude() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    order = np.argsort(towns().lat, kind="stable")
    return order, towns().lat[order]


@cache
def _by_name() -> dict[str, int]:
    known = towns()
    found: dict[str, int] = {}
    for names in (known.names, known.arabic):
        for at, name in enumerate(names):
            found.setdefault(_plain(name), at)
    found.pop("", None)
    return found


def _plain(name: str) -> str:
    """Return a name without what spellings differ in: accents, the article, a silent h."""
    letters = _MARKS.sub("", unicodedata.normalize("NFKD", name)).casefold().translate(_ALIKE)
    return re.sub(r"[^\w]", "", _ARTICLE.sub("", letters.strip())).removesuffix("h")


def box_text(at: int, metres: float) -> str:
    """Return the box that reaches so far from a town, as the parameter ``bbox`` takes it."""
    lon, lat = float(towns().lon[at]), float(towns().lat[at])
    high, wide = degrees_of(metres, lat)
    west, east = ((x + 180) % 360 - 180 for x in (lon - wide, lon + wide))
    return ",".join(f"{x:.3f}" for x in (west, max(lat - high, -90), east, min(lat + high, 90)))


def degrees_of(metres: float, latitude: float) -> tuple[float, float]:
    """Return a length in degrees, upwards and across, at a latitude."""
    high = metres / _METRES_PER_DEGREE
    return high, high / max(0.05, math.cos(math.radians(latitude)))
