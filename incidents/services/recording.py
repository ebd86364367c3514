"""What becomes of an incident or a report, as the ledger and those who follow are told it.

Entries name both by their ids alone. What a report says, its title too, must not stand in the
ledger: nothing could take it from there, and whoever is shown an entry is shown all of it.
"""

from typing import Any

from accounts.actors import Actor
from incidents.models import Incident, Publication, Report
from ledger.services import audit_record, event_emit


def incident_audit(
    *,
    actor: Actor | None,
    action: str,
    incident: Incident,
    reason: str = "",
    data: dict[str, Any],
) -> None:
    """Record that ``actor`` (None: the system itself) did ``action`` to an incident."""
    audit_record(
        actor=actor,
        action=action,
        object_type="incident",
        object_id=incident.id,
        reason=reason,
        data=data,
    )


def report_audit(
    *, actor: Actor, action: str, report: Report, reason: str, data: dict[str, Any] | None = None
) -> None:
    """Record that ``actor`` did ``action`` to a report, and which incident it was in."""
    audit_record(
        actor=actor,
        action=action,
        object_type="report",
        object_id=report.id,
        reason=reason,
        data={"incident": str(report.incident_id)} | (data or {}),
    )


def incident_tell(kind: str, incident: Incident, **payload: Any) -> None:
    """Tell who follows what became of a locked incident, and in which version."""
    event_emit(
        kind=kind,
        object_type="incident",
        object_id=incident.id,
        payload={"version": incident.version, **payload},
    )


def publication_tell(publication: Publication) -> None:
    """Have what was decided to be published of a locked incident written by the feed."""
    event_emit(
        kind="publication.requested",
        object_type="incident",
        object_id=publication.incident_id,
        payload={"publication": str(publication.id)},
    )
