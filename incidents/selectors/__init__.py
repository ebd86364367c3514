"""Reading the record. ``…_visible_to(actor)`` is the only door for what a person asked for."""

from incidents.selectors.incidents import (
    LAT,
    LON,
    embargoed_among,
    incident_visible_to,
    incidents_lock,
    publications_by_id,
    report_visible_to,
    strikes_by_id,
    strikes_by_place,
    strikes_in_units,
    strikes_standing,
)
from incidents.selectors.strikes import StrikeFound, strikes_asked_for

__all__ = [
    "LAT",
    "LON",
    "StrikeFound",
    "embargoed_among",
    "incident_visible_to",
    "incidents_lock",
    "publications_by_id",
    "report_visible_to",
    "strikes_asked_for",
    "strikes_by_id",
    "strikes_by_place",
    "strikes_in_units",
    "strikes_standing",
]
