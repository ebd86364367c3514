"""Pages of the feed put together: the frame, a refusal."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from feed.encoding import ATTRIBUTION
from feed.models import Change
from feed.pages.asked import HTML, address_as

CONTENT_TYPE = f"{HTML}; charset=utf-8"
# What became of what was published once.
_GONE = {
    Change.WITHDRAWN: gettext_lazy("The monitors have withdrawn it."),
    Change.REDACTED: gettext_lazy(
        "It was taken out of every version for somebody's safety. Nothing of it is kept here."
    ),
    Change.MERGED_INTO: gettext_lazy("It turned out to be the same as another, which tells all."),
}


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
    context = {
        "problem": problem,
        "gone": _GONE.get(problem.get("change", ""), ""),
        "instead": _instead(request.path, problem.get("merged_into")),
    }
    text = page_text(request, "feed/problem.html", context)
    return HttpResponse(text, status=problem["status"], content_type=CONTENT_TYPE)


def _instead(path: str, merged_into: str | None) -> str:
    """Return the address of what a feature was merged into, beside its own."""
    return f"{path.rpartition('/')[0]}/{merged_into}" if merged_into else ""


def without_blanks(request: HttpRequest) -> HttpResponse:
    """Lead to the address without what a form left blank."""
    given = request.GET.copy()
    for name in [name for name, text in given.items() if not text]:
        del given[name]
    return HttpResponseRedirect(f"{request.path}?{given.urlencode()}" if given else request.path)
