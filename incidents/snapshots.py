"""The frozen content of one incident version: all that any audience could be shown of it.

The feed chooses from it by audience; it never looks back at the record.
"""

from typing import Any

from core.canonical import utc_text
from incidents.models import Incident
from incidents.vocab import weapon_class_of


def snapshot_of(incident: Incident) -> dict[str, Any]:
    """Return the version as JSON: degrees WGS 84, metres, persons, UTC."""
    # What was corrected no longer counts, nor binds.
    reports = list(incident.reports.filter(corrected_by__isnull=True).order_by("id"))
    point = incident.location
    return {
        "incident_id": str(incident.id),
        "version": incident.version,
        "kind": incident.kind,
        "title": incident.title,
        "longitude": point.x if point else None,
        "latitude": point.y if point else None,
        "uncertainty_m": incident.uncertainty_m,
        "location_precision": incident.location_precision,
        "place_name": incident.place_name,
        "country": incident.country,
        "pcode": incident.pcode,
        "units": incident.units,
        "time_start": utc_text(incident.time_start),
        "time_end": utc_text(incident.time_end),
        "time_precision": incident.time_precision,
        "weapon": incident.weapon,
        "weapon_class": weapon_class_of(incident.weapon),
        "alleged_actor": incident.alleged_actor,
        "targets": incident.targets,
        "damage": incident.damage,
        "grade": incident.grade,
        "casualties": incident.casualties,
        "report_count": len(reports),
        "independent_sources": incident.independent_sources,
        "licences": sorted({report.licence for report in reports}),
        "flags": sorted({flag for report in reports for flag in report.flags}),
        # One report that may not be passed on binds the whole incident.
        "may_republish": all(report.may_republish for report in reports),
        "consent_share": all(report.consent_share for report in reports),
        "consent_publish": all(report.consent_publish for report in reports),
    }


def audiences_permitted(snapshot: dict[str, Any]) -> list[str]:
    """Return who may see a version, by licence and consent: ``public``, ``partner``, or nobody."""
    if not snapshot["may_republish"]:
        return []
    consent = {"public": "consent_publish", "partner": "consent_share"}
    return [audience for audience, column in consent.items() if snapshot[column]]
