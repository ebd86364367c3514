"""Who works on an incident."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from accounts.selectors import users_who_may
from core.errors import FieldError, InvalidInput
from incidents.models import Assignment, Incident
from incidents.services.locking import incident_lock_unmerged
from incidents.services.recording import incident_audit
from ledger.services import event_emit


@transaction.atomic
def incident_assign(*, actor: Actor, incident_id: UUID, user_id: UUID) -> Incident:
    """Give an incident to a monitor, whoever had it; the version stays, as no content changes.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidTransition`` for one that was merged, and
    ``InvalidInput`` for a user who may not assess.
    """
    demand(actor, Action.INCIDENT_ASSESS)
    incident = incident_lock_unmerged(actor, incident_id)
    if not users_who_may(Action.INCIDENT_ASSESS).filter(id=user_id).exists():
        message = _("This is nobody who may assess incidents here.")
        raise InvalidInput(errors=[FieldError("user", message, "user")])
    before = _assigned_id(incident)
    if before != user_id:
        new = {"user_id": user_id, "assigned_at": timezone.now()}
        Assignment.objects.update_or_create(incident=incident, defaults=new)
        _tell(actor, incident, before, user_id)
    return incident


@transaction.atomic
def incident_unassign(*, actor: Actor, incident_id: UUID) -> Incident:
    """Take an incident from whoever has it. Raises as ``incident_assign`` does."""
    demand(actor, Action.INCIDENT_ASSESS)
    incident = incident_lock_unmerged(actor, incident_id)
    before = _assigned_id(incident)
    if before is not None:
        Assignment.objects.filter(incident=incident).delete()
        _tell(actor, incident, before, None)
    return incident


def _assigned_id(incident: Incident) -> UUID | None:
    return Assignment.objects.filter(incident=incident).values_list("user_id", flat=True).first()


def _tell(actor: Actor, incident: Incident, before: UUID | None, after: UUID | None) -> None:
    change = {
        "before": str(before) if before else None,
        "after": str(after) if after else None,
    }
    incident_audit(
        actor=actor,
        action="incident.assigned",
        incident=incident,
        data={"user": change},
    )
    event_emit(
        kind="incident.assigned",
        object_type="incident",
        object_id=incident.id,
        payload={"user": change["after"]},
    )
