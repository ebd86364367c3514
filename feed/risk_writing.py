"""The one writer of risk cells in the publication log: what a run changed, and nothing else."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from django.db.models import Q

from core.copying import Row, polygon_ewkb, row_of, rows_copy
from core.texts import legible
from feed.disclosure import significant
from feed.models import Audience, Change, Kind, LogEntry
from feed.redaction import redactions_lock
from feed.selectors import standing_at
from incidents.vocab import Grade
from ledger.wake import wake_sealer
from scoring.engine.risk.daily import FLOORS, HORIZONS
from scoring.engine.risk.figures import CLASS_DAYS, NAMES
from scoring.models import RiskCell, RiskRun
from scoring.risk_sentences import Facts, sentences
from scoring.services.risk_rows import figure_index, outline_of

# An object's id is made of the cell's: the same cell is the same object in every run.
CELL_NAMESPACE = UUID("6f1c1f52-6f5f-5d0c-9a51-7b8d6a3b5e10")
NOBODY = "nobody is expected to be exposed there any more"
_AT_ONCE = 2_000


_FIGURES: list[tuple[dict[str, Any], list[tuple[str, int]]]] = [
    (
        {"horizon_days": horizon, "evidence_floor": floor},
        [(name, figure_index(name, horizon, floor)) for name in NAMES],
    )
    for horizon in HORIZONS
    for floor in FLOORS
]


class _Reason(msgspec.Struct):
    incident: str


class _Reasons(msgspec.Struct):
    incidents: list[_Reason]


class _Properties(msgspec.Struct):
    risk_class: msgspec.Raw
    figures: msgspec.Raw
    explanation: dict[str, _Reasons]


class _Feature(msgspec.Struct):
    """What decides whether a cell is published again."""

    properties: _Properties


class _Published(NamedTuple):
    """The newest version of a cell, a digest of what it told (None: taken back), and its reasons.

    Tens of thousands are in memory at a time: what they told whole would be hundreds of megabytes.
    """

    version: int
    told: bytes | None
    reasons: tuple[str, ...]


def object_id_of(cell: str) -> UUID:
    """Return the id under which an H3 cell is published."""
    return uuid5(CELL_NAMESPACE, cell)


@transaction.atomic
def risk_cells_write(audience: Audience, run: RiskRun) -> int:
    """Write the cells whose class or figures at two digits changed; return the new entries.

    Also those that named an incident which was taken back since. A cell that the run has no row for
    is taken back itself. Figures are rounded for both audiences: no forecast is sure to a third
    digit. Raises ``RuntimeError`` where an incident was redacted after the run read the log: it may
    name it.
    """
    redactions_lock()
    if _redacted_since(audience, run.at_seq):
        raise RuntimeError("an incident was redacted while the run was computed")
    before = _published(audience)
    stale = _naming_what_is_gone(audience, run, before)
    cells = run.cells.defer("geometry").order_by("cell").iterator(chunk_size=_AT_ONCE)
    gone = {object_id for object_id, one in before.items() if one.told is not None}
    written = 0
    while some := list(islice(cells, _AT_ONCE)):
        gone -= {object_id_of(cell.cell) for cell in some}
        written += _store(_entries(audience, run, some, before, stale))
    return written + _store(
        row_of(
            LogEntry, audience=audience, kind=Kind.RISK_CELL, object_id=object_id,
            object_version=before[object_id].version + 1, change=Change.WITHDRAWN, reason=NOBODY,
        )
        for object_id in sorted(gone)
    )  # fmt: skip


def _redacted_since(audience: Audience, seq: int) -> bool:
    told = LogEntry.objects.filter(audience=audience, change=Change.REDACTED, kind=Kind.INCIDENT)
    return told.filter(Q(seq__gt=seq) | Q(seq=None)).exists()


def _store(entries: Iterable[Row]) -> int:
    rows = [vars(entry) for entry in entries]
    rows_copy(LogEntry, rows)
    wake_sealer()
    return len(rows)


def _entries(
    audience: Audience,
    run: RiskRun,
    cells: Sequence[RiskCell],
    before: Mapping[UUID, _Published],
    stale: set[UUID],
) -> Iterator[Row]:
    for cell in cells:
        object_id = object_id_of(cell.cell)
        version, told, _reasons_told = before.get(object_id, _Published(0, None, ()))
        changing = {
            "risk_class": dict(zip(FLOORS, cell.risk_class, strict=True)),
            "figures": _figures(cell),
        }
        if told == _digest(*map(_json, changing.values())) and object_id not in stale:
            continue
        properties = {"version": version + 1, "cell": cell.cell, **changing}
        properties |= _explained(run, cell)
        change = Change.UPDATED if told else Change.CREATED
        yield _entry(audience, run, object_id, properties, change)


def _naming_what_is_gone(
    audience: Audience, run: RiskRun, before: Mapping[UUID, _Published]
) -> set[UUID]:
    """Return the cells with a reason that stands no more: withdrawn, merged, or discounted."""
    named = {id_ for one in before.values() for id_ in one.reasons}
    standing = standing_at(audience, run.at_seq).filter(kind=Kind.INCIDENT, object_id__in=named)
    counted = standing.exclude(grade=Grade.DISCOUNTED).order_by()
    gone = named - {str(id_) for id_ in counted.values_list("object_id", flat=True)}
    return {object_id for object_id, one in before.items() if not gone.isdisjoint(one.reasons)}


def _published(audience: Audience) -> dict[UUID, _Published]:
    """Return what was told last of each cell ever published."""
    rows = LogEntry.objects.filter(audience=audience, kind=Kind.RISK_CELL)
    rows = rows.order_by("object_id", "-object_version").distinct("object_id")
    columns = rows.values_list("object_id", "object_version", "feature")
    return {
        object_id: _published_as(version, feature)
        for object_id, version, feature in columns.iterator(chunk_size=_AT_ONCE)
    }


def _published_as(version: int, feature: str) -> _Published:
    if not feature:
        return _Published(version, None, ())
    told = msgspec.json.decode(feature, type=_Feature).properties
    reasons = {sys.intern(r.incident) for of in told.explanation.values() for r in of.incidents}
    return _Published(version, _digest(told.risk_class, told.figures), tuple(reasons))


def _digest(risk_class: bytes | msgspec.Raw, figures: bytes | msgspec.Raw) -> bytes:
    return sha256(bytes(risk_class) + bytes(figures)).digest()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _entry(
    audience: Audience, run: RiskRun, object_id: UUID, properties: dict[str, Any], change: Change
) -> Row:
    outline = outline_of(properties["cell"])
    feature = {
        "type": "Feature",
        "id": str(object_id),
        "geometry": {"type": "Polygon", "coordinates": [outline]},
        "properties": properties,
    }
    start = datetime.combine(run.origin, time.min, UTC)
    return row_of(
        LogEntry,
        audience=audience,
        kind=Kind.RISK_CELL,
        object_id=object_id,
        object_version=properties["version"],
        change=change,
        geometry=polygon_ewkb(outline),
        time_start=start,
        time_end=start + timedelta(days=max(HORIZONS)) - timedelta(microseconds=1),
        feature=_json(feature).decode(),
    )


def _explained(run: RiskRun, cell: RiskCell) -> dict[str, Any]:
    layer = run.layer
    return {
        "origin": run.origin.isoformat(),
        "residents": significant(cell.people),
        "explanation": {floor: _reasons(cell, floor) for floor in FLOORS},
        "sentences": sentences(_facts(run, cell), with_change=False),
        "at_seq": run.at_seq,
        "model_version": run.model_version,
        "inputs_sha256": run.inputs_sha256,
        "layer": legible(f"{layer.provider} {layer.year}"),
        "layer_sha256": run.layer_sha256,
        "is_demonstration": layer.is_demonstration,
        "attribution": legible(f"Harmwatch; {layer.attribution}"),
    }


def _figures(cell: RiskCell) -> list[dict[str, Any]]:
    rounded = [significant(figure) for figure in cell.figures]
    return [of | {name: rounded[at] for name, at in places} for of, places in _FIGURES]


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
