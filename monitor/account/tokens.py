"""Tokens of programs and credentials of phones: one's own."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from accounts.devices import device_issue, device_revoke
from accounts.models import ApiToken, Membership
from accounts.permissions import Action, may
from accounts.selectors import devices_visible_to, tokens_visible_to
from accounts.services import token_issue, token_revoke
from accounts.sessions import member_of_session
from core.errors import NotFound
from monitor.access import Page
from monitor.account.forms import DeviceForm, TokenForm

reauthenticated = method_decorator(reauthentication_required, name="post")


class _Own(Page):
    """What belongs to one's own membership."""

    action = Action.ACCOUNT_KEEP

    def member(self) -> Membership:
        """Return who acts, as a member."""
        member = member_of_session(self.request)
        assert member is not None  # the page is open
        return member

    def listing(self, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page with the lists and the forms."""
        of_mine = {"membership": self.member()}
        tokens = tokens_visible_to(self.actor).filter(**of_mine).order_by("-created_at")
        context = {
            "tokens": [(token, _words(token)) for token in tokens],
            "devices": devices_visible_to(self.actor).filter(**of_mine).order_by("-created_at"),
            "may_submit": may(self.actor, Action.REPORT_SUBMIT),
            "form": TokenForm(self.actor.role),
            "device_form": DeviceForm(prefix="device"),
            "now": timezone.now(),
        }
        return self.page("monitor/account/tokens.html", context | more, status)


@reauthenticated
class Tokens(_Own):
    """All of one's tokens; a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        return self.listing()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Issue one, after the password or the second factor was asked for again."""
        form = TokenForm(self.actor.role, request.POST)
        if not form.is_valid():
            return self.listing(400, form=form)
        token, secret = token_issue(actor=self.actor, membership=self.member(), **form.asked())
        return self.page("monitor/account/secret.html", {"token": token, "secret": secret})


@reauthenticated
class Devices(_Own):
    """A new phone."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Issue a credential."""
        form = DeviceForm(request.POST, prefix="device")
        if not form.is_valid():
            return self.listing(400, device_form=form)
        device, secret = device_issue(
            actor=self.actor, membership=self.member(), label=form.cleaned_data["label"]
        )
        return self.page("monitor/account/secret.html", {"device": device, "secret": secret})


class TokenRevoke(_Own):
    """The end of a token."""

    def post(self, request: HttpRequest, token_id: UUID) -> HttpResponse:
        """Revoke it. Raises ``NotFound`` for another's."""
        _seen(tokens_visible_to(self.actor).filter(membership=self.member(), id=token_id))
        token_revoke(actor=self.actor, token_id=token_id)
        return redirect("monitor:tokens")


class DeviceRevoke(_Own):
    """The end of a phone's credential."""

    def post(self, request: HttpRequest, device_id: UUID) -> HttpResponse:
        """Revoke it. Raises ``NotFound`` for another's."""
        _seen(devices_visible_to(self.actor).filter(membership=self.member(), id=device_id))
        device_revoke(actor=self.actor, device_id=device_id)
        return redirect("monitor:tokens")


def _words(token: ApiToken) -> list[str]:
    """Return what a token may do, as the table of permissions says it now."""
    return [str(action.label) for action in Action if action in token.scopes]


def _seen(rows: Any) -> None:
    if not rows.exists():
        raise NotFound(_("There is no such credential."))
