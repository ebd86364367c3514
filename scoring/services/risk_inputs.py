"""What a risk run is computed from: strikes as arrays, whoever may see them, and their checksum."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Max

from incidents.selectors.counted import likely_duplicates, strikes_counted
from incidents.vocab import LocationPrecision, TimePrecision
from ledger.models import DomainEvent
from scoring.engine.hazard.events import strikes_of
from scoring.engine.risk.daily import FLOORS, Known
from scoring.floors import floors_of
from scoring.services.exposure import MAX_UNCERTAINTY_M


class RiskStrike(NamedTuple):
    """One strike as a run may know it: degrees, metres, a proleptic ordinal day (UTC)."""

    id: UUID
    day: int
    lon: float
    lat: float
    uncertainty_m: float
    grade: str


@dataclass(frozen=True, slots=True)
class RiskInputs:
    """The strikes, by ``ids`` in the order of ``known``, as they stood at ``at_seq``.

    ``described`` counts them, and those left out by reason.
    """

    ids: list[UUID]
    known: Known
    at_seq: int
    described: dict[str, int]
    sha256: str


def inputs_of(
    strikes: Iterable[RiskStrike],
    pairs: Iterable[tuple[UUID, UUID]],
    *,
    at_seq: int,
    left_out: Mapping[str, int],
) -> RiskInputs:
    """Return strikes as arrays; ``pairs`` are likely the same, unknown ids among them ignored."""
    rows = sorted(strikes, key=lambda one: (*one[1:5], one.id))
    ids = [one.id for one in rows]
    position = {id_: at for at, id_ in enumerate(ids)}
    found = sorted(
        {(position[a], position[b]) for a, b in pairs if a in position and b in position}
    )
    day, lon, lat, uncertainty = np.array([one[1:5] for one in rows], float).reshape(-1, 4).T
    heights = {grade: len(floors_of(grade)) - 1 for grade in {one.grade for one in rows}}
    known = Known(
        strikes_of(day.astype(np.int64), lon, lat, radius_km=uncertainty / 1000),
        np.array([heights[one.grade] for one in rows], np.int64),
        np.array(found, np.int64).reshape(-1, 2),
    )
    digest = hashlib.sha256(b"".join(id_.bytes for id_ in ids))
    for array in (day, lon, lat, uncertainty, known.height, known.pairs):
        digest.update(np.ascontiguousarray(array).tobytes())
    described = {"strikes": len(ids), "likely_duplicate_pairs": len(found)}
    described |= {
        f"strikes_{floor}": int((known.height >= height).sum())
        for height, floor in enumerate(FLOORS)
    }
    described |= {f"left_out_{reason}": count for reason, count in sorted(left_out.items())}
    return RiskInputs(ids, known, at_seq, described, digest.hexdigest())


def record_inputs() -> RiskInputs:
    """Return what the record holds; left out is what has no place or time to speak of."""
    # Read before the strikes: what is sealed in between is counted again by the next run.
    at_seq = DomainEvent.objects.aggregate(newest=Max("seq"))["newest"] or 0
    left_out: Counter[str] = Counter()
    strikes = []
    for row in strikes_counted():
        reason = _left_out(row)
        if reason:
            left_out[reason] += 1
            continue
        strikes.append(
            RiskStrike(
                row["id"], day_of(row["time_start"], row["time_end"]), row["lon"], row["lat"],
                row["uncertainty_m"] or 0.0, row["grade"],
            )
        )  # fmt: skip
    return inputs_of(strikes, likely_duplicates(), at_seq=at_seq, left_out=left_out)


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
