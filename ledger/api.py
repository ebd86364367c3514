"""What outsiders need to check receipts and to witness the ledger: keys and signed heads."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.canonical import canonical_json
from core.errors import FieldError, InvalidInput
from core.problems import CONTENT_TYPE, domain_problem
from ledger import selectors, signing
from ledger.models import Head

KEYS_MAX_AGE_S = 300
HEADS_MAX_AGE_S = 5
PAGE = 20
LARGEST_PAGE = 1000


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Serve the public keys, present and past, as a JWK set (RFC 7517)."""
    return _cacheable(signing.public_keys(), KEYS_MAX_AGE_S, "application/jwk-set+json")


@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """Serve signed heads, the newest first: ``?list=audit|events&before=NUMBER&limit=COUNT``."""
    try:
        name = _list_name(request)
        before = _positive(request, "before")
        limit = min(_positive(request, "limit") or PAGE, LARGEST_PAGE)
    except InvalidInput as exc:
        return JsonResponse(domain_problem(exc), status=exc.status, content_type=CONTENT_TYPE)
    page = selectors.heads_public(name)
    if before:
        page = page.filter(number__lt=before)
    documents = [selectors.head_document(head) for head in page[:limit]]
    return _cacheable({"list": name, "heads": documents}, HEADS_MAX_AGE_S, "application/json")


def _list_name(request: HttpRequest) -> str:
    name = request.GET.get("list", Head.List.AUDIT)
    if name not in Head.List.values:
        message = _("The lists are: %(names)s.") % {"names": ", ".join(Head.List.values)}
        raise InvalidInput(errors=[FieldError("list", message, "unknown")])
    return name


def _positive(request: HttpRequest, field: str) -> int | None:
    """Return a query parameter as a number from 1 to 2**63 - 1; None where it is not given."""
    text = request.GET.get(field)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) < 2**63):
        message = _("This must be a whole number from 1 on.")
        raise InvalidInput(errors=[FieldError(field, message, "number")])
    return int(text)


def _cacheable(document: dict[str, Any], max_age_s: int, content_type: str) -> HttpResponse:
    """Answer in canonical JSON, so that what was signed is found in the same words."""
    response = HttpResponse(canonical_json(document), content_type=content_type)
    response["Cache-Control"] = f"public, max-age={max_age_s}"
    return response
