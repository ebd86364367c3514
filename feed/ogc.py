"""OGC API – Features Part 1. Views read the request, ask a selector and write the answer."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.canonical import utc_text
from core.errors import NotFound
from feed import items, schema, selectors
from feed.api.exports import page_answer
from feed.collections import COLLECTIONS, Collection
from feed.cql2.queryables import queryables_of
from feed.exports import format_asked
from feed.models import Audience
from feed.params import (
    CRS84,
    ITEMS_PARAMETERS,
    Position,
    Sort,
    items_query_parse,
    next_cursor,
)
from feed.schema import GEOJSON, OPENAPI
from feed.views import FeedView, audience_of_request

JSON, SCHEMA_JSON = "application/json", "application/schema+json"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_SPECIFICATION = "http://www.opengis.net/spec"
CONFORMANCE = [
    *(f"{_SPECIFICATION}/ogcapi-features-1/1.0/conf/{c}" for c in ("core", "geojson", "oas30")),
    *(
        f"{_SPECIFICATION}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "filter", "features-filter")
    ),
    *(
        f"{_SPECIFICATION}/cql2/1.0/conf/{name}"
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
        )
    ),
]


def _answer(document: Any, media_type: str = JSON) -> HttpResponse:
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type=media_type)


def _url(request: Request, name: str, *args: str) -> str:
    return request.build_absolute_uri(reverse(f"feed:{name}", args=args))


def _link(href: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    link = {"href": href, "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


def _collection(collection_id: str) -> Collection:
    try:
        return COLLECTIONS[collection_id]
    except KeyError:
        raise NotFound(_("There is no such collection.")) from None


class Landing(FeedView):
    """Where a client begins."""

    @extend_schema(operation_id="feed_landing", tags=["feed"], responses=schema.LANDING)
    def get(self, request: Request) -> HttpResponse:
        """Name the parts of the feed."""
        links = [
            _link(_url(request, "landing"), "self", JSON),
            _link(_url(request, "api"), "service-desc", OPENAPI, _("The API described")),
            _link(_url(request, "conformance"), "conformance", JSON, _("What it conforms to")),
            _link(_url(request, "collections"), "data", JSON, _("The collections")),
        ]
        description = _("Verified incidents of harm to civilians, from the publication log.")
        return _answer({"title": "Harmwatch", "description": description, "links": links})


class Api(FeedView):
    """The feed's own description."""

    @extend_schema(operation_id="feed_api", tags=["feed"], responses=schema.API)
    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI 3.0 document of these addresses."""
        root = _url(request, "landing")
        return _answer(schema.feed_description(root, reverse("feed:landing")), OPENAPI)


class Conformance(FeedView):
    """Which parts of the standard are met."""

    @extend_schema(operation_id="feed_conformance", tags=["feed"], responses=schema.CONFORMANCE)
    def get(self, request: Request) -> HttpResponse:
        """List the conformance classes."""
        return _answer({"conformsTo": CONFORMANCE})


class Collections(FeedView):
    """All collections."""

    @extend_schema(operation_id="feed_collections", tags=["feed"], responses=schema.COLLECTIONS)
    def get(self, request: Request) -> HttpResponse:
        """List the collections."""
        links = [_link(_url(request, "collections"), "self", JSON)]
        described = [_described(request, collection) for collection in COLLECTIONS.values()]
        return _answer({"links": links, "collections": described})


class CollectionDetail(FeedView):
    """One collection."""

    @extend_schema(operation_id="feed_collection", tags=["feed"], responses=schema.COLLECTION)
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Describe a collection."""
        return _answer(_described(request, _collection(collection_id)))


