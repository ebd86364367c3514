"""Who may open a page. Rows are chosen by the selectors' querysets, as in the API."""

from typing import Any, ClassVar

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import View

from accounts.actors import Actor
from accounts.permissions import Action, may
from accounts.sessions import actor_of_session, member_of_session
from core.errors import DomainError
from monitor.navigation import links_for
from monitor.too_late import is_from_here, session_ended
from monitor.typed import Asked, asked_by


class Page(View):
    """A page of signed-in people. ``action`` is what the permission table must allow.

    Who is not signed in is sent to the login, who lacks the second factor of their role to that;
    who may not is told so with 403. A service's refusal
    that the view does not handle becomes a page of its own with its status.
    ``form`` is what is typed here, for a page that says what of it was not taken.
    """

    action: ClassVar[Action]
    form: ClassVar[type[Form] | None] = None
    actor: Actor

    @classmethod
    def asked(cls, typed: QueryDict) -> Asked:
        """Return what the form asks for that sent this."""
        return asked_by(cls.form.base_fields) if cls.form else {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may; nothing of a session's page is kept by caches."""
        actor = actor_of_session(request)
        if actor is None:
            return _before_login(request)
        self.actor = actor
        answer = self._answer(request, *args, **kwargs)
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(self.actor, self.action):
            return self.refuse(403, _("Your role does not open this page."))
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            told = [str(error.detail), *(f"{one.field}: {one.message}" for one in error.errors)]
            return self.refuse(error.status, str(error.title), " ".join(filter(None, told)))

    def page(
        self, template: str, context: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """Return a template with what every page shows: who acts and where they may go."""
        known = {"actor": self.actor, "links": links_for(self.actor, self.request.path)}
        return render(self.request, template, known | (context or {}), status=status)

    def refuse(self, status: int, title: str, detail: str = "") -> HttpResponse:
        """Return a page that says no."""
        return self.page("monitor/refused.html", {"title": title, "detail": detail}, status)


def _before_login(request: HttpRequest) -> HttpResponse:
    """Return where somebody goes who does not act yet."""
    if not request.user.is_authenticated:
        # A script of ours keeps what was typed where it is; without one it would be lost.
        if (
            request.method == "POST"
            and is_from_here(request)
            and "HX-Request" not in request.headers
        ):
            return session_ended(request)
        return redirect_to_login(request.get_full_path())
    if member_of_session(request) is None:
        logout(request)
        return redirect("account_inactive")
    return redirect_to_login(request.get_full_path(), reverse("monitor:second_factor"))
