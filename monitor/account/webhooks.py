"""Webhooks of one's organisation, and what became of each telling."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Action
from core.errors import DomainError, NotFound
from feed.models import Webhook
from feed.webhooks import services
from feed.webhooks.selectors import webhooks_visible_to
from monitor.access import Page
from monitor.account.forms import ReplayForm, WebhookForm
from monitor.typed import refused_by_service

SHOWN = 50


class Webhooks(Page):
    """All of them; a new one."""

    action = Action.WEBHOOK_KEEP

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        return self._listing(WebhookForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Subscribe an address; the answer alone shows the secret."""
        form = WebhookForm(request.POST)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                webhook, secret = services.webhook_create(actor=self.actor, **asked)
            except DomainError as refusal:
                refused_by_service(form, refusal)
            else:
                return self.page("monitor/account/secret.html", _shown_once(webhook, secret))
        return self._listing(form, 400)

    def _listing(self, form: WebhookForm, status: int = 200) -> HttpResponse:
        found = webhooks_visible_to(self.actor).order_by("created_at")
        context = {"webhooks": found, "form": form}
        return self.page("monitor/account/webhooks.html", context, status)


class WebhookPage(Page):
    """One webhook and its log."""

    action = Action.WEBHOOK_KEEP

    def get(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        """Show its state and its last deliveries."""
        return self.showing(webhook_id, ReplayForm())

    def showing(self, webhook_id: UUID, form: ReplayForm, status: int = 200) -> HttpResponse:
        """Return the page. Raises ``NotFound`` for another organisation's."""
        webhook = webhooks_visible_to(self.actor).filter(id=webhook_id).first()
        if webhook is None:
            raise NotFound(_("There is no such webhook."))
        deliveries = webhook.deliveries.order_by("-created_at", "-id")[:SHOWN]
        context = {"webhook": webhook, "deliveries": deliveries, "form": form, "most": SHOWN}
        return self.page("monitor/account/webhook.html", context, status)


class WebhookReplay(WebhookPage):
    """Sending again."""

    def post(self, request: HttpRequest, webhook_id: UUID) -> HttpResponse:
        """Send all entries from one on again."""
        form = ReplayForm(request.POST)
        if not form.is_valid():
            return self.showing(webhook_id, form, 400)
        try:
            services.webhook_replay(actor=self.actor, webhook_id=webhook_id, **form.cleaned_data)
        except DomainError as refusal:
            refused_by_service(form, refusal)
            return self.showing(webhook_id, form, refusal.status)
        messages.success(request, _("The entries are sent again, in their order."))
        return redirect("monitor:webhook", webhook_id)


class WebhookDo(Page):
    """What needs no more than a button."""

    action = Action.WEBHOOK_KEEP
    deeds: ClassVar[dict[str, tuple[Callable[..., Any], Any]]] = {
        "ping": (services.webhook_ping, gettext_lazy("A test is on its way.")),
        "pause": (services.webhook_pause, gettext_lazy("Nothing is sent until you resume.")),
        "resume": (services.webhook_resume, gettext_lazy("It goes on where it stopped.")),
    }

    def post(self, request: HttpRequest, webhook_id: UUID, deed: str) -> HttpResponse:
        """Do it, or make a new secret, or take the webhook away."""
        if deed == "rotate":
            webhook, secret = services.webhook_rotate(actor=self.actor, webhook_id=webhook_id)
            return self.page("monitor/account/secret.html", _shown_once(webhook, secret))
        if deed == "delete":
            services.webhook_delete(actor=self.actor, webhook_id=webhook_id)
            return redirect("monitor:webhooks")
        if deed not in self.deeds:
            raise NotFound
        do, said = self.deeds[deed]
        do(actor=self.actor, webhook_id=webhook_id)
        messages.success(request, said)
        return redirect("monitor:webhook", webhook_id)


def _shown_once(webhook: Webhook, secret: str) -> dict[str, Any]:
    return {"webhook": webhook, "secret": secret}
