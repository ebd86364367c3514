"""What the rows of incidents were before and after each change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from core.canonical import utc_text
from incidents.models import Incident
from ledger.history import history_of

# Columns by their path in the API's answer, where that is another. What is not told: ids, the
# version (each line has it) and the times of the row itself.
_PATHS = {
    "merged_into_id": "merged_into",
    "uncertainty_m": "location.uncertainty_m",
    "location_precision": "location.precision",
    "place_name": "location.place_name",
    "country": "location.country",
    "pcode": "location.pcode",
    "time_start": "occurred.start",
    "time_end": "occurred.end",
    "time_precision": "occurred.precision",
}
_UNTOLD = {"id", "version", "created_at", "changed_at"}
# Which claims a figure rests on is told by the incident itself, not by each change of it.
_UNTOLD_OF_FIGURES = {"claims", "relayed"}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of one incident's row. ``changes``: each field with its value before and after."""

    position: int
    incident_id: UUID
    transaction: int
    at: datetime
    login: str
    version: int
    changes: list[dict[str, Any]]


def incident_row_changes(ids: Iterable[UUID]) -> list[RowChange]:
    """Return the changes of some incidents' rows, oldest first."""
    after: dict[UUID, Any] = Incident.objects.in_bulk(list(ids))
    found = []
    for before in history_of(Incident).filter(pgh_obj_id__in=list(after)).order_by("-pgh_id"):
        found.append(_change(before, after[before.pgh_obj_id]))
        after[before.pgh_obj_id] = before
    return found[::-1]


def _change(before: Any, after: Any) -> RowChange:
    names = [field.attname for field in Incident._meta.concrete_fields]
    return RowChange(
        position=before.pgh_id,
        incident_id=before.pgh_obj_id,
        transaction=before.pgh_transaction,
        at=before.pgh_created_at,
        login=before.pgh_login,
        version=after.version,
        changes=[
            {
                "field": _PATHS.get(name, name),
                "before": _plain(getattr(before, name)),
                "after": _plain(getattr(after, name)),
            }
            for name in names
            if name not in _UNTOLD and getattr(before, name) != getattr(after, name)
        ],
    )


def _plain(value: Any) -> Any:
    """Return a column's value as JSON: degrees WGS 84, UTC."""
    if isinstance(value, Point):
        return {"longitude": value.x, "latitude": value.y}
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [_without_claims(item) if isinstance(item, dict) else item for item in value]
    return value


def _without_claims(figure: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figure.items() if name not in _UNTOLD_OF_FIGURES}
