"""Taking incidents for a change: locked in one order, and as the monitor knew them."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import InvalidTransition, NotFound, StaleVersion
from incidents.models import Incident
from incidents.selectors.incidents import incident_visible_to
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


def demand_standing(incident: Incident, version: int) -> None:
    """Raise ``InvalidTransition`` for one that was merged, ``StaleVersion`` for another version."""
    if incident.merged_into_id is not None:
        raise InvalidTransition(
            _("This incident was merged into another."),
            incident=str(incident.id),
            merged_into=str(incident.merged_into_id),
        )
    if incident.version != version:
        raise StaleVersion(
            _("Look at what has changed since, then send this again with the current version."),
            incident=str(incident.id),
            current_version=incident.version,
            changes=changes_since(incident.id, version),
        )
