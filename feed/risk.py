"""Risk as each audience is told it, computed from nothing but its own publication log."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Max, Min

from feed.models import Audience, Kind
from feed.risk_writing import risk_cells_write
from feed.selectors import latest_seq, log_visible_to, standing_at
from incidents.vocab import Grade
from scoring.models import RiskRun
from scoring.services.exposure import MAX_UNCERTAINTY_M
from scoring.services.risk import Changes, run_if_due
from scoring.services.risk_inputs import RiskInputs, RiskStrike, day_of, inputs_of

SOURCES = {Audience.PUBLIC: RiskRun.Source.PUBLIC, Audience.PARTNER: RiskRun.Source.PARTNER}
# Of a strike that is known to within half a year nobody can say when it was.
_LONGEST = timedelta(days=183)
# Entries that agree in all of these are likely one strike: all that an audience can tell them by.
_TELLING = (
    *("geometry", "time_start", "time_end", "uncertainty_m", "weapon", "targets"),
    *("killed_min", "killed_best", "killed_max"),
    *("injured_min", "injured_best", "injured_max"),
)
# Of more that look alike, each so many are taken for one.
_MOST_ALIKE = 50


def risk_publish_if_due(audience: Audience, *, now: datetime | None = None) -> RiskRun | None:
    """Make an audience's run if one is due, and write what changed into its log with it."""
    return run_if_due(
        SOURCES[audience],
        read=lambda: log_inputs(audience),
        changes_since=lambda seq: _changes_since(audience, seq),
        finished=lambda run: _write(audience, run),
        now=now,
    )


def _write(audience: Audience, run: RiskRun) -> None:
    risk_cells_write(audience, run)


def log_inputs(audience: Audience) -> RiskInputs:
    """Return the incidents that stand in an audience's log, at its newest entry."""
    seq = latest_seq(audience)
    left_out: Counter[str] = Counter()
    strikes, alike = [], defaultdict(list)
    for row in _standing(audience, seq):
        reason = _left_out(row)
        if reason:
            left_out[reason] += 1
            continue
        place, day = row["geometry"], day_of(row["time_start"], row["time_end"])
        strike = RiskStrike(
            row["object_id"], day, place.x, place.y, row["uncertainty_m"], row["grade"]
        )
        strikes.append(strike)
        alike[_told(row)].append(strike.id)
    pairs = [pair for ids in alike.values() for pair in _pairs(sorted(ids))]
    return inputs_of(strikes, pairs, at_seq=seq, left_out=left_out)


def _standing(audience: Audience, seq: int) -> Iterator[dict[str, Any]]:
    rows = standing_at(audience, seq).filter(kind=Kind.INCIDENT)
    rows = rows.exclude(grade=Grade.DISCOUNTED).order_by()
    return rows.values("object_id", "grade", *_TELLING).iterator(chunk_size=20_000)


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    columns = {**row, "geometry": row["geometry"].coords, "targets": tuple(row["targets"])}
    return tuple(columns[name] for name in _TELLING)


def _pairs(ids: list[UUID]) -> Iterator[tuple[UUID, UUID]]:
    for start in range(0, len(ids), _MOST_ALIKE):
        yield from combinations(ids[start : start + _MOST_ALIKE], 2)


def _left_out(row: dict[str, Any]) -> str:
    if row["geometry"] is None:
        return "no_place"
    if row["uncertainty_m"] is None or row["uncertainty_m"] > MAX_UNCERTAINTY_M:
        return "too_vague"
    if row["time_start"] is None or row["time_end"] - row["time_start"] > _LONGEST:
        return "no_day"
    return ""


def _changes_since(audience: Audience, seq: int) -> Changes:
    entries = log_visible_to(audience).filter(kind=Kind.INCIDENT, seq__gt=seq)
    found = entries.aggregate(oldest=Min("sealed_at"), newest=Max("sealed_at"))
    return (found["oldest"], found["newest"]) if found["oldest"] else None
