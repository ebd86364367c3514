"""Blanking what was published, by the redaction role alone; followers are told by a new entry."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from feed.exposure_writing import tombstone_beside
from feed.models import Change, Kind, LogEntry, Release
from feed.selectors import releases_showing, versions_of
from incidents.selectors import incidents_lock
from ledger.wake import wake_sealer

REDACTED = "redacted"


@transaction.atomic
def redaction_write(*, object_id: UUID, version: int) -> list[LogEntry]:
    """Blank all versions of an object before ``version``, and tell so each audience that saw one.

    The ledger holds the entry of that redaction, or the database refuses. A release that shows the
    object is not served until it was made anew. Done again, it writes nothing.
    """
    releases_lock()
    incidents_lock([object_id])  # exposure is computed anew beside the decisions of an incident
    Release.objects.filter(id__in=releases_showing(object_id)).update(
        redactions=F("redactions") + 1, is_made=False
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed_redact(%s, %s)", [object_id, version])
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
    LogEntry.objects.bulk_create(entries)
    wake_sealer()
    return entries


def releases_lock() -> None:
    """Keep others from adding releases, and from redacting, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harmwatch releases'))")
