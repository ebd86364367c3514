"""Redaction: what was published of an incident is blanked wherever it was kept."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import FieldError, InvalidInput, NotFound, StaleVersion
from incidents.models import Incident
from incidents.services.workflow import Step, is_possible, step_take
from ledger.services import audit_record, event_emit


@transaction.atomic
def incident_redact(
    *, actor: Actor, incident_id: UUID, reason: str, version: int | None = None
) -> Incident:
    """Have every version published so far blanked for good; numbers, hashes and this act stay.

    So are the snapshots of these versions, and what the row history holds in words and of places:
    mend the record first. What was merged into the incident goes with it. It is no longer
    published, whatever its version was (``version`` None), and may be again once what must not be
    seen is out of it. Administrators, who do not read the record, may too. Raises ``NotFound``,
    ``StaleVersion``, and ``InvalidInput`` without a reason.
    """
    demand(actor, Action.INCIDENT_REDACT)
    if not reason.strip():
        message = _("A redaction needs a reason.")
        raise InvalidInput(errors=[FieldError("reason", message, "required")])
    incident = Incident.objects.select_for_update().filter(id=incident_id).first()
    if incident is None:
        raise NotFound()
    if version not in {None, incident.version}:
        raise StaleVersion(
            _("The incident has another version by now."),
            incident=str(incident.id),
            current_version=incident.version,
        )
    for one in [incident, *_merged_into(incident)]:
        _redact(actor, one, reason)
    return incident


def _merged_into(incident: Incident) -> Iterator[Incident]:
    """Yield what was merged into an incident, however far back: it was published of the same."""
    for one in Incident.objects.select_for_update().filter(merged_into=incident).order_by("id"):
        yield one
        yield from _merged_into(one)


def _redact(actor: Actor, incident: Incident, reason: str) -> None:
    if is_possible(incident, Step.TAKE_BACK):
        step_take(incident, Step.TAKE_BACK)
    incident.version += 1
    incident.changed_at = timezone.now()
    incident.save(update_fields=["state", "version", "changed_at"])
    # The functions that blank look for this entry.
    audit_record(
        actor=actor,
        action="incident.redacted",
        object_type="incident",
        object_id=incident.id,
        reason=reason,
        data={"version": incident.version},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_redact(%s, %s)", [incident.id, incident.version])
    event_emit(
        kind="incident.redacted",
        object_type="incident",
        object_id=incident.id,
        payload={"version": incident.version},
    )
