"""What the addresses of ``/ogc/`` share beside those of the rest of the feed: pages for people."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import FieldError, InvalidInput
from feed.ogc.answers import JSON, document_answer, text_answer
from feed.pages.answers import CONTENT_TYPE, page_text, refusal_page
from feed.pages.asked import page_is_asked
from feed.views import FeedView


class OgcView(FeedView):
    """An address that answers programs with data and people with pages, refusals too."""

    parameters = frozenset({"f"})
    formats: ClassVar[tuple[str, ...]] = ("json",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a format that there is not."""
        super().initial(request, *args, **kwargs)
        name = request.query_params.get("f")
        if name not in (None, "html", *self.formats):
            message = _("The formats are: %(names)s.") % {
                "names": ", ".join([*self.formats, "html"])
            }
            raise InvalidInput(errors=[FieldError("f", message, "f")])

    def is_page(self, request: Request) -> bool:
        """Tell whether a page is asked for."""
        return page_is_asked(request._request, frozenset(self.formats))

    def handle_exception(self, exc: Exception) -> Response:
        """Write a refusal as a page for who asked for one."""
        answer = super().handle_exception(exc)
        if not self.is_page(self.request):
            return answer
        page = refusal_page(self.request._request, answer.data)
        for name in ("Retry-After", "WWW-Authenticate"):
            if name in answer.headers:
                page[name] = answer[name]
        return page  # type: ignore[return-value] # as good as DRF's own

    def answer(
        self,
        request: Request,
        document: dict[str, Any],
        template: str,
        media_type: str = JSON,
        **more: Any,
    ) -> HttpResponse:
        """Return a document as it is or, to who asked for a page, as the template shows it.

        ``more`` is for the template alone.
        """
        if not self.is_page(request):
            return document_answer(request, document, media_type)
        context = {"document": document, **more}
        text = page_text(request._request, f"feed/{template}.html", context)
        return text_answer(request, text, CONTENT_TYPE)
