"""What is refused of any request before a view sees it, and what browsers may do with answers."""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core.problems import problem_json


class LengthRequired:
    """Refuses a body whose length is not told: Django would take it for empty, silently."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 411 to a chunked body."""
        if "HTTP_TRANSFER_ENCODING" in request.META:
            detail = _("Send the body with a Content-Length, not in chunks.")
            return problem_json(411, _("The length of the body is missing"), detail)
        return self.get_response(request)


class FormSize:
    """Refuses a form that is larger than any of ours before a byte of it is read.

    The check of where a form comes from reads it whole, files and all, whoever sends it. Views that
    are exempt from that check read their bodies themselves, after asking who sends them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the view that is to answer is not known yet."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer 413 by what the sender says of the length."""
        if getattr(view, "csrf_exempt", False):
            return None
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        return problem_json(413, _("The body is too large"), _("At most 10 MB are taken."))


class ContentPolicy(CSPMiddleware):
    """Tells browsers what an answer may load: a page, what the settings say; data, nothing.

    Putting the settings' policy together takes a tenth of the time of an answer of the feed.
    """

    NOTHING = "default-src 'none'; frame-ancestors 'none'"

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Add the header."""
        if "json" not in response.get("Content-Type", ""):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Security-Policy", self.NOTHING)
        return response
