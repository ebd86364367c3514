"""What each audience would be shown of an incident as it stands, made as publishing makes it."""

from dataclasses import dataclass
from uuid import UUID

from feed.models import Audience, LogEntry
from feed.publishing import entries_of_versions
from feed.selectors import latest_versions
from incidents.models import Incident, Publication
from incidents.snapshots import audiences_permitted, snapshot_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What one audience sees now and would see: GeoJSON Features as they are stored, or nothing.

    ``permitted`` tells whether licence and consent let this audience see it at all.
    """

    audience: Audience
    permitted: bool
    now: str
    then: str


def incident_preview(incident: Incident, *, public_resolution: int | None = None) -> list[Preview]:
    """Return what publishing the present version would write for each audience; writes nothing.

    ``incident`` is one that the caller may publish; ``public_resolution`` as publishing takes it.
    """
    draft = Publication(
        incident=incident,
        incident_version=incident.version,
        snapshot=snapshot_of(incident),
        public_resolution=public_resolution,
    )
    permitted = audiences_permitted(draft.snapshot)
    latest = latest_versions([incident.id])
    would = {Audience(entry.audience): entry.feature for entry in entries_of_versions([draft])}
    return [
        _preview(audience, incident.id, audience in permitted, latest, would)
        for audience in Audience
    ]


def _preview(
    audience: Audience,
    incident_id: UUID,
    permitted: bool,
    latest: dict[tuple[Audience, UUID], LogEntry],
    would: dict[Audience, str],
) -> Preview:
    known = latest.get((audience, incident_id))
    now = known.feature if known else ""
    return Preview(audience, permitted, now, would.get(audience, now))
