"""Blanking what was published, by the redaction role alone; followers are told by a new entry."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from feed.exposure_writing import tombstone_beside
from feed.models import Audience, Change, Kind, LogEntry, Release
from feed.selectors import cells_naming, latest_versions, releases_holding, versions_of
from incidents.selectors import incidents_lock
from ledger.wake import wake_sealer

REDACTED = "redacted"
# What tells which releases hold an entry.
_HELD = ("audience", "seq", "closed_by_seq", "feature")


@transaction.atomic
def redaction_write(*, object_id: UUID, version: int) -> list[LogEntry]:
    """Blank all versions of an object before ``version``, and tell so each audience that saw one.

    With them go the versions of risk cells that name it; such a cell is told as redacted, and anew
    by the next run. The ledger holds the entry of that redaction, or the database refuses. A
    release that shows any of this is not served until it was made anew. Done again, it writes
    nothing.
    """
    redactions_lock()
    incidents_lock([object_id])  # exposure is computed anew beside the decisions of an incident
    naming = _cells_naming(object_id, version)
    showing = [*versions_of([object_id], Kind).only(*_HELD), *naming]
    Release.objects.filter(id__in=releases_holding(showing)).update(
        redactions=F("redactions") + 1, is_made=False
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed_redact(%s, %s)", [object_id, version])
    entries = [*_tombstones(object_id, version), *_cell_tombstones(naming)]
    LogEntry.objects.bulk_create(entries)
    wake_sealer()
    return entries


def _tombstones(object_id: UUID, version: int) -> list[LogEntry]:
    seen = versions_of([object_id], Kind).order_by("audience", "kind", "-object_version")
    entries = []
    # An incident goes before its exposure, as everywhere in the log.
    for last in sorted(
        seen.distinct("audience", "kind"), key=lambda one: one.kind == Kind.EXPOSURE
    ):
        tombstone = LogEntry(
            audience=last.audience,
            kind=last.kind,
            object_id=object_id,
            object_version=version,
            change=Change.REDACTED,
            reason=REDACTED,
        )
        if (last.incident_version or last.object_version) < version:
            is_exposure = last.kind == Kind.EXPOSURE
            entries.append(tombstone_beside(tombstone, last) if is_exposure else tombstone)
    return entries


def _cells_naming(incident_id: UUID, version: int) -> list[LogEntry]:
    """Return what the database blanks beside the incident: nothing where that was done before."""
    newest = latest_versions([incident_id], [Kind.INCIDENT])
    return [
        cell
        for (audience, _id), last in newest.items()
        if last.object_version < version
        for cell in cells_naming(audience, incident_id)
    ]


def _cell_tombstones(naming: Sequence[LogEntry]) -> Iterator[LogEntry]:
    ids = {cell.object_id for cell in naming}
    named = {(cell.audience, cell.object_id) for cell in naming}
    newest = latest_versions(ids, [Kind.RISK_CELL])
    for audience, object_id in sorted(named):
        yield LogEntry(
            audience=audience,
            kind=Kind.RISK_CELL,
            object_id=object_id,
            object_version=newest[Audience(audience), object_id].object_version + 1,
            change=Change.REDACTED,
            reason=REDACTED,
        )


def redactions_lock() -> None:
    """Keep others from adding releases and risk cells, and from redacting, until this ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harmwatch releases'))")
