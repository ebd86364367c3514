"""Blanking what was published, by the redaction role alone; followers are told by a new entry."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from feed.models import Change, Kind, LogEntry, Release
from feed.selectors import releases_showing, versions_of
from ledger.wake import wake_sealer

REDACTED = "redacted"


@transaction.atomic
def redaction_write(*, object_id: UUID, version: int) -> list[LogEntry]:
    """Blank all versions of an object before ``version``, and tell so each audience that saw one.

    The ledger holds the entry of that redaction, or the database refuses. A release that shows the
    object is not served until it was made anew. Done again, it writes nothing.
    """
    releases_lock()
    Release.objects.filter(id__in=releases_showing(object_id)).update(
        redactions=F("redactions") + 1, is_made=False
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed_redact(%s, %s)", [object_id, version])
    seen = versions_of([object_id], Kind).order_by("audience", "kind", "-object_version")
    entries = [
        LogEntry(
            audience=last.audience,
            kind=last.kind,
            object_id=object_id,
            object_version=version,
            change=Change.REDACTED,
            reason=REDACTED,
        )
        for last in seen.distinct("audience", "kind")
        if last.object_version < version
    ]
    LogEntry.objects.bulk_create(entries)
    wake_sealer()
    return entries


def releases_lock() -> None:
    """Keep others from adding releases, and from redacting, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('harmwatch releases'))")
