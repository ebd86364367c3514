"""Writing what a risk run found: a row for each cell, and a point in each cell's history."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import h3
from django.db import connection

from core.copying import polygon_ewkb, row_of, rows_copy
from incidents.selectors.boundaries import units_at_many
from scoring.engine.risk.daily import FLOORS, HORIZONS, RiskResult
from scoring.engine.risk.figures import NAMES
from scoring.models import RiskCell, RiskRun
from scoring.services.risk_inputs import RiskInputs

_AT_ONCE = 5_000

# A point of the same day is replaced: the history keeps the last run of each.
_HISTORY = """
    INSERT INTO scoring_riskhistory AS kept (source, cell, days, people, risk_class)
    SELECT %(source)s, cell, ARRAY[%(day)s::date], ARRAY[figures[%(at)s]], risk_class[1:1]
    FROM scoring_riskcell WHERE run_id = %(run)s
    ORDER BY cell
    ON CONFLICT (source, cell) DO UPDATE SET
        days = kept.days[:stays.n] || excluded.days,
        people = kept.people[:stays.n] || excluded.people,
        risk_class = kept.risk_class[:stays.n] || excluded.risk_class
"""


def figure_index(name: str, horizon: int, floor: str) -> int:
    """Return where in ``RiskCell.figures`` a figure stands, from 0."""
    at = NAMES.index(name) * len(HORIZONS) + HORIZONS.index(horizon)
    return at * len(FLOORS) + FLOORS.index(floor)


def rows_store(run: RiskRun, result: RiskResult, inputs: RiskInputs) -> None:
    """Store the cells of a run; the result's indices are of the strikes of ``inputs``."""
    rows = iter(range(len(result.cells)))
    while some := list(islice(rows, _AT_ONCE)):
        rows_copy(RiskCell, list(_rows(run, result, inputs, some)))


def _rows(
    run: RiskRun, result: RiskResult, inputs: RiskInputs, some: Sequence[int]
) -> Iterator[dict[str, Any]]:
    middles = [h3.cell_to_latlng(result.cells[at]) for at in some]
    units = units_at_many([(lon, lat) for lat, lon in middles])
    for at, of_cell in zip(some, units, strict=True):
        row = row_of(
            RiskCell,
            run_id=run.id,
            cell=result.cells[at],
            geometry=polygon_ewkb(outline_of(result.cells[at])),
            people=float(result.people[at]),
            figures=result.figures[at].ravel().tolist(),
            risk_class=[None if one < 0 else one for one in result.risk_class[at].tolist()],
            explanation=_explanation(result, at, inputs),
            units=[unit.id for unit in of_cell],
        )
        yield vars(row)


def outline_of(cell: str) -> list[tuple[float, float]]:
    """Return an H3 cell's outline as a closed ring of (longitude, latitude), degrees WGS 84."""
    ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]


def _explanation(result: RiskResult, at: int, inputs: RiskInputs) -> dict[str, Any]:
    """Return by floor the background, and the incidents that add most, as strikes in 30 days."""
    top, parts = result.top[at].tolist(), result.parts[at].tolist()
    return {
        floor: {
            "background": _six(background),
            "incidents": [
                [str(inputs.id_of(strike)), _six(part)]
                for strike, part in zip(top[f], parts[f], strict=True)
                if strike >= 0
            ],
        }
        for f, (floor, background) in enumerate(
            zip(FLOORS, result.background[at].tolist(), strict=True)
        )
    }


def _six(number: float) -> float:
    return float(f"{number:.6g}")


def history_add(run: RiskRun) -> None:
    """Add a run's cells to their histories."""
    statement = _HISTORY.replace(
        "stays.n",
        "(cardinality(kept.days) - (kept.days[cardinality(kept.days)] = excluded.days[1])::int)",
    )
    named: dict[str, Any] = {
        "source": run.source,
        "day": run.origin,
        "run": run.id,
        "at": figure_index("people", HORIZONS[0], FLOORS[0]) + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, named)
