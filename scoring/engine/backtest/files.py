"""Strikes from a CSV file: plain or gzip, with or without a HXL row."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from scoring.engine.hazard.events import Strikes, strikes_of

# The file's names for what we need, the first that is there.
COLUMNS = {
    "date": ("date_start", "date"),
    "longitude": ("longitude", "lon"),
    "latitude": ("latitude", "lat"),
}
OPTIONAL = {
    "deaths": ("best", "deaths"),
    "where_prec": ("where_prec",),
    "date_prec": ("date_prec",),
}
# UCDP's precision of place, km: 1 and 2 are taken at the place they are coded to; of 6 and 7
# nothing is known that a kernel could use.
RADIUS_KM = {1: 0.0, 2: 0.0, 3: 40.0, 4: 80.0, 5: 60.0, 6: 1000.0, 7: 1000.0}
SCORED_PRECISION = 2
DATE_PRECISIONS = range(1, 6)

Row = tuple[int, float, float, float, float, bool]


def read_strikes(path: Path) -> Strikes:
    """Return the strikes of a CSV file.

    Scored are those with where_prec and date_prec of 1 or 2, where the file has these columns.
    Raises ``ValueError`` naming row and column of the first cell that cannot be read, and
    ``OSError`` where the file cannot be opened.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        opener = gzip.open if zipped else open
        with opener(path, "rt", encoding="utf-8-sig", newline="") as text:
            rows = list(_rows(csv.reader(text)))
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error, csv.Error) as exc:
        raise ValueError(f"{path.name} is not a readable CSV file in UTF-8: {exc}") from exc
    columns = list(zip(*rows, strict=True)) or [()] * 6
    day, lon, lat, radius, deaths, scored = columns
    return strikes_of(day, lon, lat, radius_km=radius, deaths=deaths, scored=scored)


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    header = [name.strip().lower() for name in next(reader, [])]
    where = {key: _column(header, names) for key, names in (COLUMNS | OPTIONAL).items()}
    for key, names in COLUMNS.items():
        if where[key] is None:
            raise ValueError(f"the file has no column {' or '.join(names)}")
    for number, row in enumerate(reader, 2):
        if not any(row) or (number == 2 and any(cell.startswith("#") for cell in row)):
            continue
        cells = {
            key: row[at].strip() if at is not None and at < len(row) else None
            for key, at in where.items()
        }
        try:
            yield _strike(cells)
        except ValueError as exc:
            raise ValueError(f"row {number}: {exc}") from exc


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _strike(cells: dict[str, str | None]) -> Row:
    try:
        day = date.fromisoformat((cells["date"] or "")[:10]).toordinal()
    except ValueError:
        raise ValueError(f"date {cells['date']!r} must be like 2014-06-10") from None
    lon, lat = _degrees(cells, "longitude", 180), _degrees(cells, "latitude", 90)
    where = _code(cells, "where_prec", range(1, 8))
    when = _code(cells, "date_prec", DATE_PRECISIONS)
    scored = (where or 1) <= SCORED_PRECISION and (when or 1) <= SCORED_PRECISION
    return day, lon, lat, RADIUS_KM[where or 1], _deaths(cells["deaths"]), scored


def _degrees(cells: dict[str, str | None], name: str, most: int) -> float:
    try:
        value = float(cells[name] or "")
    except ValueError:
        value = 999.0
    if not abs(value) <= most:
        raise ValueError(f"{name} {cells[name]!r} must be degrees within ±{most}")
    return value


def _code(cells: dict[str, str | None], name: str, allowed: range) -> int | None:
    if not cells[name]:
        return None
    try:
        value = int(float(cells[name] or ""))
    except (ValueError, OverflowError):
        value = -1
    if value not in allowed:
        raise ValueError(f"{name} {cells[name]!r} must be {allowed[0]} to {allowed[-1]}")
    return value


def _deaths(text: str | None) -> float:
    if not text:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e7:
        raise ValueError(f"deaths {text!r} must be a number of persons, or empty")
    return value
