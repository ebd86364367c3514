"""The frozen content of one incident version: all that any audience could be shown of it.

The feed chooses from it by audience; it never looks back at the record.
"""

from typing import Any

from core.canonical import utc_text
from incidents.models import Incident, Response
from incidents.selectors.casework import responses_standing
from incidents.selectors.consent import with_consent
from incidents.vocab import weapon_class_of

_OF_REPORTS = ("id", "licence", "flags", "may_republish", "may_share", "may_publish")


def snapshot_of(incident: Incident) -> dict[str, Any]:
    """Return the version as JSON: degrees WGS 84, metres, persons, UTC."""
    # What was corrected or withdrawn no longer counts, nor binds.
    reports = with_consent(incident.reports.current()).order_by("id").values(*_OF_REPORTS)
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
        "reports": [str(report["id"]) for report in reports],
        "report_count": len(reports),
        "independent_sources": incident.independent_sources,
        "responses": [_response_json(one) for one in responses_standing(incident)],
        "licences": sorted({report["licence"] for report in reports}),
        "flags": sorted({flag for report in reports for flag in report["flags"]}),
        # One report that may not be passed on binds the whole incident; without any, nothing may.
        "may_republish": bool(reports) and all(report["may_republish"] for report in reports),
        "consent_share": all(report["may_share"] for report in reports),
        "consent_publish": all(report["may_publish"] for report in reports),
    }


def _response_json(response: Response) -> dict[str, Any]:
    told = response.published_on
    return {
        "party": response.party,
        "stance": response.stance,
        "conceded": response.conceded,
        "url": response.url,
        "published_on": told.isoformat() if told else None,
    }


def audiences_permitted(snapshot: dict[str, Any]) -> list[str]:
    """Return who may see a version, by licence and consent: ``public``, ``partner``, or nobody."""
    if not snapshot["may_republish"]:
        return []
    consent = {"public": "consent_publish", "partner": "consent_share"}
    return [audience for audience, column in consent.items() if snapshot[column]]
