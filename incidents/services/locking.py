"""Taking incidents for a change: locked in one order, and as the monitor knew them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import InvalidTransition, NotFound, StaleVersion
from incidents.models import Incident, Report
from incidents.selectors.incidents import incident_visible_to, report_owned_by
from incidents.selectors.timeline import changes_since


def incidents_lock(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Incident]:
    """Return incidents, locked by id so that two who lock some of the same never wait in a ring.

    Raises ``NotFound`` where the actor may not see one of them.
    """
    wanted = set(ids)
    visible = incident_visible_to(actor).select_for_update(of=("self",))
    found = {row.id: row for row in visible.filter(id__in=wanted).order_by("id")}
    if len(found) < len(wanted):
        raise NotFound()
    return found


def incident_lock(actor: Actor, incident_id: UUID, version: int) -> Incident:
    """Return one incident, locked, if it stands and ``version`` is the current one."""
    incident = incidents_lock(actor, [incident_id])[incident_id]
    demand_standing(incident, version)
    return incident


def incident_lock_unmerged(actor: Actor, incident_id: UUID) -> Incident:
    """Return one incident, locked, whatever its version, unless it was merged."""
    incident = incidents_lock(actor, [incident_id])[incident_id]
    demand_unmerged(incident)
    return incident


def demand_standing(incident: Incident, version: int) -> None:
    """Raise ``InvalidTransition`` for one that was merged, ``StaleVersion`` for another version."""
    demand_unmerged(incident)
    if incident.version != version:
        raise StaleVersion(
            _("Look at what has changed since, then send this again with the current version."),
            incident=str(incident.id),
            current_version=incident.version,
            changes=changes_since(incident.id, version),
        )


def demand_unmerged(incident: Incident) -> None:
    """Raise ``InvalidTransition`` for one that lives on in another."""
    if incident.merged_into_id is not None:
        raise InvalidTransition(
            _("This incident was merged into another."),
            incident=str(incident.id),
            merged_into=str(incident.merged_into_id),
        )


class _Moved(Exception):
    """The report went to another incident while this one was waited for."""


def own_report_lock(actor: Actor, report_id: UUID) -> Report:
    """Return a report of the actor's organisation with its incident, locked, as ``incident``.

    While that is held, the report stays there and nothing is said of it by others. Raises
    ``NotFound``.
    """
    while True:
        report = report_owned_by(actor).filter(id=report_id).first()
        if report is None:
            raise NotFound()
        try:
            with transaction.atomic():  # a lock on the wrong incident falls with its savepoint
                incident = Incident.objects.select_for_update().get(id=report.incident_id)
                if not incident.reports.filter(id=report.id).exists():
                    raise _Moved
                report.incident = incident
                return report
        except _Moved:
            continue
