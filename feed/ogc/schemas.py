"""What the features of a collection hold: their properties (Part 5), and their GeoJSON.

Both are JSON Schema. A property that is null has no value, and is read as if it were not there:
with ``null`` among the types GDAL takes every number for text.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from feed import schema
from feed.collections import COLLECTIONS
from feed.formats import properties_of
from feed.models import Audience, Kind
from feed.ogc.answers import Described, url_of
from feed.ogc.describing import JSON_SCHEMA, SCHEMA_JSON, described_of, property_row
from feed.ogc.links import own_links
from feed.ogc.views import OgcView
from feed.pages.words import title_of
from feed.params import ALWAYS_SHOWN
from feed.unit_schema import UNIT_PROPERTIES
from feed.views import audience_of_request

Schema = dict[str, Any]

_ID = {"type": "string", "format": "uuid"}
_ROLES = {
    "time_start": "primary-interval-start",
    "time_end": "primary-interval-end",
    "origin": "primary-instant",
}
_GEOMETRIES = {"risk-cells": "Polygon", "admin-units": "MultiPolygon"}


class DataSchema(OgcView):
    """The properties of a collection's features, whatever the format."""

    @extend_schema(
        operation_id="feed_schema",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.SCHEMA,
    )
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return a JSON Schema of the properties that features have, by OGC API Features Part 5."""
        return _answer(self, request, collection_id, "schema", _of_data)


class FeatureSchema(OgcView):
    """The GeoJSON of a collection's features."""

    @extend_schema(
        operation_id="feed_feature_schema",
        tags=["feed"],
        parameters=[schema.PAGE],
        responses=schema.SCHEMA,
    )
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        """Return a JSON Schema of a feature as GeoJSON; GDAL takes the fields' types from it."""
        return _answer(self, request, collection_id, "feature-schema", _of_geojson)


def _answer(
    view: OgcView,
    request: Request,
    collection_id: str,
    url_name: str,
    written: Callable[[str, Schema], Schema],
) -> HttpResponse:
    collection = described_of(collection_id)
    url = url_of(request, url_name, collection.id)
    properties = _properties(collection, audience_of_request(request))
    about_null = _("A property that is null has no value.")
    document = {
        "$schema": JSON_SCHEMA,
        "$id": url,
        "title": str(collection.title),
        "description": f"{collection.description} {about_null}",
        "type": "object",
        **written(collection.id, properties),
    }
    return view.answer(
        request,
        document,
        "properties",
        SCHEMA_JSON,
        heading=_("%(collection)s: what it holds") % {"collection": collection.title},
        intro=about_null,
        rows=[property_row(name, one) for name, one in properties.items()],
        links=own_links(url, SCHEMA_JSON, view.is_page(request)),
        id=collection.id,
    )


def _of_data(name: str, properties: Schema) -> Schema:
    """Return identifier, place and properties side by side, and the roles of some.

    Others than these are allowed: earlier versions may show what is named no longer.
    """
    place = {
        "title": title_of("geometry"),
        "format": f"geometry-{_geometry(name).lower()}",
        "x-ogc-role": "primary-geometry",
    }
    roles = {key: {"x-ogc-role": role} for key, role in _ROLES.items()}
    return {
        "properties": {
            "id": {**_ID, "title": _("Identifier"), "x-ogc-role": "id"},
            "geometry": place,
            **{key: {**one, **roles.get(key, {})} for key, one in properties.items()},
        },
        "required": ["id", *_always(properties)],
    }


def _of_geojson(name: str, properties: Schema) -> Schema:
    """Return the members of a GeoJSON Feature."""
    place = {
        "type": ["object", "null"],
        "properties": {"type": {"const": _geometry(name)}, "coordinates": {"type": "array"}},
        "required": ["type", "coordinates"],
    }
    shown = {"type": "object", "properties": properties, "required": _always(properties)}
    return {
        "properties": {
            "type": {"const": "Feature"},
            "id": _ID,
            "geometry": place,
            "properties": shown,
        },
        "required": ["type", "id", "geometry", "properties"],
    }


def _geometry(name: str) -> str:
    return _GEOMETRIES.get(name, "Point")


def _always(properties: Schema) -> list[str]:
    return [name for name in ALWAYS_SHOWN if name in properties]


def _properties(collection: Described, audience: Audience) -> Schema:
    """Return what a collection's features have for an audience, by name, with titles."""
    known = COLLECTIONS.get(collection.id)
    described = properties_of(known.kind, audience) if known else UNIT_PROPERTIES
    formats = _formats(known.kind if known else None, audience)
    return {
        name: {"title": title_of(name), **_json_schema(one), **formats.get(name, {})}
        for name, one in described.items()
    }


def _formats(kind: Kind | None, audience: Audience) -> Schema:
    """Return how the times of a kind are written; the public is told days."""
    if kind == Kind.RISK_CELL:
        return {"origin": {"format": "date"}}
    moment = {"format": "date" if audience == Audience.PUBLIC else "date-time"}
    return {"time_start": moment, "time_end": moment}


def _json_schema(part: Any) -> Any:
    """Return a description without OpenAPI's ``nullable``."""
    if not isinstance(part, dict):
        return part
    return {key: _json_schema(inner) for key, inner in part.items() if key != "nullable"}
