"""What is refused of any request, before a view sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
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
