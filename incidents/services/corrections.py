"""What a correction does to the incident of the report it corrects."""

from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import Conflict, FieldError, InvalidInput
from incidents.models import Report, ReportWithdrawal
from incidents.services.locking import own_report_lock
from incidents.services.renewal import incident_renew, is_out_with
from incidents.services.report_rows import ReportRows
from incidents.services.understanding import audiences_of
from incidents.types import ReportDraft
from incidents.vocab import Licence, State


def report_to_correct(actor: Actor, key: str) -> Report:
    """Return the organisation's own report of that key, its incident locked.

    Raises ``InvalidInput`` where there is none, ``Conflict`` where it was withdrawn, or corrected
    before: the newer report is the one to correct.
    """
    own = Report.objects.filter(organisation_id=actor.organisation_id, idempotency_key=key)
    known = own.first()
    if known is None:
        message = _("The report that this one corrects has not arrived. Send that one first.")
        raise InvalidInput(errors=[FieldError("deprecatedID", message, "unknown")])
    report = own_report_lock(actor, known.id)
    demand_uncorrected(report)
    if ReportWithdrawal.objects.filter(report=report).exists():
        raise Conflict(_("That report was withdrawn. Send what is true now as a new report."))
    return report


def demand_uncorrected(report: Report) -> None:
    """Raise ``Conflict`` for a report that was corrected: the newer one stands for both."""
    newer = Report.objects.filter(corrects=report).first()
    if newer is not None:
        raise Conflict(
            _("That report was corrected before; take the newer one."), report=str(newer.id)
        )


def demand_same_kind(corrected: Report, draft: ReportDraft) -> None:
    """Raise ``InvalidInput`` where a correction would make another kind of thing of the report."""
    if corrected.kind != draft.kind:
        message = _("A correction speaks of the same kind of thing; withdraw the report instead.")
        raise InvalidInput(errors=[FieldError("kind", message, "kind")])


def demand_rights_kept(corrected: Report, draft: ReportDraft) -> None:
    """Raise ``InvalidInput`` where a correction would let pass on what its owner reserved."""
    if corrected.may_republish or corrected.licence != Licence.ALL_RIGHTS_RESERVED:
        return
    errors = []
    if draft.licence != corrected.licence:
        message = _("All rights in that report are reserved; a correction leaves them so.")
        errors.append(FieldError("licence", message, "reserved"))
    if draft.may_republish:
        message = _("That report may not be passed on, and a correction does not change that.")
        errors.append(FieldError("may_republish", message, "reserved"))
    if errors:
        raise InvalidInput(errors=errors)


def incident_follow_correction(rows: ReportRows) -> None:
    """Let a locked incident follow a correction just stored.

    The figures always do. Where, when and what only while no monitor has judged any of it, and
    no other report stands beside the corrected one. What is out is taken back where the correction
    permits less than the report before it.
    """
    corrected = rows.corrects
    assert corrected is not None
    incident = corrected.incident
    newer = Report(**vars(rows.report))
    narrower = bool(audiences_of(corrected) - audiences_of(newer))
    take_back = narrower and is_out_with(incident, corrected)
    alone = incident.reports.current().count() == 1
    if incident.state == State.NEW and not incident.assessments.exists() and alone:
        for name, value in rows.understood.items():
            setattr(incident, name, value)
    incident_renew(incident, at=rows.report.received_at, take_back=take_back)
