"""Receipts of one's organisation: listed, checked, taken away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, may
from core.canonical import canonical_json
from core.cursors import cursor_decode, cursor_encode
from core.errors import FieldError, InvalidInput, NotFound
from incidents.countries import country_names
from incidents.models import Report
from incidents.selectors.incidents import report_visible_to
from incidents.selectors.receipts import draft_of_receipt, receipt_findings
from incidents.services.reports import report_received_before
from monitor.access import Page
from monitor.submit.forms import EvidenceForm

PAGE = 50


def own_reports(actor: Actor) -> QuerySet[Report]:
    """Return the reports of the actor's organisation, as far as they may read them."""
    return report_visible_to(actor).filter(organisation_id=actor.organisation_id)


class Receipts(Page):
    """All of them, the newest first."""

    action = Action.REPORT_READ_OWN

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page."""
        rows = own_reports(self.actor).select_related("submitted_by", "withdrawal")
        if cursor := request.GET.get("cursor"):
            rows = rows.filter(_after(cursor))
        found = list(rows.order_by("-received_at", "-pk")[: PAGE + 1])
        following = ""
        if len(found) > PAGE:
            last = found[PAGE - 1]
            following = cursor_encode(last.received_at.isoformat(), str(last.pk))
        context = {"reports": found[:PAGE], "following": following}
        return self.page("monitor/submit/receipts.html", context)


def _after(cursor: str) -> Q:
    moment, key = cursor_decode(cursor, (str, str))
    try:
        at, last = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        message = _("Use the link to the next page as it was given.")
        raise InvalidInput(errors=[FieldError("cursor", message)]) from None
    if at.tzinfo is None:
        raise InvalidInput()
    return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(pk__lt=last))


class _OneReceipt(Page):
    action = Action.REPORT_READ_OWN

    def report(self, report_id: UUID) -> Report:
        """Return the report; ``NotFound`` for another organisation's."""
        rows = own_reports(self.actor).select_related("submitted_by", "corrects", "withdrawal")
        report = (
            rows.prefetch_related("sources", "claims__source", "evidence")
            .filter(id=report_id)
            .first()
        )
        if report is None:
            raise NotFound()
        return report


class Receipt(_OneReceipt):
    """One of them: what was received and what it proves."""

    def get(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        """Show it; with ``?verify`` what a check of it found."""
        report = self.report(report_id)
        if "verify" not in request.GET:
            return self.showing(report)
        findings = receipt_findings(report)
        if "HX-Request" in request.headers:
            return self.page("monitor/submit/_findings.html", {"findings": findings})
        return self.showing(report, findings=findings)

    def showing(self, report: Report, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page, perhaps with what a check found or a file that was refused."""
        context = {
            "report": report,
            "draft": draft_of_receipt(report.receipt),
            "country": dict(country_names()).get(report.country, report.country),
            "is_sender": report.submitted_by_id == self.actor.id,
            "may_add": may(self.actor, Action.REPORT_SUBMIT) and not hasattr(report, "withdrawal"),
            "evidence_form": EvidenceForm(),
        }
        return self.page("monitor/submit/receipt.html", context | more, status)


class ReceiptFile(_OneReceipt):
    """One of them as a file, as the API gives it. Salts go to who sent the report, and no further.

    With a salt one can try names until one fits what is sealed.
    """

    def get(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        """Return what ``clients/harmwatch_verify.py receipt`` takes."""
        report = self.report(report_id)
        document: dict[str, Any] = {
            "id": str(report.id),
            "incident": str(report.incident_id),
            "receipt": report.receipt,
        }
        if report.submitted_by_id == self.actor.id:
            received = report_received_before(
                actor=self.actor,
                key=report.idempotency_key,
                body_sha256=report.content_sha256,
                corrects=report.corrects.idempotency_key if report.corrects else "",
            )
            document["salts"] = received.salts if received else {}
        answer = HttpResponse(canonical_json(document), content_type="application/json")
        name = f'attachment; filename="harmwatch-receipt-{report.id}.json"'
        answer.headers["Content-Disposition"] = name
        return answer
