"""Reading risk: the record's runs are for those who read the record."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from accounts.permissions import Action, may
from scoring.models import RiskCell, RiskHistory, RiskRun


def risk_runs_visible_to(actor: Actor | None) -> QuerySet[Any]:
    """Return the record's runs, with whether their cells are still kept."""
    if not may(actor, Action.INCIDENT_READ):
        return RiskRun.objects.none()
    has_cells = Exists(RiskCell.objects.filter(run=OuterRef("id")))
    runs = RiskRun.objects.filter(source=RiskRun.Source.RECORD)
    return runs.annotate(has_cells=has_cells).select_related("layer")


def risk_served(source: RiskRun.Source) -> RiskRun | None:
    """Return the last good run of a source, whatever is computing or failed since."""
    finished = RiskRun.objects.filter(source=source, state=RiskRun.State.FINISHED)
    return finished.select_related("layer").order_by("-started_at").first()


def risk_before(run: RiskRun) -> RiskRun | None:
    """Return the good run before this one, if its cells are kept."""
    finished = RiskRun.objects.filter(source=run.source, state=RiskRun.State.FINISHED)
    before = finished.filter(started_at__lt=run.started_at).order_by("-started_at").first()
    if before is None or (before.cell_count and not before.cells.exists()):
        return None
    return before


def risk_history_of(source: RiskRun.Source, cell: str) -> list[dict[str, Any]]:
    """Return a cell's risk day by day, oldest first; for whoever may see the source's runs."""
    return risk_histories_of(source, [cell]).get(cell, [])


def risk_histories_of(
    source: RiskRun.Source, cells: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the same for several cells, by cell; one without history is left out."""
    return {
        history.cell: [
            {"origin": day, "people": people, "risk_class": of}
            for day, people, of in zip(
                history.days, history.people, history.risk_class, strict=True
            )
        ]
        for history in RiskHistory.objects.filter(source=source, cell__in=cells)
    }


_UNITS = """
    WITH found AS (
        SELECT unnest(units) AS unit_id, people, risk_class[%(floor_at)s] AS class,
               figures[%(people_at)s] AS exposed, figures[%(strikes_at)s] AS person_strikes
        FROM scoring_riskcell WHERE run_id = %(run)s
    ), by_class AS (
        SELECT unit_id, class, sum(people) AS people, sum(exposed) AS exposed,
               sum(person_strikes) AS person_strikes
        FROM found GROUP BY unit_id, class
    )
    SELECT unit.id, unit.level, unit.pcode, unit.names, boundary.name,
           sum(exposed), sum(person_strikes), sum(people),
           jsonb_object_agg(class::text, people) FILTER (WHERE class IS NOT NULL)
    FROM by_class
    JOIN incidents_boundaryunit AS unit ON unit.id = by_class.unit_id
    JOIN incidents_boundaryrelease AS boundary ON boundary.id = unit.release_id
    WHERE unit.level = %(level)s
      AND (unit.pcode, unit.id) > (%(after_pcode)s, %(after_id)s::uuid)
    GROUP BY unit.id, boundary.name ORDER BY unit.pcode, unit.id LIMIT %(limit)s
"""
_UNIT_FIELDS = (
    *("id", "level", "pcode", "names", "release"),
    *("people", "person_strikes", "residents", "residents_by_class"),
)
_JSON = ("names", "residents_by_class")


def risk_units(
    run_id: UUID, *, level: int, indices: Sequence[int], after: tuple[str, UUID], limit: int
) -> list[dict[str, Any]]:
    """Return a run's sums over units of a level, by P-code; a cell counts where its centre lies.

    ``indices`` are where people, person-strikes and the floor's class stand in a row, from 0.
    """
    people_at, strikes_at, floor_at = (index + 1 for index in indices)
    named: dict[str, Any] = {
        "run": run_id, "level": level, "limit": limit,
        "after_pcode": after[0], "after_id": after[1],
        "people_at": people_at, "strikes_at": strikes_at, "floor_at": floor_at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, named)
        rows = [dict(zip(_UNIT_FIELDS, row, strict=True)) for row in cursor.fetchall()]
    return [row | {name: _decoded(row[name]) for name in _JSON} for row in rows]


def _decoded(content: Any) -> dict[str, Any]:
    return msgspec.json.decode(content) if isinstance(content, str) else content or {}


_FORECASTS = """
    SELECT kept.cell, kept.people[at.day], cell.people
    FROM scoring_riskhistory AS kept
    JOIN scoring_riskcell AS cell ON cell.run_id = %(run)s AND cell.cell = kept.cell
    CROSS JOIN LATERAL array_position(kept.days, %(origin)s::date) AS at(day)
    WHERE kept.source = %(source)s AND at.day IS NOT NULL AND cell.people > 0
"""


def risk_origins_of(source: RiskRun.Source) -> list[date]:
    """Return the days that good runs of a source began with, oldest first, each once."""
    finished = RiskRun.objects.filter(source=source, state=RiskRun.State.FINISHED)
    return list(finished.order_by("origin").values_list("origin", flat=True).distinct())


def risk_forecasts_of(run: RiskRun, origin: date) -> list[tuple[str, float, float]]:
    """Return what was forecast on a day for the cells that a run has: cell, people, residents.

    People of 30 days, on the floor of every strike; the residents are the run's.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORECASTS, {"run": run.id, "origin": origin, "source": run.source})
        return cursor.fetchall()
