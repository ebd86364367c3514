"""Risk as each audience is told it, computed from nothing but its own publication log."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.db.models import BigIntegerField, FloatField, Func, Max, Min
from django.db.models.expressions import RawSQL

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
_ALIKE = RawSQL(  # noqa: S611 - the names above and nothing else
    f"hashtextextended(ROW({', '.join(_TELLING)})::text, 0)", [], output_field=BigIntegerField()
)
_LON, _LAT = (
    Func("geometry", function=name, output_field=FloatField()) for name in ("ST_X", "ST_Y")
)


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
    return inputs_of(_in_log(audience, seq, left_out), at_seq=seq, left_out=left_out)


def _in_log(audience: Audience, seq: int, left_out: Counter[str]) -> Iterator[RiskStrike]:
    rows = standing_at(audience, seq).filter(kind=Kind.INCIDENT)
    rows = rows.exclude(grade=Grade.DISCOUNTED).order_by()
    columns = ("object_id", "grade", "time_start", "time_end", "uncertainty_m")
    placed = rows.annotate(lon=_LON, lat=_LAT, alike=_ALIKE)
    for row in placed.values(*columns, "lon", "lat", "alike").iterator(chunk_size=20_000):
        reason = _left_out(row)
        if reason:
            left_out[reason] += 1
            continue
        yield RiskStrike(
            row["object_id"], day_of(row["time_start"], row["time_end"]), row["lon"], row["lat"],
            row["uncertainty_m"], row["grade"], row["alike"],
        )  # fmt: skip


def _left_out(row: dict[str, Any]) -> str:
    if row["lon"] is None:
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
