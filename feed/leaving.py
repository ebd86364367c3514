"""Taking back what was published of an incident and holds no longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from feed.exposure_writing import exposures_beside
from feed.models import Audience, Change, LogEntry
from feed.selectors import latest_versions
from ledger.wake import wake_sealer

WITHDRAWN = "withdrawn from the record"
# Nothing of whose report or whose consent it was.
TAKEN_BACK = "what it rests on has changed; it may be published again"
SURVIVOR_NOT_SHOWN = "merged into one that is not published"


@dataclass(frozen=True, slots=True)
class Departure:
    """Why an incident, as of this version, is no longer what was published."""

    incident_id: UUID
    version: int
    change: Change
    merged_into: UUID | None = None
    reason: str = ""


@transaction.atomic
def departures_write(departures: Sequence[Departure]) -> list[LogEntry]:
    """Write a row without content for each audience that was shown the incident; so of exposure.

    An audience is told which incident it was merged into only where it is shown that one. What an
    audience never saw, or saw in a later version, writes nothing.
    """
    ids = {departure.incident_id for departure in departures}
    ids |= {departure.merged_into for departure in departures if departure.merged_into}
    latest = latest_versions(ids)
    entries = []
    for audience in Audience:
        for departure in departures:
            before = latest.get((audience, departure.incident_id))
            if before is None or not _is_shown(before, departure.version):
                continue
            entry = _entry(before, departure, latest)
            latest[audience, departure.incident_id] = entry
            entries.append(entry)
    LogEntry.objects.bulk_create([*entries, *exposures_beside(entries)], batch_size=500)
    wake_sealer()
    return entries


def _is_shown(entry: LogEntry | None, before_version: int | None = None) -> bool:
    if entry is None or entry.feature == "":
        return False
    return before_version is None or entry.object_version < before_version


def _entry(
    before: LogEntry, departure: Departure, latest: dict[tuple[Audience, UUID], LogEntry]
) -> LogEntry:
    audience = Audience(before.audience)
    entry = LogEntry(
        audience=audience,
        kind=before.kind,
        object_id=departure.incident_id,
        object_version=departure.version,
        change=departure.change,
        reason=departure.reason,
    )
    if departure.merged_into is None:
        return entry
    if _is_shown(latest.get((audience, departure.merged_into))):
        entry.merged_into = departure.merged_into
    else:
        entry.change, entry.reason = Change.WITHDRAWN, SURVIVOR_NOT_SHOWN
    return entry
