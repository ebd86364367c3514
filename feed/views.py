"""What all addresses of the feed share."""

from collections.abc import Iterable
from typing import Any

from django.utils.cache import patch_vary_headers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feed import selectors
from feed.models import Audience
from feed.params import refuse_repeated, refuse_unknown

# What is withdrawn is gone from caches after this long.
PUBLIC_MAX_AGE_S = 60


class OneMediaType(BaseContentNegotiation):
    """Each address has one media type, which is served whatever a client says that it accepts."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return the only renderer (it writes refusals; answers are ready text)."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Return the only parser."""
        return next(iter(parsers))


class FeedView(APIView):
    """What all feed addresses share: open to everybody, who then sees what their audience may."""

    permission_classes = [AllowAny]
    content_negotiation_class = OneMediaType
    parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a bad token, then unknown and repeated parameters."""
        super().initial(request, *args, **kwargs)
        refuse_unknown(request.query_params, self.parameters)
        refuse_repeated(dict(request.query_params.lists()))

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep a partner's answer out of caches that others share."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ["Authorization"])
        answer["Cache-Control"] = cache_control(request, answer.status_code)
        return answer


def cache_control(request: Request, status: int) -> str:
    """Return how long an answer may be kept, and by whom."""
    if status != 200:
        return "no-store"
    if request.user is not None:
        return "private, no-cache"
    return f"public, max-age={PUBLIC_MAX_AGE_S}"


def audience_of_request(request: Request) -> Audience:
    """Return whose view of the log a caller gets."""
    return selectors.audience_of(request.user)  # type: ignore[arg-type]
