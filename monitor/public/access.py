"""Pages open to everybody: the same for all who are not signed in, so that caches may keep them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from accounts.actors import Actor
from accounts.sessions import actor_of_session
from core.errors import DomainError
from feed import limits
from feed.encoding import ATTRIBUTION
from feed.params import refuse_repeated, refuse_unknown
from feed.views import PUBLIC_MAX_AGE_S
from monitor.navigation import links_for

_MESSAGES_COOKIE = "messages"


class PublicPage(View):
    """A page that reads nothing but the public's log. ``actor`` is None for who is not signed in.

    How often one may ask is counted with the feed. ``parameters`` are what it may be asked.
    """

    parameters: frozenset[str] = frozenset()
    actor: Actor | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; caches may keep what nobody's session had a part in."""
        self.is_anybodys = not {settings.SESSION_COOKIE_NAME, _MESSAGES_COOKIE} & {*request.COOKIES}
        self.actor = None if self.is_anybodys else actor_of_session(request)
        answer = self._answer(request, *args, **kwargs)
        patch_vary_headers(answer, ["Cookie", "Accept-Language"])
        if self.is_anybodys and answer.status_code == 200:
            patch_cache_control(answer, public=True, max_age=PUBLIC_MAX_AGE_S)
        else:
            patch_cache_control(answer, private=True, no_store=True)
        return answer

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            limits.count(limits.public_caller(request))
            refuse_unknown(request.GET, self.parameters)
            refuse_repeated(dict(request.GET.lists()))
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            said = [str(error.detail), *(f"{one.field}: {one.message}" for one in error.errors)]
            detail = " ".join(filter(None, said))
            context = {"title": str(error.title), "detail": detail}
            return self.page("monitor/refused.html", context, error.status)

    def page(
        self, template: str, context: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """Return a template in the frame, with the links that the reader may follow."""
        known: dict[str, Any] = {
            "actor": self.actor,
            "links": links_for(self.actor, self.request.path),
            "attribution": ATTRIBUTION,
        }
        if self.is_anybodys:
            known["messages"] = ()
        return render(self.request, template, known | (context or {}), status=status)
