"""The form of a report: shown, kept while it is filled in, and sent."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action
from core.canonical import canonical_json, sha256_hex
from core.errors import FieldError, IdempotencyConflict, InvalidInput
from incidents.intake.json_reports import submission_parse
from incidents.services.reports import Received, report_receive, report_received_before
from monitor.access import Page
from monitor.submit.typed import MOST_ROWS, Typed
from monitor.typed import Asked

_ROWS = ("sources", "claims")


class Submit(Page):
    """One report. Sent twice from one opening of the form, it is one report with one receipt."""

    action = Action.REPORT_SUBMIT

    @classmethod
    def asked(cls, typed: QueryDict) -> Asked:
        """Return what the form asks for, the rows by their numbers."""
        return Typed(typed).asked()

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show an empty form, with as many rows as a draft needs."""
        data = blank()
        for rows in _ROWS:
            data[rows] = request.GET.get(rows, "1")
        data["key"] = str(uuid4())
        return self._show(Typed(data))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the report, or show the form again: with another row, or with what is wrong."""
        for rows in _ROWS:
            if f"add_{rows}" in request.POST:
                return self._show(Typed(_changed(request.POST, rows)))
        anew = "send_as_new" in request.POST or not is_key(request.POST.get("key", ""))
        typed = Typed(_changed(request.POST, "key") if anew else request.POST)
        try:
            received = report_send(self.actor, typed)
        except IdempotencyConflict:
            return self._show(typed, status=409, was_sent=True)
        except InvalidInput as refused:
            typed.fold()
            typed.refuse(refused.errors or [FieldError("body", str(refused.title))])
            return self._show(typed, status=400)
        told = (
            _("Your report was received.") if received.is_new else _("You had sent this already.")
        )
        messages.success(request, told)
        return redirect("monitor:receipt", report_id=received.report_id)

    def _show(self, typed: Typed, status: int = 200, was_sent: bool = False) -> HttpResponse:
        context = {
            "sender": sender_of(self.actor),
            "typed": typed,
            "form": typed.form(),
            "sources": typed.source_forms(),
            "claims": typed.claim_forms(),
            "most_rows": MOST_ROWS,
            "was_sent": was_sent,
            "is_refused": status == 400,
        }
        return self.page("monitor/submit/submit.html", context, status)


def sender_of(actor: Actor) -> str:
    """Return under whose name a report lies on a device: the person's and the organisation's."""
    return f"{actor.id}.{actor.organisation_id}"


def report_send(actor: Actor, typed: Typed) -> Received:
    """Take the report as the API does: known ones first, then strictly.

    Raises ``IdempotencyConflict`` and ``InvalidInput``.
    """
    body = canonical_json(typed.content())
    known = report_received_before(actor=actor, key=typed.key, body_sha256=sha256_hex(body))
    if known is not None:
        return known
    return report_receive(actor=actor, submission=submission_parse(body, typed.key))


def blank(rows: int = 1) -> QueryDict:
    """Return what an empty form says; its key is yet to be made."""
    data = QueryDict(mutable=True)
    language = (get_language() or "en").partition("-")[0]
    first = {"language": language, "kind": "strike", "time_precision": "day"}
    data.update(first | {"sources": str(rows), "claims": str(rows)})
    return data


def _changed(data: QueryDict, name: str) -> QueryDict:
    """Return what was typed with one more row, or with a new key."""
    changed = data.copy()
    if name == "key":
        changed["key"] = str(uuid4())
    else:
        changed[name] = str(min(getattr(Typed(data), name) + 1, MOST_ROWS))
    return changed


def is_key(text: str) -> bool:
    """Tell whether a text is a key as the form makes them."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
