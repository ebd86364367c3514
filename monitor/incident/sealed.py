"""What is read with an entry in the ledger: files as they came, and who is behind a report."""

from mimetypes import guess_extension
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.permissions import Action
from core.errors import DomainError, NotFound
from incidents.selectors.incidents import report_visible_to
from incidents.services.evidence_reading import OpenedFile, copy_open, original_open
from incidents.services.sealed_reading import sealed_read
from monitor.access import Page
from monitor.incident.forms import SealedForm
from monitor.incident.views import incident_url
from monitor.typed import refused_by_service


class CopyFile(Page):
    """The working copy of a picture, to be shown on the page."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
        """Serve it."""
        return _served(evidence_id, copy_open(actor=self.actor, evidence_id=evidence_id))


class OriginalFile(Page):
    """A file as it came. It is asked for by a button: who follows links makes no entries."""

    action = Action.INCIDENT_READ

    def post(self, request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
        """Serve it, after the ledger has who asked."""
        opened = original_open(actor=self.actor, evidence_id=evidence_id)
        return _served(evidence_id, opened, as_attachment=True)


def _served(evidence_id: UUID, opened: OpenedFile, as_attachment: bool = False) -> FileResponse:
    response = FileResponse(
        opened.file,
        as_attachment=as_attachment,
        filename=f"{evidence_id}{guess_extension(opened.content_type) or ''}",
        content_type=opened.content_type,
    )
    # Whatever is in it, it is nothing of ours: no script of it runs here.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


class SealedPage(Page):
    """Who is behind a report: shown once, after the reason is in the ledger; kept nowhere."""

    action = Action.SEALED_READ_OWN
    form = SealedForm

    def get(self, request: HttpRequest, report_id: UUID) -> HttpResponseBase:
        """Ask for the reason."""
        return self._asked(report_id, SealedForm(auto_id="sealed_%s"), 200)

    def post(self, request: HttpRequest, report_id: UUID) -> HttpResponseBase:
        """Show it."""
        form = SealedForm(request.POST, auto_id="sealed_%s")
        if not form.is_valid():
            return self._asked(report_id, form, 400)
        try:
            found = sealed_read(
                actor=self.actor, report_id=report_id, reason=form.cleaned_data["reason"]
            )
        except NotFound:
            raise
        except DomainError as error:
            refused_by_service(form, error)
            return self._asked(report_id, form, error.status)
        return self._asked(report_id, None, 200, found=found)

    def _asked(
        self, report_id: UUID, form: SealedForm | None, status: int, **more: object
    ) -> HttpResponse:
        report = report_visible_to(self.actor).filter(id=report_id).first()
        if report is None:
            raise NotFound()
        context = {"report": report, "form": form, "back": incident_url(report.incident_id)} | more
        return self.page("monitor/incident/sealed.html", context, status)
