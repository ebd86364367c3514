"""``admin-units``: the boundaries in force. Public data, the only collection not from the log."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from core.cursors import cursor_decode, cursor_encode
from core.errors import FieldError, InvalidInput, NotFound
from core.geo import bbox_parse
from feed import schema
from feed.cql2 import Filter, filter_compile
from feed.cql2.queryables import Queryable, Type
from feed.items import filter_time
from feed.ogc.answers import JSON, Described, link, text_answer, url_of
from feed.ogc.links import own_links
from feed.ogc.views import OgcView
from feed.pages.answers import CONTENT_TYPE, page_text, without_blanks
from feed.pages.asked import HTML
from feed.pages.items import features_context
from feed.pages.one import feature_context
from feed.params import filter_trees, interval_parse, limit_parse
from feed.schema import GEOJSON
from incidents.models import BoundaryUnit
from incidents.selectors.boundaries import units_in_force

_COLUMNS = BoundaryUnit._meta.db_table
_QUERYABLES = {
    one.name: one
    for one in (
        Queryable("level", f"{_COLUMNS}.level", Type.NUMBER, {"type": "integer", "minimum": 0}),
        Queryable("country", f"{_COLUMNS}.country::text", Type.TEXT, {"type": "string"}),
        Queryable("pcode", f"{_COLUMNS}.pcode::text", Type.TEXT, {"type": "string"}),
        Queryable(
            "geometry",
            f"{_COLUMNS}.geometry",
            Type.GEOMETRY,
            {"format": "geometry-multipolygon", "title": "The outline"},
        ),
    )
}
UNITS = Described(
    id="admin-units",
    title=gettext_lazy("Administrative units"),
    description=gettext_lazy(
        "The boundaries in force, by which places are named: countries (level 0) and their "
        "subdivisions."
    ),
    queryables={one.name: one.schema for one in _QUERYABLES.values()},
)
_DECIMALS = 6
# An outline has thousands of vertices.
_DEFAULT_LIMIT, _MAXIMUM_LIMIT = 10, 100
_AS_ELSEWHERE = frozenset({"bbox", "cursor", "datetime", "filter", "filter-lang", "filter-crs"})
_BOUND = re.compile(r"%\((\w+)\)s")
_PARAMETERS = [
    *(one for one in schema.ITEMS_PARAMETERS if one.name in _AS_ELSEWHERE),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": _MAXIMUM_LIMIT, "default": _DEFAULT_LIMIT},
        description="Units a page; more are served at the maximum.",
        style="form",
        explode=False,
    ),
    *(
        OpenApiParameter(one.name, one.schema)
        for one in _QUERYABLES.values()
        if one.type is not Type.GEOMETRY
    ),
]


class Units(OgcView):
    """The units in force."""

    parameters = frozenset(one.name for one in _PARAMETERS) | {"f"}
    formats = ("json", "geojson")

    @extend_schema(
        operation_id="feed_units",
        tags=["feed"],
        parameters=[*_PARAMETERS, schema.PAGE],
        responses=schema.UNITS,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return units in force with their outlines, a page at a time."""
        is_page = self.is_page(request)
        if is_page and "" in request.query_params.values():
            return without_blanks(request._request)
        given = request.query_params
        limit = limit_parse(given["limit"], _MAXIMUM_LIMIT) if "limit" in given else _DEFAULT_LIMIT
        with filter_time():
            found = list(_drawn(_chosen(given))[: limit + 1])
        links = _links(request, is_page)
        if len(found) > limit:
            query = given.copy()
            query["cursor"] = cursor_encode(str(found[limit - 1].id))
            following = request.build_absolute_uri(f"?{query.urlencode()}")
            links.append(link(following, "next", HTML if is_page else GEOJSON))
        features = ", ".join(_feature(unit) for unit in found[:limit])
        about = {"links": links, "numberReturned": min(len(found), limit)}
        if is_page:
            bbox = bbox_parse(given["bbox"]) if "bbox" in given else None
            shown = features_context(
                request._request,
                UNITS.id,
                json.loads(f"[{features}]"),
                UNITS.queryables,
                bbox,
                self.parameters,
            )
            context = {"collection": UNITS, "document": about} | shown
            return _page(request, "feed/items.html", context)
        rest = json.dumps(about, ensure_ascii=False)[1:]
        body = f'{{"type": "FeatureCollection", "features": [{features}], {rest}'
        return text_answer(request, body, GEOJSON)


