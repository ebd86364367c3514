"""Keeping an incident out of what is published until a moment, which then comes by itself."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.canonical import utc_text
from core.errors import FieldError, InvalidInput, InvalidTransition
from incidents.models import Incident
from incidents.services.locking import incident_lock
from incidents.services.recording import incident_audit, incident_tell, publication_tell
from incidents.services.workflow import Step, is_possible, step_take
from incidents.vocab import State


@transaction.atomic
def incident_embargo(
    *, actor: Actor, incident_id: UUID, version: int, until: datetime | None, reason: str
) -> Incident:
    """Hold an incident back until a moment (UTC), or let go of it now (``until`` None).

    What is published meanwhile waits for the end, and is written then without anybody acting. What
    is out already is taken back, and a monitor publishes it again. Raises ``NotFound``,
    ``StaleVersion``, ``NotAllowed``, ``InvalidInput`` for a moment that has passed, and
    ``InvalidTransition`` where there is no embargo to lift.
    """
    demand(actor, Action.INCIDENT_EMBARGO)
    incident = incident_lock(actor, incident_id, version)
    if until is None:
        if incident.embargo_until is None:
            raise InvalidTransition(_("There is no embargo on this incident."))
        _let_go(incident, actor, "incident.embargo_lifted", reason)
        return incident
    if until <= timezone.now():
        message = _("An embargo ends at a moment that is yet to come.")
        raise InvalidInput(errors=[FieldError("until", message, "past")])
    # One that was held until now is not out: what waits goes on waiting.
    if incident.embargo_until is None and is_possible(incident, Step.TAKE_BACK):
        _take_back(incident, actor, reason)
    _set(incident, until)
    _audit(incident, actor, "incident.embargoed", reason)
    return incident


def embargoes_end() -> int:
    """Let go of all incidents whose embargo has ended; return how many."""
    due = Incident.objects.filter(embargo_until__lte=timezone.now())
    return sum(
        _end(id_) for id_ in list(due.order_by("embargo_until").values_list("id", flat=True))
    )


def embargo_inherit(incident: Incident, others: Iterable[Incident]) -> None:
    """Hold a locked incident, not saved here, as long as the longest held whose reports it has."""
    moments = [one.embargo_until for one in (incident, *others) if one.embargo_until]
    incident.embargo_until = max(moments, default=None)


@transaction.atomic
def _end(incident_id: UUID) -> bool:
    # Who holds it may be about to hold it longer: the next sweep looks again.
    due = Incident.objects.select_for_update(skip_locked=True, of=("self",))
    incident = due.filter(id=incident_id, embargo_until__lte=timezone.now()).first()
    if incident is None:
        return False
    _let_go(incident, None, "incident.embargo_ended", "")
    return True


def _take_back(incident: Incident, actor: Actor, reason: str) -> None:
    """Take it out of the feed in a version of its own: the next one may be published."""
    before = incident.state
    step_take(incident, Step.TAKE_BACK)
    incident.version += 1
    incident.save(update_fields=["state", "version"])
    incident_tell("incident.taken_back", incident)
    state = {"before": str(before), "after": str(incident.state)}
    incident_audit(
        actor=actor,
        action="incident.moved",
        incident=incident,
        reason=reason,
        data={"version": incident.version, "state": state},
    )


def _let_go(incident: Incident, actor: Actor | None, action: str, reason: str) -> None:
    _set(incident, None)
    _audit(incident, actor, action, reason)
    is_published = incident.state == State.PUBLISHED and incident.merged_into_id is None
    if is_published and (version := incident.published_version):
        publication_tell(incident.publications.get(incident_version=version))


def _set(incident: Incident, until: datetime | None) -> None:
    incident.embargo_until = until
    incident.version += 1
    incident.changed_at = timezone.now()
    incident.save(update_fields=["embargo_until", "version", "changed_at"])


def _audit(incident: Incident, actor: Actor | None, action: str, reason: str) -> None:
    until = incident.embargo_until
    incident_audit(
        actor=actor,
        action=action,
        incident=incident,
        reason=reason,
        data={"version": incident.version, "until": utc_text(until) if until else None},
    )
