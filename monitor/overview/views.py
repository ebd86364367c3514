"""The overview: incidents and risk on a map, and the same as a list."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.permissions import Action
from core.errors import InvalidInput
from monitor.access import Page
from monitor.overview import asking, drawing, reading


class OverviewPage(Page):
    """The list of what fits the filters within an extent, with a map drawn by the server."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or only its list when the map's extent asks for it."""
        context: dict[str, object] = {"form": asking.filter_form(request.GET)}
        try:
            view = asking.view_parse(request.GET, self.actor)
        except InvalidInput as error:
            context["errors"] = error.errors
            return self.page("monitor/overview/overview.html", context, status=400)
        context |= reading.list_of(self.actor, view)
        if request.headers.get("HX-Request"):
            return self.page("monitor/overview/_list.html", context)
        found = reading.features_of(self.actor, view)
        context["sketch"] = drawing.overview_draw(found, view.bbox)
        context["run"] = found["run"]
        return self.page("monitor/overview/overview.html", context)


class Features(Page):
    """What the map draws within its extent, as GeoJSON."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return incidents, gathered beyond 2,000, and risk cells; 400 for rubbish."""
        try:
            view = asking.view_parse(request.GET, self.actor)
        except InvalidInput as error:
            told = [{"field": one.field, "message": str(one.message)} for one in error.errors]
            return JsonResponse({"errors": told}, status=400)
        found = reading.features_of(self.actor, view)
        run = found.pop("run")
        return JsonResponse(found | {"origin": run.origin.isoformat() if run else None})