class Unit(OgcView):
    """One unit in force."""

    formats = ("json", "geojson")

    @extend_schema(
        operation_id="feed_unit", tags=["feed"], parameters=[schema.PAGE], responses=schema.UNIT
    )
    def get(self, request: Request, unit_id: UUID) -> HttpResponse:
        """Return one unit with its outline."""
        unit = _drawn(units_in_force().filter(id=unit_id)).first()
        if unit is None:
            raise NotFound(_("There is no such unit in force."))
        links = _links(request, self.is_page(request))
        if self.is_page(request):
            shown = feature_context(reverse("feed:units"), json.loads(_feature(unit)))
            context = {"collection": UNITS, "links": links} | shown
            return _page(request, "feed/item.html", context)
        rest = json.dumps({"links": links}, ensure_ascii=False)[1:]
        return text_answer(request, f"{_feature(unit)[:-1]}, {rest}", GEOJSON)


def _page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    text = page_text(request._request, template, context)
    return text_answer(request, text, CONTENT_TYPE)


def _links(request: Request, is_page: bool) -> list[dict[str, str]]:
    return [
        *own_links(request.build_absolute_uri(), GEOJSON, is_page),
        link(url_of(request, "collection", UNITS.id), "collection", JSON),
    ]


def _chosen(given: Mapping[str, str]) -> QuerySet[BoundaryUnit]:
    units = units_in_force()
    for name in ("country", "pcode"):
        if name in given:
            units = units.filter(**{name: _text(name, given[name])})
    if "level" in given:
        units = units.filter(level=_level(given["level"]))
    if "bbox" in given:
        # By the units' own index. By their parts (Syria: 349 units, 5,540 parts) a street takes 0.3
        # instead of 1 ms, and the whole country 59 instead of 19: writing outlines takes more.
        boxes = [Polygon.from_bbox(box) for box in bbox_parse(given["bbox"]).boxes()]
        units = units.filter(geometry__intersects=MultiPolygon(boxes, srid=4326))
    if "datetime" in given:
        interval_parse(given["datetime"])  # a unit has no time, and so belongs to every one
    for tree in filter_trees(given):
        units = _filtered(units, filter_compile(tree, _QUERYABLES))
    if "cursor" in given:
        units = units.filter(id__gt=_after(given["cursor"]))
    return units.order_by("id")


def _filtered(units: QuerySet[BoundaryUnit], condition: Filter) -> QuerySet[BoundaryUnit]:
    """Apply a condition whose values are bound by name, as the ORM binds them, one by one."""
    values = [condition.parameters[name] for name in _BOUND.findall(condition.sql)]
    return units.extra(where=[_BOUND.sub("%s", condition.sql)], params=values)  # noqa: S610


def _text(name: str, text: str) -> str:
    if "\x00" in text:
        raise _refused(name, _("No text has such characters."))
    return text


def _level(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise _refused("level", _("level is a whole number from 0 to 9."))
    return int(text)


def _after(cursor: str) -> UUID:
    (text,) = cursor_decode(cursor, (str,))
    try:
        return UUID(text)
    except ValueError:
        raise _refused("cursor", _("Use the cursor of a next link as it was given.")) from None


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(field, message, field)])


def _drawn(units: QuerySet[BoundaryUnit]) -> QuerySet[Any]:
    return units.annotate(drawn=AsGeoJSON("geometry", precision=_DECIMALS)).defer("geometry")


def _feature(unit: Any) -> str:
    properties = {
        "level": unit.level,
        "pcode": unit.pcode,
        "parent_pcode": unit.parent_pcode,
        "names": unit.names,
        "country": unit.country,
        "release": unit.release.name,
        "license": unit.release.licence,
        "attribution": unit.release.attribution,
    }
    about = json.dumps({"type": "Feature", "id": str(unit.id), "properties": properties})
    return f'{about[:-1]}, "geometry": {unit.drawn}}}'
