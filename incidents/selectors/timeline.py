"""The story of one incident: what was done, by whom, and what it was before and after.

Told from the ledger's entries about the incident, those merged into it, and their reports; and from
row history, which also knows of changes that left no entry. Callers decide who may read it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.canonical import utc_text
from core.texts import isolated
from incidents.selectors.merging import family_of
from incidents.selectors.row_changes import RowChange, incident_row_changes
from incidents.selectors.whereabouts import Whereabouts
from incidents.sentences import sentence_of
from ledger.models import AuditEntry

MOST_SINCE = 50
# Said of one incident what another's entry of the same act says already, of both.
_OTHER_SIDE = {
    "incident.merged_into": "into",
    "incident.restored": "from",
    "incident.split_off": "from",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done, by whom, in words.

    ``incident`` is the one it was done to, which may live on in another by now; ``version`` is its
    version afterwards, None where none was made. ``changes`` has field, before and after. ``seq``
    is the number in the ledger, once there is one. ``key`` orders lines of one moment.
    """

    at: datetime
    key: str
    by: str
    action: str
    text: str
    incident: UUID
    version: int | None
    changes: list[dict[str, Any]]
    reason: str
    seq: int | None

    @property
    def position(self) -> tuple[str, str]:
        """Return what lines are in order by."""
        return self.at.astimezone(UTC).isoformat(timespec="microseconds"), self.key

    def as_json(self) -> dict[str, Any]:
        """Return the line as the API tells it."""
        return {
            "at": utc_text(self.at),
            "by": self.by,
            "action": self.action,
            "text": self.text,
            "incident": str(self.incident),
            "version": self.version,
            "changes": self.changes,
            "reason": self.reason,
            "seq": self.seq,
        }


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry, the incident it was done to, and who is named as having done it."""

    entry: AuditEntry
    incident: UUID
    by: str


def timeline_of(incident_id: UUID) -> list[Line]:
    """Return what happened to an incident and to those merged into it, oldest first."""
    family = family_of(incident_id)
    reports = Whereabouts(family)
    told = list(_told(family, reports))
    rows = incident_row_changes(family)
    made = _made_by(told, rows)
    entered = {row.position for rows_of_one in made.values() for row in rows_of_one}
    lines = [
        _line(one, made.get(one.entry.id, []), incident_id)
        for one in told
        if one.incident == incident_id or not _is_told_by_another(one.entry, family)
    ]
    alone = [row for row in rows if row.position not in entered]
    lines += [_line_without_entry(row) for row in _without_entry(alone, reports)]
    return sorted(lines, key=lambda line: line.position)


def changes_since(incident_id: UUID, version: int) -> list[dict[str, Any]]:
    """Return the last lines (50 at most) that made an incident newer than ``version``, as JSON."""
    newer = [
        line.as_json()
        for line in timeline_of(incident_id)
        if line.incident == incident_id and (line.version or 0) > version
    ]
    return newer[-MOST_SINCE:]


def _told(family: Set[UUID], reports: Whereabouts) -> Iterator[_Told]:
    """Yield the entries about incidents and their reports, oldest first."""
    about = [*family, *reports.objects]
    for entry in AuditEntry.objects.filter(object_id__in=about).order_by("recorded_at", "id"):
        if entry.object_id in family:
            yield _Told(entry, entry.object_id, reports.speaker_of(entry))
        elif (incident := reports.incident_of(entry)) is not None:
            yield _Told(entry, incident, reports.speaker_of(entry))


def _made_by(told: Sequence[_Told], rows: Sequence[RowChange]) -> dict[UUID, list[RowChange]]:
    """Return the changes of rows by the entry that tells of them.

    They share their transaction. In one that has several entries about one incident, those that
    name a version changed its row, each once and in this order.
    """
    entries: dict[tuple[int | None, UUID], list[AuditEntry]] = defaultdict(list)
    for one in told:
        entries[one.entry.transaction, one.incident].append(one.entry)
    made: dict[UUID, list[RowChange]] = defaultdict(list)
    for row in rows:
        of_this = entries.get((row.transaction, row.incident_id), [])
        changing = [entry for entry in of_this if "version" in entry.data] or of_this[:1]
        fresh = [entry for entry in changing if entry.id not in made] or changing[-1:]
        if fresh:
            made[fresh[0].id].append(row)
    return made


def _without_entry(rows: Sequence[RowChange], reports: Whereabouts) -> list[RowChange]:
    """Return the changes that no entry tells of, looking again: one may have come since we read."""
    about = [*reports.objects, *{row.incident_id for row in rows}]
    transactions = {row.transaction for row in rows}
    entries = AuditEntry.objects.filter(object_id__in=about, transaction__in=transactions)
    of_objects = set(entries.values_list("transaction", "object_id")) if rows else set()
    of_reports = {number for number, object_id in of_objects if object_id in reports.objects}
    return [
        row
        for row in rows
        if row.transaction not in of_reports
        and (row.transaction, row.incident_id) not in of_objects
    ]


def _is_told_by_another(entry: AuditEntry, family: Set[UUID]) -> bool:
    other = entry.data.get(_OTHER_SIDE.get(entry.action, ""))
    return other in {str(id_) for id_ in family}


def _line(told: _Told, rows: Sequence[RowChange], asked: UUID) -> Line:
    entry = told.entry
    text = sentence_of(entry.action, told.by, entry.reason, entry.data)
    if entry.object_id == told.incident != asked:
        text = _("Incident %(id)s: %(text)s") % {"id": isolated(str(told.incident)), "text": text}
    return Line(
        at=entry.recorded_at,
        key=str(entry.id),
        by=told.by,
        action=entry.action,
        text=text,
        incident=told.incident,
        version=rows[-1].version if rows else _version_named(entry),
        changes=[change for row in rows for change in row.changes],
        reason=entry.reason,
        seq=entry.seq,
    )


def _version_named(entry: AuditEntry) -> int | None:
    if entry.action == "report.received" and "corrects" not in entry.data:
        return 1  # it opened its incident
    return entry.data.get("version")


def _line_without_entry(row: RowChange) -> Line:
    return Line(
        at=row.at,
        key=f"row {row.position:020}",
        by=row.login,
        action="row.changed",
        text=sentence_of("row.changed", row.login),
        incident=row.incident_id,
        version=row.version,
        changes=row.changes,
        reason="",
        seq=None,
    )
