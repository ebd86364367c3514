"""What an organisation says afterwards of a report of its own. Nothing is erased."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import Conflict, FieldError, InvalidInput
from incidents.models import ConsentChange, Incident, Report, ReportWithdrawal
from incidents.selectors.consent import consent_now
from incidents.services.corrections import demand_uncorrected
from incidents.services.locking import own_report_lock
from incidents.services.recording import incident_audit, report_audit
from incidents.services.renewal import incident_renew, is_out_with
from incidents.services.understanding import audiences_of
from incidents.types import Consent
from incidents.vocab import ConsentBasis, Purpose


@dataclass(frozen=True, slots=True)
class Changed:
    """The consent to a report as it stands now, and whether this made it so."""

    consent: Consent
    is_new: bool


@transaction.atomic
def report_withdraw(*, actor: Actor, report_id: UUID, reason: str) -> ReportWithdrawal:
    """Take one's organisation's report out of all that counts. Again changes nothing.

    What is published and rests on it leaves the feed; an incident of which no report is left is
    withdrawn. Raises ``NotAllowed``, ``NotFound``, and ``Conflict`` for a report that was
    corrected.
    """
    demand(actor, Action.REPORT_SUBMIT)
    report = own_report_lock(actor, report_id)
    known = ReportWithdrawal.objects.filter(report=report).first()
    if known is not None:
        return known
    demand_uncorrected(report)
    withdrawal = ReportWithdrawal.objects.create(
        report=report, reason=reason, withdrawn_by_id=actor.id
    )
    incident, before = report.incident, report.incident.state
    incident_renew(incident, take_back=is_out_with(incident, report))
    report_audit(actor=actor, action="report.withdrawn", report=report, reason=reason)
    _audit_incident(actor, "incident.report_withdrawn", report, before)
    return withdrawal


@transaction.atomic
def consent_change(
    *,
    actor: Actor,
    report_id: UUID,
    purposes: dict[Purpose, bool],
    basis: ConsentBasis | None,
    reason: str,
) -> Changed:
    """Change the consent to one's organisation's report for some purposes; the others stay.

    Widening needs ``basis``. What is published and is now permitted to fewer leaves the feed.
    Raises ``NotAllowed``, ``NotFound``, ``InvalidInput`` for widening without a basis, and
    ``Conflict`` for a report that was corrected or withdrawn.
    """
    demand(actor, Action.REPORT_SUBMIT)
    report = own_report_lock(actor, report_id)
    demand_uncorrected(report)
    if ReportWithdrawal.objects.filter(report=report).exists():
        raise Conflict(_("This report was withdrawn; nobody uses it for anything."))
    before, audiences = consent_now(report), audiences_of(report)
    _demand_basis(before, purposes, basis)
    after = msgspec.structs.replace(
        before, basis=basis or before.basis, **{str(key): said for key, said in purposes.items()}
    )
    if after == before:
        return Changed(before, is_new=False)
    _store(actor, report, after, reason)
    incident, state = report.incident, report.incident.state
    fewer = bool(audiences - audiences_of(report))
    incident_renew(incident, take_back=fewer and is_out_with(incident, report))
    data = {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}
    report_audit(
        actor=actor, action="report.consent_changed", report=report, reason=reason, data=data
    )
    _audit_incident(actor, "incident.consent_changed", report, state)
    return Changed(after, is_new=True)


def _demand_basis(
    before: Consent, purposes: dict[Purpose, bool], basis: ConsentBasis | None
) -> None:
    widened = [key for key, said in purposes.items() if said and not getattr(before, key)]
    if widened and basis is None:
        message = _("Say on what basis the people concerned now agree to more.")
        raise InvalidInput(errors=[FieldError("basis", message, "required")])


def _store(actor: Actor, report: Report, consent: Consent, reason: str) -> None:
    ConsentChange.objects.create(
        report=report,
        number=report.consent_changes.count() + 1,
        basis=consent.basis,
        share=consent.share,
        publish=consent.publish,
        court=consent.court,
        reason=reason,
        changed_by_id=actor.id,
    )


def _audit_incident(actor: Actor, action: str, report: Report, before: str) -> None:
    incident: Incident = report.incident
    incident_audit(
        actor=actor,
        action=action,
        incident=incident,
        data={
            "report": str(report.id),
            "version": incident.version,
            "independent_sources": incident.independent_sources,
            "state": {"before": str(before), "after": str(incident.state)},
        },
    )
