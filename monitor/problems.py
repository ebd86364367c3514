"""Refusals as pages, for browsers: whatever refuses, programs get a problem document, people words.

The page is the same for everybody: no session, no database and no view has a part in it, so that it
is there when they fail, and tells nobody who else was here.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.problems import CONTENT_TYPE, problem_json
from feed.exports import preferred_type
from feed.pages.answers import CONTENT_TYPE as PAGE_TYPE
from feed.pages.asked import HTML
from monitor.navigation import links_for

logger = logging.getLogger(__name__)

# What the title leaves open: what it means, and what can be done about it.
_HINTS: Mapping[int, Any] = {
    400: gettext_lazy("The address or the form says something that is not understood here."),
    401: gettext_lazy("This address is for programs: they send a token. People log in."),
    403: gettext_lazy("It is there, but not for you, or not for who is not logged in."),
    404: gettext_lazy("The address may be mistyped, or what was here is shown no longer."),
    405: gettext_lazy("This address cannot be opened like this. Go to it from one of our pages."),
    413: gettext_lazy("Nothing of it was stored. Send less at a time."),
    429: gettext_lazy("Nothing is wrong with what you asked. Wait a little, then try again."),
    500: gettext_lazy(
        "The fault is ours, not yours. Try again in a minute; if it stays, tell whoever runs this"
        " server what you did and when."
    ),
    503: gettext_lazy("Nothing is wrong with what you asked. Wait a little, then try again."),
}


class RefusalPages:
    """Gives browsers a page for each refusal, and everybody words where there were none (405)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put a page in the place of a problem document where a browser asked."""
        answer = self.get_response(request)
        if answer.status_code < 400 or not isinstance(answer, HttpResponse):
            return answer
        if answer.status_code == 405 and not answer.content:
            answer = _with_words(answer)
        if not answer.get("Content-Type", "").startswith(CONTENT_TYPE):
            return answer
        answer.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(answer, ["Accept", "Accept-Language", "Cookie"])
        return _page(request, answer) if page_is_asked(request) else answer


def page_is_asked(request: HttpRequest) -> bool:
    """Tell whether a browser asks for a page to look at; who takes anything gets data."""
    return preferred_type(request, ("application/json", HTML)) == HTML


def _with_words(answer: HttpResponse) -> HttpResponse:
    words = problem_json(405, _("This address is not asked in this way"))
    words["Allow"] = answer["Allow"]
    return words


def _page(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Write the page into the answer, whose other headers stay; if that fails, leave it."""
    try:
        with translation.override(translation.get_language_from_request(request)):
            problem = json.loads(answer.content)
            context = {
                "problem": problem,
                "hint": "" if problem.get("detail") else _HINTS.get(answer.status_code, ""),
                "wait": answer.get("Retry-After"),
                "links": links_for(None, ""),
                "messages": (),
            }
            text = render_to_string("monitor/problem.html", context, request)
    except Exception:  # the page of a fault must not be another one
        logger.exception("a refusal could not be written as a page")
        return answer
    answer.content = text
    answer["Content-Type"] = PAGE_TYPE
    answer["Content-Length"] = str(len(answer.content))
    return answer
