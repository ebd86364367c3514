"""Writing published versions into the log: once for each audience that may see them.

Everything is computed here, once, from the frozen snapshot; reading never decides or blurs again.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from django.db import transaction

from feed.disclosure import Figure
from feed.encoding import Shown, entry_of, kind_of, only_regraded
from feed.exposure_writing import exposures_beside
from feed.models import Audience, Change, Kind, LogEntry
from feed.places import shown_to_partners, shown_to_public
from feed.selectors import latest_versions, versions_of
from incidents.models import Publication
from incidents.selectors import embargoed_among
from incidents.snapshots import audiences_permitted
from ledger.wake import wake_sealer

NO_LONGER_PERMITTED = "licence or consent no longer permits it"
_SHOWN_TO = {Audience.PUBLIC: shown_to_public, Audience.PARTNER: shown_to_partners}


@transaction.atomic
def publications_write(publications: Sequence[Publication]) -> list[LogEntry]:
    """Write each publication, and its exposure, for each audience that may see it.

    Returns the new entries but those of exposure.

    A version that is in the log already, or older than one that is, writes nothing. An audience
    that saw an earlier version and may not see this one is told that the object is withdrawn. What
    is under embargo by now, for whichever reason, is not written: it is asked for again at the end.
    What was redacted since it was decided is not written at all.
    """
    entries = entries_of_versions(publications)
    held = embargoed_among(publication.incident_id for publication in publications)
    entries = [e for e in entries if not (e.feature and UUID(str(e.object_id)) in held)]
    LogEntry.objects.bulk_create([*entries, *exposures_beside(entries)], batch_size=500)
    wake_sealer()
    return entries


def entries_of_versions(publications: Sequence[Publication]) -> list[LogEntry]:
    """Return the entries that writing these publications adds to the log now; writes nothing.

    Without those of exposure, which are made from these.
    """
    publications = [publication for publication in publications if publication.snapshot]
    ids = [publication.incident_id for publication in publications]
    latest = latest_versions(ids)
    told = _told({id_ for _audience, id_ in latest})
    entries = []
    for audience, shown_to in _SHOWN_TO.items():
        permitted = [p for p in publications if audience in audiences_permitted(p.snapshot)]
        shown = dict(zip((p.id for p in permitted), shown_to(permitted), strict=True))
        for publication in publications:
            key = audience, publication.incident_id
            seen = shown.get(publication.id)
            if seen and audience == Audience.PUBLIC:
                seen = replace(seen, told=told[publication.incident_id])
            entry = _entry(audience, publication, seen, latest.get(key))
            if entry:
                latest[key] = entry
                if entry.feature and audience == Audience.PUBLIC:
                    told[publication.incident_id].append(_casualties_in(entry.feature))
                entries.append(entry)
    return entries


def _told(ids: Collection[UUID]) -> dict[UUID, list[list[Figure]]]:
    """Return the casualty figures that the public was shown of each object, in all its versions."""
    told: dict[UUID, list[list[Figure]]] = defaultdict(list)
    shown = versions_of(ids, [Kind.INCIDENT, Kind.CONTEXT_EVENT]).filter(audience=Audience.PUBLIC)
    for id_, feature in shown.exclude(feature="").values_list("object_id", "feature"):
        figures = _casualties_in(feature)
        if figures not in told[id_]:
            told[id_].append(figures)
    return told


def _casualties_in(feature: str) -> list[Figure]:
    return cast(list[Figure], json.loads(feature)["properties"]["casualties"])


def _entry(
    audience: Audience, publication: Publication, shown: Shown | None, before: LogEntry | None
) -> LogEntry | None:
    if before and before.object_version >= publication.incident_version:
        return None
    was_shown = before is not None and before.feature != ""
    if shown is None:
        return _withdrawal(audience, publication) if was_shown else None
    entry = entry_of(audience, publication.snapshot, shown, Change.CREATED)
    if before and was_shown:
        regraded = only_regraded(before.feature, entry.feature)
        entry.change = Change.REGRADED if regraded else Change.UPDATED
    return entry


def _withdrawal(audience: Audience, publication: Publication) -> LogEntry:
    return LogEntry(
        audience=audience,
        kind=kind_of(publication.snapshot),
        object_id=publication.incident_id,
        object_version=publication.incident_version,
        change=Change.WITHDRAWN,
        reason=NO_LONGER_PERMITTED,
    )