def _described(request: Request, collection: Collection) -> dict[str, Any]:
    links = [
        _link(_url(request, "collection", collection.id), "self", JSON),
        _link(_url(request, "items", collection.id), "items", GEOJSON, str(collection.title)),
        _link(_url(request, "queryables", collection.id), QUERYABLES_REL, SCHEMA_JSON),
    ]
    return {
        "id": collection.id,
        "title": str(collection.title),
        "description": str(collection.description),
        "itemType": "feature",
        "crs": [CRS84],
        # Strikes anywhere, at any time: counting the true extent would read the whole log.
        "extent": {
            "spatial": {"bbox": [[-180, -90, 180, 90]], "crs": CRS84},
            "temporal": {"interval": [[None, None]]},
        },
        "links": links,
    }


class Queryables(FeedView):
    """What a collection can be filtered on."""

    @extend_schema(operation_id="feed_queryables", tags=["feed"], responses=schema.QUERYABLES)
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return a JSON Schema of the properties that a filter may name."""
        collection = _collection(collection_id)
        properties = {one.name: one.schema for one in queryables_of(collection.kind).values()}
        document = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": _url(request, "queryables", collection.id),
            "title": str(collection.title),
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }
        return _answer(document, SCHEMA_JSON)


class Items(FeedView):
    """The features of a collection."""

    parameters = ITEMS_PARAMETERS | {"f"}

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Let caches know that Accept chooses the format."""
        answer = super().finalize_response(*args, **kwargs)
        patch_vary_headers(answer, ["Accept"])
        return answer

    @extend_schema(
        operation_id="feed_items",
        tags=["feed"],
        parameters=schema.ITEMS_PARAMETERS,
        responses=schema.ITEMS,
    )
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return features, the newest first or as ``sortby`` says, a page at a time."""
        collection, audience = _collection(collection_id), audience_of_request(request)
        query = items_query_parse(request.query_params, audience, collection.kind)
        asked = request.query_params.get("f"), request.headers.get("Accept", "")
        if format_ := format_asked(*asked):
            plain = request._request
            return page_answer(plain, audience, collection, query, format_)
        page = items.items_page(audience, collection.kind, query)
        links = [
            _link(request.build_absolute_uri(), "self", GEOJSON),
            _link(_url(request, "collection", collection.id), "collection", JSON),
        ]
        if page.next:
            links.append(_link(_next(request, audience, query.sort, page.next), "next", GEOJSON))
        about = {
            "links": links,
            "timeStamp": utc_text(timezone.now().replace(microsecond=0)),
            "numberReturned": page.returned,
        }
        if page.next is None and query.position is None:
            about["numberMatched"] = page.returned  # otherwise the whole log would have to be read
        rest = json.dumps(about, ensure_ascii=False)[1:]
        body = f'{{"type": "FeatureCollection", "features": [{page.features}], {rest}'
        return HttpResponse(body, content_type=GEOJSON)


def _next(request: Request, audience: Audience, sort: Sort, position: Position) -> str:
    query = request.query_params.copy()
    query["cursor"] = next_cursor(audience, sort, position)
    return request.build_absolute_uri(f"?{query.urlencode()}")


class Item(FeedView):
    """One feature."""

    @extend_schema(operation_id="feed_item", tags=["feed"], responses=schema.ITEM)
    def get(self, request: Request, collection_id: str, feature_id: str) -> HttpResponse:
        """Return the standing version of one object."""
        collection, audience = _collection(collection_id), audience_of_request(request)
        object_id = _object_id(feature_id)
        feature = selectors.feature_by_id(audience, collection.kind, object_id)
        if feature is None:
            raise _gone(selectors.merged_into(audience, collection.kind, object_id))
        links = [
            _link(request.build_absolute_uri(), "self", GEOJSON),
            _link(_url(request, "collection", collection.id), "collection", JSON),
        ]
        rest = json.dumps({"links": links}, ensure_ascii=False)[1:]
        return HttpResponse(f"{feature[:-1]}, {rest}", content_type=GEOJSON)


def _gone(survivor: UUID | None) -> NotFound:
    if survivor is None:
        return NotFound(_("There is no such feature."))
    return NotFound(_("This feature was merged into another."), merged_into=str(survivor))


def _object_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("There is no such feature.")) from None
