"""Files added to a report that was received: from its receipt, one at a time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.permissions import Action
from core.errors import DomainError
from incidents.api.evidence import check_length
from incidents.services.evidence import evidence_receive
from monitor.submit.forms import EvidenceForm
from monitor.submit.receipts import Receipt


# As with files of reports: where the form comes from is asked once its size is known.
@method_decorator(csrf_exempt, name="dispatch")
class EvidenceAdd(Receipt):
    """Taking a file; its own receipt stands on the page afterwards."""

    action = Action.REPORT_SUBMIT

    def get(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        """Lead to the page that has the form."""
        return redirect("monitor:receipt", report_id=report_id)

    def post(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        """Take it, or say what is wrong with it; too large a one is not read."""
        check_length(request)
        return self._taken(request, report_id)

    @method_decorator(csrf_protect)
    def _taken(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        report, form = self.report(report_id), EvidenceForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.showing(report, 400, evidence_form=form)
        file = form.cleaned_data["file"]
        try:
            evidence_receive(
                actor=self.actor, report_id=report.id, name=file.name or "", content=file
            )
        except DomainError as refused:
            form.add_error("file", [str(one.message) for one in refused.errors] or refused.detail)
            return self.showing(report, refused.status, evidence_form=form)
        messages.success(request, _("The file was received."))
        return redirect(reverse("monitor:receipt", args=[report.id]) + "#evidence")
