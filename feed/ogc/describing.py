"""What the feed tells of itself: its parts, its collections and what they can be filtered on."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from feed import schema
from feed.collections import COLLECTIONS, Collection
from feed.cql2.queryables import queryables_of
from feed.encoding import ATTRIBUTION
from feed.ogc.answers import JSON, Described, collection_of, link, url_of
from feed.ogc.links import own_links
from feed.ogc.units import UNITS
from feed.ogc.views import OgcView
from feed.pages.asked import HTML, address_as
from feed.pages.described import in_words
from feed.pages.words import title_of
from feed.params import CRS84
from feed.schema import GEOJSON, OPENAPI

SCHEMA_JSON = "application/schema+json"
JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SCHEMA_REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"
LICENCES = "https://spdx.org/licenses/"
_SPECIFICATION = "http://www.opengis.net/spec"
CONFORMANCE = [
    *(
        f"{_SPECIFICATION}/ogcapi-features-1/1.0/conf/{c}"
        for c in ("core", "geojson", "oas30", "html")
    ),
    *(
        f"{_SPECIFICATION}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{_SPECIFICATION}/ogcapi-features-5/1.0/conf/{name}"
        for name in ("schemas", "advanced-property-roles", "returnables-and-receivables")
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


def all_described() -> list[Described]:
    """Return all collections: those of the log, then the boundaries."""
    return [*map(_of_the_log, COLLECTIONS.values()), UNITS]


def described_of(collection_id: str) -> Described:
    """Return what is told of one collection."""
    return UNITS if collection_id == UNITS.id else _of_the_log(collection_of(collection_id))


def _of_the_log(collection: Collection) -> Described:
    queryables = {one.name: one.schema for one in queryables_of(collection.kind).values()}
    return Described(collection.id, collection.title, collection.description, queryables)


class Landing(OgcView):
    """Where a client begins."""

    @extend_schema(
        operation_id="feed_landing",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.LANDING,
    )
    def get(self, request: Request) -> HttpResponse:
        """Name the parts of the feed."""
        api = url_of(request, "api")
        links = [
            *own_links(url_of(request, "landing"), JSON, self.is_page(request)),
            link(api, "service-desc", OPENAPI, _("The API described")),
            link(address_as(api, "html"), "service-doc", HTML, _("The same to read")),
            link(url_of(request, "conformance"), "conformance", JSON, _("What it conforms to")),
            link(url_of(request, "collections"), "data", JSON, _("The collections")),
        ]
        description = _("Verified incidents of harm to civilians, from the publication log.")
        document = {"title": "Harmwatch", "description": description, "links": links}
        return self.answer(request, document, "landing")


class Api(OgcView):
    """The feed's own description."""

    @extend_schema(
        operation_id="feed_api",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.API,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI 3.0 document of these addresses."""
        root = url_of(request, "landing")
        document = schema.feed_description(root, reverse("feed:landing"))
        # A function: programs, who get the document alone, need not wait for it.
        operations = partial(operations_told, document)
        return self.answer(request, document, "api", OPENAPI, operations=operations)


def operations_told(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the page lists of a description's operations, in the reader's language."""
    return [
        {
            "path": path,
            "method": method.upper(),
            "description": in_words(told.get("description", "")).replace("`", ""),
            "parameters": [
                one | {"description": in_words(one.get("description", "")).replace("`", "")}
                for one in told.get("parameters", [])
            ],
        }
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


class Conformance(OgcView):
    """Which parts of the standard are met."""

    @extend_schema(
        operation_id="feed_conformance",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.CONFORMANCE,
    )
    def get(self, request: Request) -> HttpResponse:
        """List the conformance classes."""
        return self.answer(request, {"conformsTo": CONFORMANCE}, "conformance")


class Collections(OgcView):
    """All collections."""

    @extend_schema(
        operation_id="feed_collections",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.COLLECTIONS,
    )
    def get(self, request: Request) -> HttpResponse:
        """List the collections."""
        links = own_links(url_of(request, "collections"), JSON, self.is_page(request))
        described = [_described(request, collection, False) for collection in all_described()]
        return self.answer(request, {"links": links, "collections": described}, "collections")


class CollectionDetail(OgcView):
    """One collection."""

    @extend_schema(
        operation_id="feed_collection",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.COLLECTION,
    )
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Describe a collection."""
        collection = described_of(collection_id)
        document = _described(request, collection, self.is_page(request))
        return self.answer(request, document, "collection")


def _described(request: Request, collection: Described, is_page: bool) -> dict[str, Any]:
    links = [
        *own_links(url_of(request, "collection", collection.id), JSON, is_page),
        link(url_of(request, "items", collection.id), "items", GEOJSON, str(collection.title)),
        link(url_of(request, "queryables", collection.id), QUERYABLES_REL, SCHEMA_JSON),
        *_schema_links(request, collection.id),
        link(LICENCES, "license", "text/html", _("Each feature's license names one of these")),
    ]
    return {
        "id": collection.id,
        "title": str(collection.title),
        "description": str(collection.description),
        "attribution": ATTRIBUTION,
        "itemType": "feature",
        "crs": [CRS84],
        # Strikes anywhere, at any time: counting the true extent would read the whole log.
        "extent": {
            "spatial": {"bbox": [[-180, -90, 180, 90]], "crs": CRS84},
            "temporal": {"interval": [[None, None]]},
        },
        "links": links,
    }


def _schema_links(request: Request, collection_id: str) -> list[dict[str, str]]:
    feature = url_of(request, "feature-schema", collection_id)
    return [
        link(url_of(request, "schema", collection_id), SCHEMA_REL, SCHEMA_JSON, _("What it holds")),
        # Small and capital letters are one to RFC 8288, but GDAL 3.6 knows only the latter.
        link(feature, "describedby", SCHEMA_JSON, _("Its features as GeoJSON")),
        link(feature, "describedBy", SCHEMA_JSON, _("Its features as GeoJSON")),
    ]


class Queryables(OgcView):
    """What a collection can be filtered on."""

    @extend_schema(
        operation_id="feed_queryables",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.SCHEMA,
    )
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return a JSON Schema of the properties that a filter may name."""
        collection = described_of(collection_id)
        url = url_of(request, "queryables", collection.id)
        document = {
            "$schema": JSON_SCHEMA,
            "$id": url,
            "title": str(collection.title),
            "type": "object",
            "properties": dict(collection.queryables),
            "additionalProperties": False,
        }
        return self.answer(
            request,
            document,
            "properties",
            SCHEMA_JSON,
            heading=_("%(collection)s: what it can be filtered on")
            % {"collection": collection.title},
            intro=_(
                "Names for the parameter filter, a condition in CQL2; those with a simple value "
                "are parameters of their own too."
            ),
            rows=[property_row(name, one) for name, one in collection.queryables.items()],
            links=own_links(url, SCHEMA_JSON, self.is_page(request)),
            id=collection.id,
        )


def property_row(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a property in a page's table, by its JSON Schema."""
    title = title_of(name)
    said = schema.get("description") or schema.get("title", "")
    return {
        "name": name,
        "title": title,
        "description": in_words(said) if said != title else "",
        "type": schema.get("type") or schema.get("format", ""),
        "codes": schema.get("enum") or schema.get("items", {}).get("enum", []),
    }
