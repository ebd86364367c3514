"""What each audience would be shown of an incident as it stands, made as publishing makes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from feed.exposure_writing import exposures_beside
from feed.models import Audience, Kind, LogEntry
from feed.publishing import entries_of_versions
from feed.selectors import latest_versions
from incidents.models import Incident, Publication
from incidents.snapshots import audiences_permitted, snapshot_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What one audience sees now and would see: GeoJSON Features as they are stored, or nothing.

    ``permitted`` tells whether licence and consent let this audience see it at all. The exposure is
    a feature of its own; a context event has none.
    """

    audience: Audience
    permitted: bool
    now: str
    then: str
    exposure_now: str
    exposure_then: str


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
    with transaction.atomic():  # exposure is made as if it were written: nobody writes meanwhile
        entries = entries_of_versions([draft])
        then = _features(entries)
        exposure_then = _features(exposures_beside(entries))
    now = _features(latest_versions([incident.id]).values())
    exposure_now = _features(latest_versions([incident.id], [Kind.EXPOSURE]).values())
    permitted = audiences_permitted(draft.snapshot)
    return [
        Preview(
            audience=audience,
            permitted=audience in permitted,
            now=now.get(audience, ""),
            then=(now | then).get(audience, ""),
            exposure_now=exposure_now.get(audience, ""),
            exposure_then=(exposure_now | exposure_then).get(audience, ""),
        )
        for audience in Audience
    ]


def _features(entries: Iterable[LogEntry]) -> dict[Audience, str]:
    return {Audience(entry.audience): entry.feature for entry in entries}
