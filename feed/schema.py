"""The feed's description: its answers' shapes, for openapi.yaml and for ``/ogc/api``."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from feed.cql2 import Language
from feed.exposure_schema import EXPOSURE_PROPERTIES
from feed.feature_schema import FEATURE_PROPERTIES
from feed.formats import FORMATS
from feed.models import Kind
from feed.params import CRS84, DEFAULT_LIMIT, MAXIMUM_LIMIT, Sort, equalities_of
from feed.unit_schema import UNIT_PROPERTIES
from incidents.api.schema import refusals

Schema = dict[str, Any]

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_LINKS = _list(_object(["href", "rel"], href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT))
_COLLECTION = _object(
    ["id", "links"],
    id=_TEXT,
    title=_TEXT,
    description=_TEXT,
    itemType=_TEXT,
    crs=_list(_TEXT),
    extent={"type": "object"},
    links=_LINKS,
)
_POINT = _object(
    ["type", "coordinates"],
    type={"type": "string", "enum": ["Point"]},
    coordinates={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
)
_FEATURE = _object(
    ["type", "id", "geometry", "properties"],
    type={"type": "string", "enum": ["Feature"]},
    id={"type": "string", "format": "uuid"},
    geometry={**_POINT, "nullable": True},
    properties=_object(["version"], **(EXPOSURE_PROPERTIES | FEATURE_PROPERTIES)),
    links=_LINKS,
)
_FEATURES = _object(
    ["type", "features", "links"],
    type={"type": "string", "enum": ["FeatureCollection"]},
    features=_list(_FEATURE),
    links=_LINKS,
    timeStamp={"type": "string", "format": "date-time"},
    numberMatched=_COUNT,
    numberReturned=_COUNT,
)


_UNCHANGED = OpenApiResponse(
    description="The reader has it: the tag in If-None-Match is still its."
)


def _answers(shape: Schema, *refused: int, media_type: str = "application/json") -> dict[Any, Any]:
    described = OpenApiResponse(response=shape)
    page = OpenApiResponse(response=str, description="The same as a page for people.")
    refusing = (400, 401, *refused, 429)
    return {
        (200, media_type): described,
        (200, "text/html"): page,
        304: _UNCHANGED,
        **refusals(*refusing),
        **{(status, "text/html"): page for status in refusing},
    }


LANDING = _answers(_object(["links"], title=_TEXT, description=_TEXT, links=_LINKS))
API = _answers({"type": "object"}, media_type=OPENAPI)
CONFORMANCE = _answers(_object(["conformsTo"], conformsTo=_list(_TEXT)))
COLLECTIONS = _answers(
    _object(["links", "collections"], links=_LINKS, collections=_list(_COLLECTION))
)
COLLECTION = _answers(_COLLECTION, 404)
SCHEMA = _answers({"type": "object"}, 404, media_type="application/schema+json")
# A form sends its empty fields too; a page's address has none.
_TIDIED = {302: OpenApiResponse(description="A page is at the address without empty parameters.")}
ITEMS = (
    _answers(_FEATURES, 404, media_type=GEOJSON)
    | _TIDIED
    | {
        (200, one.media_type.partition(";")[0]): bytes
        for one in FORMATS.values()
        if one.media_type != GEOJSON
    }
)
_UNIT = _object(
    ["type", "id", "geometry", "properties"],
    type={"type": "string", "enum": ["Feature"]},
    id={"type": "string", "format": "uuid"},
    geometry={"type": "object"},
    properties=_object(["level"], **UNIT_PROPERTIES),
    links=_LINKS,
)
UNITS = (
    _answers(
        _object(
            ["type", "features", "links"],
            type={"type": "string", "enum": ["FeatureCollection"]},
            features=_list(_UNIT),
            links=_LINKS,
            numberReturned=_COUNT,
        ),
        media_type=GEOJSON,
    )
    | _TIDIED
)
UNIT = _answers(_UNIT, 404, media_type=GEOJSON)
ITEM = _answers(_FEATURE, 404, media_type=GEOJSON)

_AS_OF = OpenApiParameter(
    "as_of",
    str,
    description="The state at the log's entry of this number, or at a time (RFC 3339; a date is "
    "its end). The same bytes whenever it is asked for, but for what was redacted.",
)
_NUMBERS: Schema = {"type": "array", "items": {"type": "number"}}
ITEMS_PARAMETERS = [
    OpenApiParameter(
        "bbox",
        {**_NUMBERS, "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)]},
        description=(
            "West, south, east, north in degrees (CRS84); six numbers: with heights, which are "
            "ignored. West greater than east crosses the antimeridian."
        ),
        style="form",
        explode=False,
    ),
    OpenApiParameter(
        "datetime",
        str,
        description=(
            "An RFC 3339 time or date, or an interval START/END in which one end may be open (..)."
        ),
        style="form",
        explode=False,
    ),
    OpenApiParameter(
        "filter",
        str,
        description="A condition in CQL2 over the collection's queryables.",
    ),
    OpenApiParameter(
        "filter-lang",
        {"type": "string", "enum": [*Language], "default": Language.TEXT},
        description="How the filter is written.",
    ),
    OpenApiParameter("filter-crs", {"type": "string", "enum": [CRS84], "default": CRS84}),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAXIMUM_LIMIT, "default": DEFAULT_LIMIT},
        description="Features a page; more are served at the maximum.",
        style="form",
        explode=False,
    ),
    OpenApiParameter(
        "sortby",
        {"type": "string", "enum": [*Sort], "default": Sort.DATE_DESCENDING},
        description="By date or by place in the publication log; with - the last one first.",
    ),
    OpenApiParameter("cursor", str, description="From a next link."),
    OpenApiParameter(
        "f",
        {"type": "string", "enum": ["json", *FORMATS, "html"], "default": "json"},
        description=(
            "The format; without it, as Accept says. But for json and geojson the next page stands "
            "in the Link header."
        ),
    ),
    _AS_OF,
    OpenApiParameter(
        "properties",
        str,
        description="The properties wanted, with commas between; version, license and attribution "
        "always come along.",
    ),
    *(
        OpenApiParameter(name, str, description="Only where the property is this.")
        for name in equalities_of(Kind.INCIDENT) | equalities_of(Kind.EXPOSURE)
    ),
]
PAGE = OpenApiParameter(
    "f",
    {"type": "string", "enum": ["json", "html"], "default": "json"},
    description="html: a page for people. Without it, as Accept says.",
)
ITEM_PARAMETERS = [_AS_OF, PAGE]
_PATH_PARAMETERS = {"collection_id": "collectionId", "feature_id": "featureId"}


def feed_description(root_url: str, root_path: str) -> Schema:
    """Return the OpenAPI 3.0 document of the feed alone, its paths relative to the landing page."""
    return {**_feed_part(root_path), "servers": [{"url": root_url.rstrip("/")}]}


@cache
def _feed_part(root_path: str) -> Schema:
    """Choose from the whole description the paths below ``root_path`` and what they refer to."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    whole = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    prefix = root_path.rstrip("/")
    paths = {
        _as_the_standard_names(path.removeprefix(prefix), operations): operations
        for path, operations in whole["paths"].items()
        if path.startswith(root_path)
    }
    components = _referred(paths, whole["components"]["schemas"])
    security = whole["components"].get("securitySchemes", {})
    return {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": security},
    }


def _as_the_standard_names(path: str, operations: Schema) -> str:
    """Return a path with the standard's parameter names: by these GDAL finds what it may ask."""
    for ours, standards in _PATH_PARAMETERS.items():
        path = path.replace(f"{{{ours}}}", f"{{{standards}}}")
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == ours:
                    parameter["name"] = standards
    return path


def _referred(part: Any, schemas: Schema) -> Schema:
    """Return the schemas that ``part`` refers to, directly or through others."""
    found: Schema = {}
    names = set(re.findall(r"#/components/schemas/([\w.-]+)", repr(part)))
    while names:
        name = names.pop()
        found[name] = schemas[name]
        names |= set(re.findall(r"#/components/schemas/([\w.-]+)", repr(found[name]))) - set(found)
    return dict(sorted(found.items()))
