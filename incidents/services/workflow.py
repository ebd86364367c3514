"""Where an incident stands in the monitors' work, and the steps there are: one table."""

from enum import Enum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import InvalidTransition
from incidents.models import Incident
from incidents.services.locking import incident_lock
from incidents.services.recording import incident_audit, incident_tell
from incidents.vocab import State


class Step(Enum):
    """A step from some states to one."""

    TRIAGE = (frozenset({State.NEW}), State.TRIAGED)
    REVIEW = (frozenset({State.NEW, State.TRIAGED, State.WITHDRAWN}), State.IN_REVIEW)
    PUBLISH = (frozenset({State.IN_REVIEW, State.PUBLISHED}), State.PUBLISHED)
    TAKE_BACK = (frozenset({State.PUBLISHED}), State.IN_REVIEW)
    WITHDRAW = (
        frozenset({State.NEW, State.TRIAGED, State.IN_REVIEW, State.PUBLISHED}),
        State.WITHDRAWN,
    )


def is_possible(incident: Incident, step: Step) -> bool:
    """Tell whether an incident is in a state that the step leads from."""
    return incident.state in step.value[0]


def step_take(incident: Incident, step: Step) -> None:
    """Set the state that a step leads to; ``InvalidTransition`` where it does not start here."""
    if not is_possible(incident, step):
        raise InvalidTransition(
            _("This step is not possible while the incident is %(state)s.")
            % {"state": State(incident.state).label},
            state=str(incident.state),
        )
    incident.state = step.value[1]


@transaction.atomic
def incident_triage(
    *, actor: Actor, incident_id: UUID, version: int, step: Step, reason: str = ""
) -> Incident:
    """Say that an incident was looked at (``TRIAGE``) or is being worked on (``REVIEW``).

    A withdrawn one is taken up again by ``REVIEW``. Raises ``NotFound``, ``StaleVersion``, and
    ``InvalidTransition``.
    """
    demand(actor, Action.INCIDENT_ASSESS)
    return _move(actor, incident_id, version, step, reason)


@transaction.atomic
def incident_withdraw(*, actor: Actor, incident_id: UUID, version: int, reason: str) -> Incident:
    """Take an incident out of the record's count and out of the feed; nothing is deleted.

    The feed says that it is withdrawn, never why. Raises ``NotFound``, ``StaleVersion``, and
    ``InvalidTransition``.
    """
    demand(actor, Action.INCIDENT_PUBLISH)
    incident = _move(actor, incident_id, version, Step.WITHDRAW, reason)
    incident_tell("incident.withdrawn", incident)
    return incident


def _move(actor: Actor, incident_id: UUID, version: int, step: Step, reason: str) -> Incident:
    incident = incident_lock(actor, incident_id, version)
    before = incident.state
    step_take(incident, step)
    incident.version += 1
    incident.changed_at = timezone.now()
    incident.save(update_fields=["state", "version", "changed_at"])
    if State.WITHDRAWN in {before, incident.state}:
        incident_tell("incident.changed", incident)
    withdrawn = step is Step.WITHDRAW
    incident_audit(
        actor=actor,
        action="incident.withdrawn" if withdrawn else "incident.moved",
        incident=incident,
        reason=reason,
        data={
            "version": incident.version,
            "state": {"before": str(before), "after": str(incident.state)},
        },
    )
    return incident
