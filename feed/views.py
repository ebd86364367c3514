"""What all addresses of the feed share."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feed import limits, selectors
from feed.models import Audience
from feed.params import refuse_repeated, refuse_unknown

# What is withdrawn is gone from caches after this long.
PUBLIC_MAX_AGE_S = 60
# Maps on other people's pages read the feed too. Never with cookies: nothing here looks at one.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# The language that a reader chose is kept in a cookie.
_VARIES = ["Authorization", "Accept", "Accept-Encoding", "Accept-Language", "Cookie"]


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
    allowance: limits.Allowance | None = None

    def parameters_of(self, **named: Any) -> frozenset[str]:
        """Return the parameters that an address knows."""
        return self.parameters

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a bad token, then unknown and repeated parameters."""
        super().initial(request, *args, **kwargs)
        self.allowance = _counted(request)
        refuse_unknown(request.query_params, self.parameters_of(**kwargs))
        refuse_repeated(dict(request.query_params.lists()))

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep a partner's answer out of caches that others share."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        manners_add(answer, is_public=request.user is None, allowance=self.allowance)
        if request.method == "OPTIONS":
            headers_add(answer, _PREFLIGHT)
        return answer


def manners_add(
    answer: HttpResponseBase, *, is_public: bool, allowance: limits.Allowance | None
) -> None:
    """Tell with an answer what caches and polite callers need to know."""
    patch_vary_headers(answer, _VARIES)
    answer["Cache-Control"] = _cache_control(is_public, answer.status_code)
    headers_add(answer, CROSS_ORIGIN | (allowance.headers() if allowance else {}))


def headers_add(answer: HttpResponseBase, headers: Mapping[str, str]) -> None:
    """Give an answer these headers."""
    for name, value in headers.items():
        answer[name] = value


def _cache_control(is_public: bool, status: int) -> str:
    """Return how long an answer may be kept, and by whom."""
    if status not in (200, 304):
        return "no-store"
    return f"public, max-age={PUBLIC_MAX_AGE_S}" if is_public else "private, no-cache"


def _counted(request: Request) -> limits.Allowance:
    if request.auth is not None:
        return limits.count(limits.token_caller(request.auth.pk))
    return limits.count_public(request._request)


def audience_of_request(request: Request) -> Audience:
    """Return whose view of the log a caller gets."""
    return selectors.audience_of(request.user)  # type: ignore[arg-type]
