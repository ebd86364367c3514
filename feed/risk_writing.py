"""The one writer of risk cells in the publication log: what a run changed, and nothing else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.db import transaction

from core.texts import legible
from feed.disclosure import significant
from feed.models import Audience, Change, Kind, LogEntry
from ledger.wake import wake_sealer
from scoring.engine.risk.daily import FLOORS, HORIZONS
from scoring.engine.risk.figures import CLASS_DAYS, NAMES
from scoring.models import RiskCell, RiskRun
from scoring.risk_sentences import Facts, sentences
from scoring.services.risk_rows import figure_index

# An object's id is made of the cell's: the same cell is the same object in every run.
CELL_NAMESPACE = UUID("6f1c1f52-6f5f-5d0c-9a51-7b8d6a3b5e10")
NOBODY = "nobody is expected to be exposed there any more"
_AT_ONCE = 500


class _Properties(msgspec.Struct):
    risk_class: dict[str, int | None]
    figures: list[dict[str, float | int | str]]


class _Feature(msgspec.Struct):
    """What decides whether a cell is published again."""

    properties: _Properties


def object_id_of(cell: str) -> UUID:
    """Return the id under which an H3 cell is published."""
    return uuid5(CELL_NAMESPACE, cell)


@transaction.atomic
def risk_cells_write(audience: Audience, run: RiskRun) -> int:
    """Write the cells whose class or figures at two digits changed; return the new entries.

    A cell that the run has no row for is taken back. Figures are rounded for both audiences: no
    forecast is sure to a third digit.
    """
    before = _published(audience)
    written = 0
    gone = {object_id for object_id, (_version, told) in before.items() if told is not None}
    entries: list[LogEntry] = []
    for cell in run.cells.order_by("cell").iterator(chunk_size=2_000):
        object_id = object_id_of(cell.cell)
        gone.discard(object_id)
        version, told = before.get(object_id, (0, None))
        properties = _properties(run, cell, version + 1)
        if told == (properties["risk_class"], properties["figures"]):
            continue
        change = Change.UPDATED if told else Change.CREATED
        entries.append(_entry(audience, run, cell, object_id, properties, change))
        if len(entries) == _AT_ONCE:
            written += _store(entries)
    entries += [
        LogEntry(
            audience=audience, kind=Kind.RISK_CELL, object_id=object_id,
            object_version=before[object_id][0] + 1, change=Change.WITHDRAWN, reason=NOBODY,
        )
        for object_id in sorted(gone)
    ]  # fmt: skip
    written += _store(entries)
    wake_sealer()
    return written


def _store(entries: list[LogEntry]) -> int:
    stored = len(LogEntry.objects.bulk_create(entries, batch_size=_AT_ONCE))
    entries.clear()
    return stored


def _published(audience: Audience) -> dict[UUID, tuple[int, tuple[Any, Any] | None]]:
    """Return of each cell ever published its newest version and, if it stands, what it told."""
    rows = LogEntry.objects.filter(audience=audience, kind=Kind.RISK_CELL)
    rows = rows.order_by("object_id", "-object_version").distinct("object_id")
    return {
        object_id: (version, _told(feature) if feature else None)
        for object_id, version, feature in rows.values_list(
            "object_id", "object_version", "feature"
        ).iterator(chunk_size=2_000)
    }


def _told(feature: str) -> tuple[Any, Any]:
    properties = msgspec.json.decode(feature, type=_Feature).properties
    return properties.risk_class, properties.figures


def _entry(
    audience: Audience,
    run: RiskRun,
    cell: RiskCell,
    object_id: UUID,
    properties: dict[str, Any],
    change: Change,
) -> LogEntry:
    feature = {
        "type": "Feature",
        "id": str(object_id),
        "geometry": json.loads(cell.geometry.geojson),
        "properties": legible(properties),
    }
    start = datetime.combine(run.origin, time.min, UTC)
    return LogEntry(
        audience=audience,
        kind=Kind.RISK_CELL,
        object_id=object_id,
        object_version=properties["version"],
        change=change,
        geometry=cell.geometry,
        time_start=start,
        time_end=start + timedelta(days=max(HORIZONS)) - timedelta(microseconds=1),
        feature=json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":")),
    )


def _properties(run: RiskRun, cell: RiskCell, version: int) -> dict[str, Any]:
    layer = run.layer
    return {
        "version": version,
        "cell": cell.cell,
        "origin": run.origin.isoformat(),
        "residents": significant(cell.people),
        "risk_class": dict(zip(FLOORS, cell.risk_class, strict=True)),
        "figures": list(_figures(cell)),
        "explanation": {floor: _reasons(cell, floor) for floor in FLOORS},
        "sentences": sentences(_facts(run, cell), with_change=False),
        "at_seq": run.at_seq,
        "model_version": run.model_version,
        "inputs_sha256": run.inputs_sha256,
        "layer": f"{layer.provider} {layer.year}",
        "layer_sha256": run.layer_sha256,
        "is_demonstration": layer.is_demonstration,
        "attribution": f"Harmwatch; {layer.attribution}",
    }


def _figures(cell: RiskCell) -> Iterator[dict[str, Any]]:
    for horizon in HORIZONS:
        for floor in FLOORS:
            yield {"horizon_days": horizon, "evidence_floor": floor} | {
                name: significant(cell.figures[figure_index(name, horizon, floor)])
                for name in NAMES
            }


def _reasons(cell: RiskCell, floor: str) -> dict[str, Any]:
    told = cell.explanation[floor]
    incidents = [{"incident": id_, "strikes": significant(part)} for id_, part in told["incidents"]]
    return {"background": significant(told["background"]), "incidents": incidents}


def _facts(run: RiskRun, cell: RiskCell) -> Facts:
    floor = FLOORS[0]

    def figure(name: str) -> float:
        return cell.figures[figure_index(name, CLASS_DAYS, floor)]

    told = cell.explanation[floor]
    return Facts(
        origin=run.origin,
        horizon_days=CLASS_DAYS,
        people=figure("people"),
        people_low=figure("people_low"),
        people_high=figure("people_high"),
        residents=cell.people,
        risk_class=cell.risk_class[0],
        strikes=figure("strikes"),
        background=told["background"],
        incidents=len(told["incidents"]),
        people_before=None,
        new_incidents=0,
    )
