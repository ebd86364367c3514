"""Pages of the record's lists, in order of time, by keyset, so that the last costs no more."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.cursors import cursor_decode, cursor_encode
from core.errors import FieldError, InvalidInput

DEFAULT_LIMIT, MAXIMUM_LIMIT = 50, 500


def limit_parse(text: str | None) -> int:
    """Return the page size asked for, at most the maximum; ``InvalidInput`` below 1."""
    if text is None:
        return DEFAULT_LIMIT
    digits = text.lstrip("0")
    if not (digits.isascii() and digits.isdigit()):
        message = _("limit is a whole number from 1.")
        raise InvalidInput(errors=[FieldError("limit", message, "limit")])
    return MAXIMUM_LIMIT if len(digits) > 9 else min(int(digits), MAXIMUM_LIMIT)


def next_url(request: Request, cursor: str) -> str:
    """Return the address of the page behind a cursor."""
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"?{query.urlencode()}")


def page_answer(
    request: Request,
    rows: QuerySet[Any],
    time_field: str,
    shape: Callable[[list[Any]], Any],
    *,
    newest_first: bool = True,
) -> Response:
    """Return one page as ``{"results": […], "next": URL or null}``, by ``time_field`` and key."""
    limit = limit_parse(request.query_params.get("limit"))
    cursor = request.query_params.get("cursor")
    page, following = keyset_page(rows, time_field, limit, cursor, newest_first=newest_first)
    address = next_url(request, following) if following else None
    return Response({"results": shape(page), "next": address})


def keyset_page(
    rows: QuerySet[Any],
    time_field: str,
    limit: int,
    cursor: str | None,
    *,
    newest_first: bool = True,
) -> tuple[list[Any], str | None]:
    """Return the rows behind a cursor (None: the first), and the cursor of those that follow."""
    if cursor:
        rows = rows.filter(_after(time_field, cursor, "lt" if newest_first else "gt"))
    order = [f"-{time_field}", "-pk"] if newest_first else [time_field, "pk"]
    page: list[Model] = list(rows.order_by(*order)[: limit + 1])
    if len(page) <= limit:
        return page, None
    last = page[limit - 1]
    return page[:limit], cursor_encode(getattr(last, time_field).isoformat(), str(last.pk))


def _after(time_field: str, cursor: str, beyond: str) -> Q:
    """Return the condition of what comes after a cursor, as a bound that an index can start at.

    ``beyond`` is ``lt`` or ``gt``.
    """
    moment, key = cursor_decode(cursor, (str, str))
    try:
        at, pk = datetime.fromisoformat(moment).astimezone(UTC), UUID(key)
    except (ValueError, OverflowError):
        message = _("Use the cursor of a next link as it was given.")
        raise InvalidInput(errors=[FieldError("cursor", message, "cursor")]) from None
    same_time = Q(**{time_field: at, f"pk__{beyond}": pk})
    return Q(**{f"{time_field}__{beyond}e": at}) & (
        Q(**{f"{time_field}__{beyond}": at}) | same_time
    )


def page_schema(item: type[serializers.BaseSerializer[Any]], name: str) -> Any:
    """Return the serializer class of a page, for the API's description."""
    fields = {
        "results": item(many=True),
        "next": serializers.URLField(allow_null=True),
    }
    return type(name, (serializers.Serializer,), fields)
