"""``…/items`` and ``…/items/ID``: what the publication log shows, now or as of an earlier entry."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.canonical import utc_text
from core.errors import DomainError, FieldError, InvalidInput, NotFound
from feed import items, limits, schema, selectors
from feed.api.exports import page_answer
from feed.collections import BESIDE, COLLECTIONS, Collection
from feed.cql2.queryables import queryables_of
from feed.encoding import ATTRIBUTION
from feed.exports import format_asked
from feed.formats import FORMATS
from feed.models import Audience, Change, Kind
from feed.ogc.answers import JSON, collection_of, link, log_etag, tagged_text, unless_known, url_of
from feed.ogc.links import own_links
from feed.ogc.views import OgcView
from feed.pages.answers import CONTENT_TYPE, page_text, without_blanks
from feed.pages.asked import HTML, address_as, address_with, page_is_asked
from feed.pages.items import MOST_ON_A_PAGE, features_context
from feed.pages.one import feature_context
from feed.params import (
    ITEM_PARAMETERS,
    ITEMS_PARAMETERS,
    ItemsQuery,
    as_of_parse,
    equalities_of,
    items_query_parse,
    next_cursor,
    refuse_repeated,
    refuse_unknown,
)
from feed.schema import GEOJSON
from feed.views import audience_of_request, manners_add

_DATA = ("json", *FORMATS)
_DATA_NAMES = frozenset(_DATA)
_ALL_OF_THEM = gettext_lazy("Properties are chosen in GeoJSON; a file has all of them.")


class Items(OgcView):
    """The features of a collection."""

    formats = _DATA

    def parameters_of(self, **named: Any) -> frozenset[str]:
        """Return what can be asked of a collection, its queryables among it."""
        return _parameters(collection_of(named["collection_id"]))

    @extend_schema(
        operation_id="feed_items",
        tags=["feed"],
        parameters=schema.ITEMS_PARAMETERS,
        responses=schema.ITEMS,
    )
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return features, the newest first or as ``sortby`` says, a page at a time."""
        audience = audience_of_request(request)
        given = request.query_params
        return _items(request._request, audience, collection_of(collection_id), given)


_by_rest_framework = Items.as_view()


