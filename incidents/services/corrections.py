"""What a correction does to the incident of the report it corrects."""

from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import Conflict, FieldError, InvalidInput
from incidents.models import Incident, Report
from incidents.services.figures import figures_recount
from incidents.services.report_rows import ReportRows
from incidents.types import ReportDraft
from incidents.vocab import State
from ledger.services import event_emit


def report_to_correct(actor: Actor, key: str) -> Report:
    """Return the organisation's own report of that key, its incident locked.

    Raises ``InvalidInput`` where there is none, ``Conflict`` where it was corrected before: the
    newer report is the one to correct.
    """
    own = Report.objects.filter(organisation_id=actor.organisation_id, idempotency_key=key)
    report = own.first()
    if report is None:
        message = _("The report that this one corrects has not arrived. Send that one first.")
        raise InvalidInput(errors=[FieldError("deprecatedID", message, "unknown")])
    report.incident = Incident.objects.select_for_update(of=("self",)).get(reports=report)
    if Report.objects.filter(corrects=report).exists():
        message = _("That report was corrected before; correct the newer one.")
        raise Conflict(message, errors=[FieldError("deprecatedID", message, "corrected")])
    return report


def demand_same_kind(corrected: Report, draft: ReportDraft) -> None:
    """Raise ``InvalidInput`` where a correction would make another kind of thing of the report."""
    if corrected.kind != draft.kind:
        message = _("A correction speaks of the same kind of thing; withdraw the report instead.")
        raise InvalidInput(errors=[FieldError("kind", message, "kind")])


def incident_follow_correction(rows: ReportRows) -> None:
    """Let a locked incident follow a correction just stored.

    The figures always do. Where, when and what only while no monitor has judged any of it, and
    no other report stands beside the corrected one.
    """
    incident = rows.incident
    current = incident.reports.filter(corrected_by__isnull=True)
    if incident.state == State.NEW and not incident.assessments.exists() and current.count() == 1:
        for name, value in rows.understood.items():
            setattr(incident, name, value)
    figures_recount(incident)
    incident.version += 1
    incident.changed_at = rows.report.received_at
    incident.save()
    event_emit(
        kind="incident.changed",
        object_type="incident",
        object_id=incident.id,
        payload={"version": incident.version},
    )
