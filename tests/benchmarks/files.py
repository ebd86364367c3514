"""Files of any length for the benchmarks, the same ones each time."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

_OUTLETS = ("Agence France Presse", "Reuters News", "BBC Monitoring", "Al Jazeera", "Shafaq News")
_PLACES = (
    ("Al Fallūjah town", 33.35, 43.78),
    ("Mosul city", 36.34, 43.13),
    ("Ramadi city", 33.42, 43.3),
    ("Tikrit town", 34.6, 43.68),
    ("Baqubah city", 33.75, 44.64),
)
_FIRST_DAY = date(2014, 1, 1)


def ucdp_rows(count: int) -> Iterator[dict[str, str]]:
    """Yield rows like those of UCDP's file of Iraq: two articles, whom they quote, five claims."""
    draw = random.Random(7)
    for number in range(1, count + 1):
        place, latitude, longitude = draw.choice(_PLACES)
        day = _FIRST_DAY + timedelta(days=draw.randrange(2000))
        civilians, unknown, theirs = draw.randrange(9), draw.randrange(20), draw.randrange(12)
        total = civilians + unknown + theirs
        outlets = draw.sample(_OUTLETS, 2)
        yield {
            "id": str(number),
            "type_of_violence": "1",
            "dyad_name": "Government of Iraq - IS",
            "side_a": "Government of Iraq",
            "side_b": "IS",
            "source_article": ";".join(
                f'"{outlet},{day},Clashes in {place} leave {total} dead"' for outlet in outlets
            ),
            "source_headline": f"Clashes in {place} leave {total} dead",
            "source_original": draw.choice(("Doctor", "Police", "Hospital official")),
            "where_prec": draw.choice("1123"),
            "where_coordinates": place,
            "latitude": f"{latitude + draw.uniform(-0.2, 0.2):.6f}",
            "longitude": f"{longitude + draw.uniform(-0.2, 0.2):.6f}",
            "iso3": "IRQ",
            "date_prec": draw.choice("112"),
            "date_start": day.isoformat(),
            "date_end": day.isoformat(),
            "deaths_a": "0",
            "deaths_b": str(theirs),
            "deaths_civilians": str(civilians),
            "deaths_unknown": str(unknown),
            "low": str(max(total - 2, 0)),
            "best": str(total),
            "high": str(total + 3),
        }


def ucdp_file(path: Path, count: int) -> Path:
    """Write that many rows as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = ucdp_rows(count)
        first = next(rows)
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    return path
