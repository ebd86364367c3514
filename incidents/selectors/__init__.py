"""Reading the record. ``…_visible_to(actor)`` is the only door for what a person asked for."""

from incidents.selectors.incidents import (
    incident_visible_to,
    publications_by_id,
    report_visible_to,
    strike_ids,
    strikes_by_id,
    strikes_standing,
)

__all__ = [
    "incident_visible_to",
    "publications_by_id",
    "report_visible_to",
    "strike_ids",
    "strikes_by_id",
    "strikes_standing",
]
