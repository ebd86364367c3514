"""Reading the record. ``…_visible_to(actor)`` is the only door for what a person asked for."""

from incidents.selectors.incidents import (
    incident_ids,
    incident_visible_to,
    incidents_by_id,
    publications_by_id,
    report_visible_to,
)

__all__ = [
    "incident_ids",
    "incident_visible_to",
    "incidents_by_id",
    "publications_by_id",
    "report_visible_to",
]
