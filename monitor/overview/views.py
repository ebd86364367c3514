"""The overview: incidents and risk on a map, and the same as a list."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from accounts.permissions import Action
from core.errors import InvalidInput, NotFound
from feed.tiles.grid import Tile
from feed.tiles.views import MVT
from incidents.vocab import Grade, Weapon
from monitor.access import Page
from monitor.overview import asking, drawing, population, reading, tiles, timeline, towns
from scoring.selectors import active_layer


class OverviewPage(Page):
    """The list of what fits the filters within an extent, with a map drawn by the server."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or only its list when the map's extent asks for it."""
        context: dict[str, Any] = {"form": asking.filter_form(request.GET)}
        try:
            view = asking.view_parse(request.GET, self.actor)
        except InvalidInput as error:
            context["errors"] = error.errors
            asking.errors_mark(context["form"], error.errors)
            return self.page("monitor/overview/overview.html", context, status=400)
        context |= reading.list_of(self.actor, view)
        if request.headers.get("HX-Request"):
            return self.page("monitor/overview/_list.html", context)
        context["run"], cells = reading.cells_of(self.actor, view)
        dots = reading.dots_of(self.actor, view)
        context["sketch"] = drawing.overview_draw(dots, cells, view.bbox)
        context["timeline"] = timeline.timeline_of(self.actor, view)
        context["labels"] = _labels()
        if layer := active_layer():
            context |= {"layer": layer, "layer_zoom": population.first_zoom(layer)}
            context["layer_classes"] = [*enumerate(population.CLASSES, 1)]
        return self.page("monitor/overview/overview.html", context)


def _labels() -> str:
    """Return what the map writes for the codes that its tiles hold, as JSON."""
    labels = {str(code): str(label) for code, label in [*Weapon.choices, *Grade.choices]}
    return json.dumps(labels, ensure_ascii=False)


class OfTheMap(Page):
    """What the map fetches by itself."""

    action = Action.INCIDENT_READ

    def refuse(self, status: int, title: str, detail: str = "") -> HttpResponse:
        """Return that it cannot be had; the map shows no page."""
        return HttpResponse(f"{title} {detail}".strip(), status=status, content_type="text/plain")


@method_decorator(gzip_page, name="dispatch")
class Cells(OfTheMap):
    """The risk cells that the map draws within its extent, as GeoJSON."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the cells; 400 for rubbish."""
        try:
            view = asking.view_parse(request.GET, self.actor)
        except InvalidInput as error:
            return _refused(error)
        return JsonResponse(reading.cells_of(self.actor, view)[1])


@method_decorator(gzip_page, name="dispatch")
class Incidents(OfTheMap):
    """A tile of the incidents that the actor may read."""

    def get(self, request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
        """Return the tile, 204 where nothing is in it; 400 for rubbish."""
        given = request.GET.copy()
        days = given.pop("days", [""])[-1]
        try:
            view = asking.view_parse(given, self.actor)
            drawn = tiles.tile_draw(self.actor, view, _tile(z, x, y), timeline.days_parse(days))
        except InvalidInput as error:
            return _refused(error)
        return HttpResponse(drawn, content_type=MVT, status=200 if drawn else 204)


@method_decorator(gzip_page, name="dispatch")
class Towns(OfTheMap):
    """A tile of the names of towns."""

    def get(self, request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
        """Return the tile, 204 where nothing is in it."""
        drawn = towns.towns_draw(_tile(z, x, y), get_language() or "")
        return HttpResponse(drawn, content_type=MVT, status=200 if drawn else 204)


class Population(OfTheMap):
    """A tile of the active population layer."""

    def get(self, request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
        """Return the picture; 404 where no layer is active and beyond the zooms it is drawn at."""
        layer = active_layer()
        if layer is None:
            raise NotFound()
        drawn = population.picture_draw(layer, _tile(z, x, y))
        return HttpResponse(drawn, content_type="image/png")


def _tile(z: int, x: int, y: int) -> Tile:
    """Return a tile that the grid has; ``NotFound`` for others."""
    tile = Tile(z, x, y)
    if not tile.exists():
        raise NotFound()
    return tile


def _refused(error: InvalidInput) -> HttpResponse:
    told = [{"field": one.field, "message": str(one.message)} for one in error.errors]
    return JsonResponse({"errors": told}, status=400)
