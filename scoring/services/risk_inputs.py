"""What a risk run is computed from: strikes as arrays, whoever may see them, and their checksum.

A million strikes are read one after the other into one table: as objects they would take more
memory than the model does.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Max

from incidents.selectors.counted import likely_duplicates, strikes_counted
from incidents.vocab import LocationPrecision, TimePrecision
from ledger.models import DomainEvent
from scoring.engine.hazard.events import radius_taken, strikes_of
from scoring.engine.risk.daily import FLOORS, Known
from scoring.floors import floors_of
from scoring.services.exposure import MAX_UNCERTAINTY_M

Ids = npt.NDArray[np.void]
_ID = np.dtype([("high", ">u8"), ("low", ">u8")])
_ROW = np.dtype(
    [
        *(("id", _ID), ("day", "i8"), ("lon", "f8"), ("lat", "f8"), ("uncertainty_m", "f8")),
        *(("height", "i8"), ("alike", "i8")),
    ]
)
_HALF = 64
# Of more that look alike, each so many are taken for one.
_MOST_ALIKE = 50


class RiskStrike(NamedTuple):
    """One strike as a run may know it: degrees, metres, a proleptic ordinal day (UTC).

    ``alike``: strikes of the same number other than 0 are likely one.
    """

    id: UUID
    day: int
    lon: float
    lat: float
    uncertainty_m: float
    grade: str
    alike: int = 0


@dataclass(frozen=True, slots=True)
class RiskInputs:
    """The strikes as they stood at ``at_seq``.

    ``described`` counts them, and those left out by reason.
    """

    ids: Ids
    known: Known
    at_seq: int
    described: dict[str, int]
    sha256: str

    def id_of(self, strike: int) -> UUID:
        """Return the incident at an index of ``known.strikes``."""
        return UUID(bytes=self.ids[strike].tobytes())


def inputs_of(
    strikes: Iterable[RiskStrike],
    pairs: Iterable[tuple[UUID, UUID]] = (),
    *,
    at_seq: int,
    left_out: Mapping[str, int],
) -> RiskInputs:
    """Return strikes as arrays; ``pairs`` are likely the same, unknown ids among them ignored.

    ``left_out`` is read after the strikes.
    """
    table = np.fromiter(_rows(strikes), _ROW)
    ids = table["id"]
    columns = ("uncertainty_m", "lat", "lon", "day")
    table = table[np.lexsort((ids["low"], ids["high"], *(table[name] for name in columns)))]
    ids = np.ascontiguousarray(table["id"])
    found = np.array(sorted({*_among(ids, pairs), *_alike(table)}), np.int64).reshape(-1, 2)
    day, lon, lat, uncertainty = (
        np.ascontiguousarray(table[name]) for name in ("day", "lon", "lat", "uncertainty_m")
    )
    height = np.ascontiguousarray(table["height"])
    known = Known(strikes_of(day, lon, lat, radius_km=radius_taken(uncertainty)), height, found)
    digest = hashlib.sha256(ids.tobytes())
    for array in (day.astype(float), lon, lat, uncertainty, height, found):
        digest.update(array.tobytes())
    described = {"strikes": len(ids), "likely_duplicate_pairs": len(found)}
    described |= {f"strikes_{floor}": int((height >= at).sum()) for at, floor in enumerate(FLOORS)}
    described |= {f"left_out_{reason}": count for reason, count in sorted(left_out.items())}
    return RiskInputs(ids, known, at_seq, described, digest.hexdigest())


def _rows(strikes: Iterable[RiskStrike]) -> Iterator[tuple[Any, ...]]:
    heights: dict[str, int] = {}
    for id_, *where_and_when, grade, alike in strikes:
        if grade not in heights:
            heights[grade] = len(floors_of(grade)) - 1
        yield _halves(id_), *where_and_when, heights[grade], alike


def _halves(id_: UUID) -> tuple[int, int]:
    return id_.int >> _HALF, id_.int & ((1 << _HALF) - 1)


def _among(ids: Ids, pairs: Iterable[tuple[UUID, UUID]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of ids as pairs of positions, the lower first; those not there are left out."""
    wanted = [(_halves(one), _halves(other)) for one, other in pairs]
    lows = np.array([half for pair in wanted for _high, half in pair], ">u8")
    at = np.flatnonzero(np.isin(ids["low"], lows))
    position = dict(zip(map(tuple, ids[at].tolist()), at.tolist(), strict=True))
    for one, other in wanted:
        if one in position and other in position:
            first, second = sorted((position[one], position[other]))
            yield first, second


def _alike(table: npt.NDArray[np.void]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of strikes with the same number, within each so many of them by their ids."""
    some = np.flatnonzero(table["alike"])
    _, group, sizes = np.unique(table["alike"][some], return_inverse=True, return_counts=True)
    some, group = some[sizes[group] > 1], group[sizes[group] > 1]
    ids = table["id"][some]
    order = np.lexsort((ids["low"], ids["high"], group))
    some, group = some[order], group[order]
    rank = np.arange(len(group)) - np.searchsorted(group, group)
    for apart in range(1, _MOST_ALIKE):
        pairs = (group[apart:] == group[:-apart]) & (rank[apart:] % _MOST_ALIKE >= apart)
        first, second = some[:-apart][pairs], some[apart:][pairs]
        yield from zip(
            np.minimum(first, second).tolist(), np.maximum(first, second).tolist(), strict=True
        )


def record_inputs() -> RiskInputs:
    """Return what the record holds; left out is what has no place or time to speak of."""
    # Read before the strikes: what is sealed in between is counted again by the next run.
    at_seq = DomainEvent.objects.aggregate(newest=Max("seq"))["newest"] or 0
    left_out: Counter[str] = Counter()
    return inputs_of(_on_record(left_out), likely_duplicates(), at_seq=at_seq, left_out=left_out)


def _on_record(left_out: Counter[str]) -> Iterator[RiskStrike]:
    for row in strikes_counted():
        reason = _left_out(row)
        if reason:
            left_out[reason] += 1
            continue
        yield RiskStrike(
            row["id"], day_of(row["time_start"], row["time_end"]), row["lon"], row["lat"],
            row["uncertainty_m"] or 0.0, row["grade"],
        )  # fmt: skip


def day_of(start: datetime, end: datetime) -> int:
    """Return the day in the middle of a span, as a proleptic ordinal, UTC."""
    return (start + (end - start) / 2).date().toordinal()


def _left_out(row: Mapping[str, Any]) -> str:
    if row["lon"] is None:
        return "no_place"
    uncertainty = row["uncertainty_m"]
    if uncertainty is None and row["location_precision"] != LocationPrecision.EXACT:
        return "too_vague"
    if (uncertainty or 0.0) > MAX_UNCERTAINTY_M:
        return "too_vague"
    return "no_day" if row["time_precision"] == TimePrecision.YEAR else ""
