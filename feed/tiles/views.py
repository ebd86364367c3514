"""``/tiles/{collection}/{z}/{x}/{y}.mvt`` and the collections' TileJSON."""

import gzip
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.errors import NotFound
from core.problems import CONTENT_TYPE, domain_problem
from feed.collections import COLLECTIONS, Collection
from feed.models import Audience
from feed.params import ItemsQuery, items_query_parse
from feed.patience import TookTooLong
from feed.rows import POINTS
from feed.tiles import schema
from feed.tiles.drawing import PROPERTIES
from feed.tiles.grid import NORTHERNMOST, Tile
from feed.tiles.serving import DRAWING, stamp_of, tile_gzipped
from feed.views import CROSS_ORIGIN, PUBLIC_MAX_AGE_S, FeedView, audience_of_request, headers_add

MVT = "application/vnd.mapbox-vector-tile"
# Beyond this a viewer enlarges what it has: a public place is no more exact.
MAXZOOM = 14
_PARAMETERS = frozenset({"datetime", "filter", "filter-lang", "filter-crs"})


class TileView(FeedView):
    """One tile."""

    parameters = _PARAMETERS

    @extend_schema(
        operation_id="feed_tile", tags=["feed"], parameters=schema.PARAMETERS, responses=schema.TILE
    )
    def get(self, request: Request, collection_id: str, z: int, x: int, y: int) -> HttpResponse:
        """Return what lies in a tile of the web map grid, at most 500 kB."""
        audience, collection = audience_of_request(request), _collection(collection_id)
        query = items_query_parse(request.query_params, audience, collection.kind)
        asked = request.META.get("QUERY_STRING", "")
        return _answer(request._request, audience, collection, Tile(z, x, y), query, asked)


_by_rest_framework = TileView.as_view()


def tile(request: HttpRequest, **named: Any) -> HttpResponse:
    """Answer a plain request of the public at once; a map sends dozens of them for each move."""
    is_plain = request.method == "GET" and not request.META.get("QUERY_STRING")
    collection = COLLECTIONS.get(named["collection_id"])
    if not is_plain or "HTTP_AUTHORIZATION" in request.META or not _has_tiles(collection):
        return _by_rest_framework(request, **named)
    assert collection
    wanted = Tile(named["z"], named["x"], named["y"])
    if not wanted.exists():
        return _by_rest_framework(request, **named)
    try:
        answer = _answer(request, Audience.PUBLIC, collection, wanted, ItemsQuery(), "")
    except TookTooLong as error:
        return _too_slow(error)
    answer["Vary"] = "Authorization, Accept-Encoding"
    headers_add(answer, CROSS_ORIGIN)
    answer["Cache-Control"] = f"public, max-age={PUBLIC_MAX_AGE_S}"
    return answer


def _too_slow(error: TookTooLong) -> HttpResponse:
    answer = JsonResponse(domain_problem(error), status=error.status, content_type=CONTENT_TYPE)
    answer["Retry-After"] = str(int(error.wait) + 1)
    answer["Cache-Control"] = "no-store"
    return answer


class TileJson(FeedView):
    """What a map viewer needs to know of a collection's tiles."""

    @extend_schema(operation_id="feed_tilejson", tags=["feed"], responses=schema.TILEJSON)
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return TileJSON 3.0."""
        collection = _collection(collection_id)
        root = request.build_absolute_uri(".")
        return HttpResponse(
            schema.as_json(
                {
                    "tilejson": "3.0.0",
                    "name": str(collection.title),
                    "description": str(collection.description),
                    "attribution": schema.ATTRIBUTION,
                    "scheme": "xyz",
                    "tiles": [f"{root}{{z}}/{{x}}/{{y}}.mvt"],
                    "minzoom": 0,
                    "maxzoom": MAXZOOM,
                    "bounds": [-180, -NORTHERNMOST, 180, NORTHERNMOST],
                    "vector_layers": [{"id": collection.id, "fields": PROPERTIES}],
                }
            ),
            content_type="application/json",
        )


def _has_tiles(collection: Collection | None) -> bool:
    return collection is not None and collection.kind in POINTS


def _collection(collection_id: str) -> Collection:
    collection = COLLECTIONS.get(collection_id)
    if collection is None or not _has_tiles(collection):
        raise NotFound(_("There are no tiles of such a collection."))
    return collection


def _answer(
    request: HttpRequest,
    audience: Audience,
    collection: Collection,
    wanted: Tile,
    query: ItemsQuery,
    asked: str,
) -> HttpResponse:
    if not wanted.exists():
        raise NotFound(_("There is no such tile."))
    stamp = stamp_of(audience, collection.kind, wanted)
    # Weak, since the same tile is sent packed and plain.
    etag = f'W/"{DRAWING}-{stamp}"'
    if etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        answer = HttpResponse(status=304)
    elif stamp == 0:
        answer = HttpResponse(status=204)
    else:
        answer = _packed(request, tile_gzipped(audience, collection, wanted, stamp, query, asked))
    answer["ETag"] = etag
    return answer


def _packed(request: HttpRequest, packed: bytes) -> HttpResponse:
    if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        return HttpResponse(gzip.decompress(packed), content_type=MVT)
    answer = HttpResponse(packed, content_type=MVT)
    answer["Content-Encoding"] = "gzip"
    return answer


# What describes the API looks here for the view behind an address.
tile.cls = TileView  # type: ignore[attr-defined]
tile.initkwargs = {}  # type: ignore[attr-defined]
