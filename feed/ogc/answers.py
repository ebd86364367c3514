"""How the answers of ``/ogc/`` are put together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.canonical import sha256_hex
from core.errors import NotFound
from feed.collections import COLLECTIONS, Collection
from feed.models import Audience

JSON = "application/json"
# Grows with every change of how answers are put together.
WRITING = "ogc-2"


@dataclass(frozen=True, slots=True)
class Described:
    """What is told of a collection; ``queryables`` are JSON Schemas by name."""

    id: str
    title: Any
    description: Any
    queryables: Mapping[str, Any]


def document_answer(request: Request, document: Any, media_type: str = JSON) -> HttpResponse:
    """Return a document, or 304 to a reader who has it."""
    return text_answer(request, json.dumps(document, ensure_ascii=False), media_type)


def text_answer(request: Request, body: str, media_type: str) -> HttpResponse:
    """Return a text, or 304 to a reader who has it."""
    etag = f'W/"{sha256_hex(body.encode())[:32]}"'
    return unless_known(request._request, etag) or tagged_text(body, media_type, etag)


def log_etag(url: str, audience: Audience, seq: int, is_page: bool = False) -> str:
    """Return the tag of what an address shows of an audience's log up to an entry.

    Weak, since the same answer is sent packed and plain.
    """
    asked = f"{url} {get_language()}{' page' if is_page else ''}"
    return f'W/"{WRITING}-{audience}-{seq}-{sha256_hex(asked.encode())[:16]}"'


def tagged_text(body: str, media_type: str, etag: str) -> HttpResponse:
    """Return an answer with its tag."""
    return _tagged(HttpResponse(body, content_type=media_type), etag)


def unless_known(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return 304 to a reader who has the answer of this tag already, else None."""
    if etag not in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        return None
    return _tagged(HttpResponse(status=304), etag)


def _tagged(answer: HttpResponse, etag: str) -> HttpResponse:
    answer["ETag"] = etag
    return answer


def url_of(request: HttpRequest | Request, name: str, *args: str) -> str:
    """Return the whole address of a part of the feed."""
    return request.build_absolute_uri(reverse(f"feed:{name}", args=args))


def link(href: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    """Return a link as the standard writes it."""
    made = {"href": href, "rel": rel, "type": media_type}
    return made | {"title": title} if title else made


def collection_of(collection_id: str) -> Collection:
    """Return a collection by its name in addresses."""
    try:
        return COLLECTIONS[collection_id]
    except KeyError:
        raise NotFound(_("There is no such collection.")) from None
