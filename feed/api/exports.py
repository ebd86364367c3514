"""Whole collections as files, and pages of them in other formats."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.errors import NotFound
from feed.api.schema import EXPORTS, EXPORTS_PARAMETERS
from feed.collections import COLLECTIONS, Collection
from feed.exports import Export, Part, page_written, state_of
from feed.formats import FORMATS, Format
from feed.models import Audience
from feed.params import (
    ITEMS_PARAMETERS,
    ItemsQuery,
    Sort,
    equalities_of,
    items_query_parse,
    next_cursor,
)
from feed.views import FeedView, audience_of_request

BY_EXTENSION = {one.extension: one for one in FORMATS.values()}


def _as_file(answer: Any, collection: Collection, format_: Format, seq: int) -> Any:
    name = f"harmwatch-{collection.id}-{seq}.{format_.extension}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def page_answer(
    request: HttpRequest,
    audience: Audience,
    collection: Collection,
    query: ItemsQuery,
    format_: Format,
) -> HttpResponse:
    """Return one page of items as a file; where there is more, ``Link`` says where."""
    part = Part(audience, collection.kind, query)
    seq = state_of(part)
    content, following = page_written(part.at(seq), format_)
    answer = HttpResponse(content, content_type=format_.media_type)
    if following:
        parameters = request.GET.copy()
        parameters["cursor"] = next_cursor(audience, query.sort, following)
        url = request.build_absolute_uri(f"?{parameters.urlencode()}")
        answer["Link"] = f'<{url}>; rel="next"; type="{format_.media_type}"'
    return _as_file(answer, collection, format_, seq)


class ExportDetail(FeedView):
    """A whole collection, or what is chosen of it."""

    def parameters_of(self, **named: Any) -> frozenset[str]:
        """Return what can be asked of a collection, its queryables among it."""
        collection = COLLECTIONS.get(named["file_name"].partition(".")[0])
        known = equalities_of(collection.kind).keys() if collection else frozenset()
        return (ITEMS_PARAMETERS - {"limit", "cursor"}) | known

    @extend_schema(
        operation_id="exports_detail",
        tags=["feed"],
        parameters=EXPORTS_PARAMETERS,
        responses=EXPORTS,
    )
    def get(self, request: Request, file_name: str) -> HttpResponseBase:
        """Stream all features as one file, from one state of the log, in its order or another."""
        id_, _dot, extension = file_name.partition(".")
        collection, format_ = COLLECTIONS.get(id_), BY_EXTENSION.get(extension)
        if collection is None or format_ is None:
            raise NotFound(_("There is no such export."))
        audience = audience_of_request(request)
        query = items_query_parse(request.query_params, audience, collection.kind)
        if "sortby" not in request.query_params:
            query = replace(query, sort=Sort.SEQ)
        part = Part(audience, collection.kind, query)
        seq = state_of(part)
        content = Export(part.at(seq), format_)
        answer = StreamingHttpResponse(content, content_type=format_.media_type)
        return _as_file(answer, collection, format_, seq)
