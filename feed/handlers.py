"""What the feed does when something happened; ``config.consumers`` says to what."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from feed.leaving import TAKEN_BACK, WITHDRAWN, Departure, departures_write
from feed.models import Change
from feed.publishing import publications_write
from feed.redaction import redaction_write
from incidents.selectors import publications_by_id
from ledger.models import DomainEvent


def incidents_decided(events: Sequence[DomainEvent]) -> None:
    """Write what monitors decided of incidents, in the order of their decisions."""
    for kind, run in groupby(events, key=lambda event: event.kind):
        _WRITERS[kind](list(run))


def _publications_requested(events: Sequence[DomainEvent]) -> None:
    ids = [UUID(event.payload["publication"]) for event in events]
    publications = publications_by_id(ids).in_bulk()
    publications_write([publications[id_] for id_ in ids])


def _incidents_merged(events: Sequence[DomainEvent]) -> None:
    departures_write([_departure(event, Change.MERGED_INTO) for event in events])


def _incidents_split(events: Sequence[DomainEvent]) -> None:
    departures_write([_departure(event, Change.SPLIT) for event in events])


def _incidents_withdrawn(events: Sequence[DomainEvent]) -> None:
    departures_write([_departure(event, Change.WITHDRAWN, WITHDRAWN) for event in events])


def _incidents_taken_back(events: Sequence[DomainEvent]) -> None:
    departures_write([_departure(event, Change.WITHDRAWN, TAKEN_BACK) for event in events])


def _incidents_redacted(events: Sequence[DomainEvent]) -> None:
    for event in events:
        redaction_write(object_id=event.object_id, version=event.payload["version"])


def _departure(event: DomainEvent, change: Change, reason: str = "") -> Departure:
    into = event.payload.get("into")
    return Departure(
        event.object_id, event.payload["version"], change, UUID(into) if into else None, reason
    )


_WRITERS = {
    "publication.requested": _publications_requested,
    "incident.merged": _incidents_merged,
    "incident.redacted": _incidents_redacted,
    "incident.split": _incidents_split,
    "incident.taken_back": _incidents_taken_back,
    "incident.withdrawn": _incidents_withdrawn,
}