def items_view(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Answer the public at once; whatever is odd about a request is told the longer way."""
    collection = COLLECTIONS.get(collection_id)
    if request.method != "GET" or "HTTP_AUTHORIZATION" in request.META or collection is None:
        return _by_rest_framework(request, collection_id=collection_id)
    try:
        refuse_unknown(request.GET, _parameters(collection))
        refuse_repeated(dict(request.GET.lists()))
        allowance = limits.count_public(request)
        answer = _items(request, Audience.PUBLIC, collection, request.GET)
    except DomainError:
        return _by_rest_framework(request, collection_id=collection_id)
    manners_add(answer, is_public=True, allowance=allowance)
    return answer


# What describes the API looks here for the view behind an address.
items_view.cls = Items  # type: ignore[attr-defined]
items_view.initkwargs = {}  # type: ignore[attr-defined]


def _parameters(collection: Collection) -> frozenset[str]:
    return ITEMS_PARAMETERS | {"f"} | equalities_of(collection.kind).keys()


def _items(
    request: HttpRequest, audience: Audience, collection: Collection, given: Mapping[str, str]
) -> HttpResponse:
    is_page = page_is_asked(request, _DATA_NAMES)
    if is_page and "" in given.values():
        return without_blanks(request)
    query = items_query_parse(given, audience, collection.kind)
    format_ = format_asked(request)
    if is_page:
        query = replace(query, limit=min(query.limit, MOST_ON_A_PAGE))
    elif format_:
        if query.properties is not None:
            raise InvalidInput(errors=[FieldError("properties", str(_ALL_OF_THEM), "properties")])
        return page_answer(request, audience, collection, query, format_)
    url = request.build_absolute_uri()
    is_past = query.at_seq is not None or query.position is not None
    # Read before the page: a tag older than its page only costs one answer.
    latest = None
    if is_past or "HTTP_IF_NONE_MATCH" in request.META:
        latest = selectors.latest_seq(audience)
        known = unless_known(request, log_etag(url, audience, latest, is_page))
        if known:
            return known
    page = items.items_page(audience, collection.kind, query)
    etag = log_etag(url, audience, page.at_seq if latest is None else latest, is_page)
    features = page.features
    if query.properties is not None:
        features = _with_only(features, query.properties)
    about = _about(url, audience, query, page, is_page)
    if is_page:
        text = _page_text(request, collection, query, f"[{features}]", about)
        return tagged_text(text, CONTENT_TYPE, etag)
    rest = json.dumps(about, ensure_ascii=False)[1:]
    body = f'{{"type": "FeatureCollection", "features": [{features}], {rest}'
    return tagged_text(body, GEOJSON, etag)


def _page_text(
    request: HttpRequest,
    collection: Collection,
    query: ItemsQuery,
    features: str,
    about: dict[str, Any],
) -> str:
    queryables = {name: one.schema for name, one in queryables_of(collection.kind).items()}
    shown = features_context(
        request,
        collection.id,
        json.loads(features),
        queryables,
        query.bbox,
        _parameters(collection),
    )
    return page_text(
        request, "feed/items.html", {"collection": collection, "document": about} | shown
    )


def _about(
    url: str, audience: Audience, query: ItemsQuery, page: items.Page, is_page: bool
) -> dict[str, Any]:
    links = _links(url, is_page)
    if query.properties is None:  # chosen in GeoJSON only
        links += _alternates(url)
    if page.next:
        cursor = next_cursor(audience, query.sort, page.next)
        following = address_with(url, "cursor", cursor)
        links.append(link(following, "next", HTML if is_page else GEOJSON))
    about: dict[str, Any] = {"links": links, "attribution": ATTRIBUTION}
    if query.at_seq is None:  # an earlier state is the same bytes whenever it is asked for
        about["timeStamp"] = utc_text(timezone.now().replace(microsecond=0))
    about["numberReturned"] = page.returned
    if page.next is None and query.position is None:
        about["numberMatched"] = page.returned  # otherwise the whole log would have to be read
    return about


def _links(url: str, is_page: bool) -> list[dict[str, str]]:
    """Return the links of items, or of one, to itself and to its collection."""
    collection = url.partition("?")[0].rpartition("/items")[0]
    return [*own_links(url, GEOJSON, is_page), link(collection, "collection", JSON)]


def _alternates(url: str) -> list[dict[str, str]]:
    """Return links to the same page in each other format."""
    return [
        link(address_as(url, name), "alternate", one.media_type, name)
        for name, one in FORMATS.items()
        if one.media_type != GEOJSON
    ]


def _with_only(features: str, names: frozenset[str]) -> str:
    """Return features joined by commas with no other properties than these."""
    chosen = []
    for feature in json.loads(f"[{features}]"):
        properties = feature["properties"]
        feature["properties"] = {name: properties[name] for name in properties if name in names}
        chosen.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return ",".join(chosen)


class Item(OgcView):
    """One feature."""

    parameters = ITEM_PARAMETERS | {"f"}
    formats = ("json", "geojson")

    @extend_schema(
        operation_id="feed_item",
        tags=["feed"],
        parameters=schema.ITEM_PARAMETERS,
        responses=schema.ITEM,
    )
    def get(self, request: Request, collection_id: str, feature_id: str) -> HttpResponse:
        """Return the version of one object that stands, or stood ``as_of``."""
        collection, audience = collection_of(collection_id), audience_of_request(request)
        object_id, given = _object_id(feature_id), request.query_params
        is_page, plain = self.is_page(request), request._request
        if is_page and given.get("as_of") == "":
            return without_blanks(plain)
        at_seq = as_of_parse(given["as_of"], audience) if "as_of" in given else None
        latest = selectors.latest_seq(audience)
        url = plain.build_absolute_uri()
        etag = log_etag(url, audience, latest, is_page)
        feature = selectors.feature_by_id(audience, collection.kind, object_id, at_seq)
        if feature is None:
            raise _gone(audience, collection, object_id, at_seq)
        if known := unless_known(plain, etag):
            return known
        links = [
            *_links(url, is_page),
            *_beside(plain, collection, object_id),
        ]
        if is_page:
            text = _item_page(plain, audience, collection, json.loads(feature), at_seq, links)
            return tagged_text(text, CONTENT_TYPE, etag)
        rest = json.dumps({"links": links}, ensure_ascii=False)[1:]
        return tagged_text(f"{feature[:-1]}, {rest}", GEOJSON, etag)


def _item_page(
    request: HttpRequest,
    audience: Audience,
    collection: Collection,
    feature: dict[str, Any],
    at_seq: int | None,
    links: list[dict[str, str]],
) -> str:
    object_id = UUID(feature["id"])
    exposure = None
    if collection.kind == Kind.INCIDENT:
        beside = selectors.feature_by_id(audience, Kind.EXPOSURE, object_id, at_seq)
        exposure = json.loads(beside)["properties"] if beside else None
    versions = list(selectors.versions_shown(audience, collection.kind, object_id, at_seq))
    url = url_of(request, "item", collection.id, str(object_id))
    context = feature_context(_items_path(collection), feature, exposure) | {
        "collection": collection,
        "links": links,
        "at_seq": at_seq,
        "versions": versions,
        "cite_url": f"{url}?as_of={versions[0].seq}",
        "cited": versions[0],
        "beside": BESIDE.get(collection.id),
    }
    return page_text(request, "feed/item.html", context)


def _items_path(collection: Collection) -> str:
    return reverse("feed:items", args=[collection.id])


def _beside(request: HttpRequest, collection: Collection, object_id: UUID) -> list[dict[str, str]]:
    """Return the link from an incident to its exposure, or back."""
    other = BESIDE.get(collection.id)
    href = other and url_of(request, "item", other, str(object_id))
    return [link(href, "related", GEOJSON)] if href else []


def _gone(
    audience: Audience, collection: Collection, object_id: UUID, at_seq: int | None
) -> NotFound:
    """Say why an object is not there, where this audience was told; what came later is not."""
    last = selectors.tombstone_of(audience, collection.kind, object_id)
    is_later = last is not None and at_seq is not None and (last.seq or 0) > at_seq
    if last is None or (is_later and last.change != Change.REDACTED):
        return NotFound(_("There is no such feature."))
    told: dict[str, Any] = {"change": last.change}
    if last.reason:
        told["reason"] = last.reason
    if last.merged_into is None:
        return NotFound(_("This feature is shown no longer."), **told)
    told["merged_into"] = str(last.merged_into)
    return NotFound(_("This feature was merged into another."), **told)


def _object_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("There is no such feature.")) from None
