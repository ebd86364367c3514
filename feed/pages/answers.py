"""Pages of the feed put together: the frame, a refusal."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from feed.encoding import ATTRIBUTION
from feed.pages.asked import HTML, address_as

CONTENT_TYPE = f"{HTML}; charset=utf-8"


def page_text(request: HttpRequest, template: str, context: Mapping[str, Any]) -> str:
    """Return a page as text. It is the same for everybody who asks: no session has a part in it."""
    known = {
        "data_url": address_as(request.build_absolute_uri(), "json"),
        "attribution": ATTRIBUTION,
        "messages": (),
    }
    return render_to_string(template, known | dict(context), request=request)


def refusal_page(request: HttpRequest, problem: Mapping[str, Any]) -> HttpResponse:
    """Return a page with the words of a problem document."""
    text = page_text(request, "feed/problem.html", {"problem": problem})
    return HttpResponse(text, status=problem["status"], content_type=CONTENT_TYPE)


def without_blanks(request: HttpRequest) -> HttpResponse:
    """Lead to the address without what a form left blank."""
    given = request.GET.copy()
    for name in [name for name, text in given.items() if not text]:
        del given[name]
    return HttpResponseRedirect(f"{request.path}?{given.urlencode()}" if given else request.path)
