"""Where people are most at risk and why, one place, and how good the model has been."""

from django.http import HttpRequest, HttpResponse

from accounts.permissions import Action
from core.errors import NotFound
from monitor.access import Page
from monitor.risk import calibration, place, ranking
from scoring.api.risk import run_asked_for
from scoring.api.risk_params import level_parse, risk_query_parse


class RankingPage(Page):
    """Administrative units and cells, those with the most people expected to be exposed first."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page; without a finished run it says so."""
        query = risk_query_parse(request.GET)
        asked = request.GET.get("level")
        level = level_parse(asked) if asked else ranking.level_usual()
        skip = ranking.skip_parse(request.GET.get("skip", "0"))
        try:
            run = run_asked_for(self.actor, query)
        except NotFound:
            if query.run:
                raise
            return self.page("monitor/risk/none.html")
        ranked = ranking.ranking_of(self.actor, run, query, level=level, skip=skip)
        return self.page("monitor/risk/ranking.html", ranked)


class CellPage(Page):
    """One cell: what is expected, why, and how earlier forecasts fared."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest, cell: str) -> HttpResponse:
        """Return the page; ``NotFound`` where nobody is expected to be exposed."""
        query = risk_query_parse(request.GET)
        run = run_asked_for(self.actor, query)
        return self.page("monitor/risk/cell.html", place.place_of(self.actor, run, query, cell))


class CalibrationPage(Page):
    """How good the model has been, in plain words and plots."""

    action = Action.INCIDENT_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        return self.page("monitor/risk/calibration.html", calibration.calibration_shown(self.actor))
