"""The door for reports that were typed without a line and lay on a device since."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.permissions import Action
from core.errors import Conflict, DomainError, FieldError, InvalidInput
from core.problems import CONTENT_TYPE, domain_problem
from incidents.services.reports import report_received_before
from monitor.access import Page
from monitor.submit.typed import Typed
from monitor.submit.views import is_key, report_send, sender_of


class AnotherSender(Conflict):
    """Who wrote a report is not who is logged in, or acts for another organisation now."""

    slug = "another-sender"
    title = gettext_lazy("Somebody else wrote this, or for another organisation")


class Waiting(Page):
    """What a device asks before it sends, and where it sends each report."""

    action = Action.REPORT_SUBMIT

    def get(self, request: HttpRequest) -> JsonResponse:
        """Tell who would send now, and the token that a form of theirs needs."""
        return JsonResponse({"sender": sender_of(self.actor), "token": get_token(request)})

    def post(self, request: HttpRequest) -> JsonResponse:
        """Take one report as the form would; sent again under its key, it is the same report."""
        try:
            path = _receive(self.actor, request.POST)
        except DomainError as refused:
            problem = domain_problem(refused)
            return JsonResponse(problem, status=refused.status, content_type=CONTENT_TYPE)
        return JsonResponse({"receipt": path})


def _receive(actor: Actor, data: Any) -> str:
    """Return the path of the receipt.

    Raises ``AnotherSender``, ``IdempotencyConflict`` and ``InvalidInput``.
    """
    if data.get("sender") != sender_of(actor):
        raise AnotherSender()
    typed = Typed(data)
    if not is_key(typed.key):
        raise InvalidInput(errors=[FieldError("key", _("Send the key of the form."), "required")])
    try:
        received = report_send(actor, typed)
    except InvalidInput:
        # Mended in the form, it may have been sent under its key with other words than lie here.
        report_received_before(actor=actor, key=typed.key, body_sha256="")
        raise
    return reverse("monitor:receipt", args=[received.report_id])
