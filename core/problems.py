"""Every refusal as ``application/problem+json`` (RFC 9457): a stable type, no stack trace."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import DomainError, FieldError, InvalidInput

logger = logging.getLogger(__name__)

TYPE_PREFIX = "urn:harmwatch:problem:"
CONTENT_TYPE = "application/problem+json"

_SLUGS = {
    400: "bad-request",
    401: "not-authenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    411: "length-required",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    500: "server-error",
}


def problem_document(
    status: int, title: str, detail: str = "", *, slug: str = "", errors: Any = (), **extra: Any
) -> dict[str, Any]:
    """Return a problem document as a dict; ``slug`` defaults to the one of the status."""
    kind = TYPE_PREFIX + (slug or _SLUGS.get(status, "refused"))
    body: dict[str, Any] = {"type": kind, "title": title, "status": status, **extra}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = [error.as_dict() for error in errors]
    return body


def problem_json(status: int, title: str, detail: str = "", **extra: Any) -> JsonResponse:
    """Return a problem as a plain Django response."""
    body = problem_document(status, title, detail, **extra)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def domain_problem(error: DomainError) -> dict[str, Any]:
    """Return the document of one of our own refusals."""
    return problem_document(
        error.status,
        str(error.title),
        str(error.detail),
        slug=error.slug,
        errors=error.errors,
        **error.extra,
    )


def _field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _field_errors(inner, _member_path(path, name))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from _field_errors(inner, f"{path}[{index}]" if nested else path)
    else:
        yield FieldError(path or "body", str(detail), getattr(detail, "code", "invalid"))


def invalid_input(refused: exceptions.ValidationError) -> InvalidInput:
    """Return what a serializer refuses as a refusal of our own, each field by its path."""
    return InvalidInput(errors=list(_field_errors(refused.detail)))


def _member_path(path: str, name: str | int) -> str:
    """Return the path of a member; DRF names the rows of a list by number."""
    if name == "non_field_errors":
        return path
    return f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}".lstrip(".")


def _from_api_exception(exc: exceptions.APIException) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        title = _("The input is not valid")
        errors = list(_field_errors(exc.detail))
        return problem_document(400, title, slug="invalid-input", errors=errors)
    if isinstance(exc, exceptions.ParseError):
        error = FieldError("body", str(exc.detail), "not_json")
        title = _("The body cannot be read")
        return problem_document(400, title, slug="unreadable-body", errors=[error])
    return problem_document(exc.status_code, str(exc.detail))


def _document_of(exc: Exception) -> dict[str, Any] | None:
    if isinstance(exc, DomainError):
        return domain_problem(exc)
    if isinstance(exc, exceptions.APIException):
        return _from_api_exception(exc)
    if isinstance(exc, Http404):
        return problem_document(404, _("Not found"))
    if isinstance(exc, PermissionDenied):
        return problem_document(403, _("Not allowed"))
    if isinstance(exc, RequestDataTooBig):
        return problem_document(413, _("The body is too large"), _("At most 10 MB are taken."))
    return None


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of an API view into a problem response; None leaves it to Django."""
    document = _document_of(exc)
    if document is None:
        return None
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait) + 1)  # type: ignore[attr-defined]
    return Response(document, status=document["status"], headers=headers, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer what Django itself refuses (a forged host, a body too large)."""
    if isinstance(exception, RequestDataTooBig):
        return problem_json(413, _("The body is too large"), _("At most 10 MB are taken."))
    return problem_json(400, _("The request cannot be read"))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer who may not do what was asked."""
    return problem_json(403, _("Not allowed"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer an address that nothing is at."""
    return problem_json(404, _("There is nothing at this address"))


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer a fault of ours, telling nothing of its inside."""
    return problem_json(500, _("The server failed; nothing was stored by this request"))
