"""Risk for monitors: cells, one cell with its reasons and history, runs, administrative units."""

from typing import Any
from uuid import UUID

import h3
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.cursors import cursor_decode, cursor_encode
from core.errors import FieldError, InvalidInput, NotFound
from core.geo import touches_bbox
from incidents.api.pagination import limit_parse, next_url, page_answer, page_schema
from incidents.api.schema import CURSOR, LIMIT, refusals
from incidents.selectors import incident_visible_to
from scoring.api.risk_params import (
    BBOX,
    CLASS_MIN,
    FLOOR,
    HORIZON,
    LEVEL,
    RUN,
    RiskQuery,
    level_parse,
    risk_query_parse,
)
from scoring.api.risk_shapes import (
    RiskCellAnswer,
    RiskCollection,
    RiskRunAnswer,
    RiskUnits,
    cell_answer,
    cell_feature,
)
from scoring.models import RiskRun
from scoring.risk_selectors import (
    risk_before,
    risk_history_of,
    risk_runs_visible_to,
    risk_served,
    risk_units,
)
from scoring.services.risk_rows import figure_index

_NO_ID = UUID(int=0)


class _RiskView(APIView):
    permission_classes = [requires(Action.INCIDENT_READ)]


def run_asked_for(actor: Actor, query: RiskQuery) -> RiskRun:
    """Return the run that is asked for, else the one that is served; ``NotFound`` without cells."""
    runs = risk_runs_visible_to(actor).filter(state=RiskRun.State.FINISHED)
    served = None if query.run else risk_served(RiskRun.Source.RECORD)
    run: RiskRun | None = runs.filter(id=query.run or (served.id if served else _NO_ID)).first()
    if run is None:
        raise NotFound(_("There is no such run, or none is finished yet."))
    if run.cell_count and not run.has_cells:  # type: ignore[attr-defined]
        raise NotFound(_("The cells of this run are kept no more; each cell keeps its history."))
    return run


def _cursor(request: Request, types: tuple[type, ...]) -> list[Any] | None:
    text = request.query_params.get("cursor")
    return cursor_decode(text, types) if text else None


class RiskCells(_RiskView):
    """The cells of a run."""

    @extend_schema(
        operation_id="risk_list",
        parameters=[BBOX, RUN, HORIZON, FLOOR, CLASS_MIN, LIMIT, CURSOR],
        responses={200: RiskCollection, **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Return cells as GeoJSON, in order of their ids, a page at a time.

        All pages are of one run: the cursor carries it along.
        """
        query = risk_query_parse(request.query_params)
        position = _cursor(request, (str, str))
        if position:
            query = query.of_run(position[0])
        run = run_asked_for(actor_of_request(request), query)
        cells = run.cells.all()
        if query.bbox:
            cells = cells.filter(touches_bbox("geometry", query.bbox))
        if query.class_min is not None:
            cells = cells.filter(**{f"risk_class__{query.floor_at}__gte": query.class_min})
        if position:
            cells = cells.filter(cell__gt=position[1])
        limit = limit_parse(request.query_params.get("limit"))
        page = list(cells.order_by("cell")[: limit + 1])
        following = None
        if len(page) > limit:
            cursor = cursor_encode(str(run.id), page[limit - 1].cell)
            following = next_url(request, cursor)
        answer = {
            "type": "FeatureCollection",
            "features": [cell_feature(cell, query) for cell in page[:limit]],
            "run": RiskRunAnswer(run).data,
            "next": following,
        }
        return Response(answer)


class RiskCellDetail(_RiskView):
    """One cell."""

    @extend_schema(
        operation_id="risk_cell",
        parameters=[RUN, HORIZON, FLOOR],
        responses={200: RiskCellAnswer, **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request, cell: str) -> Response:
        """Return a cell's figures, why they are so, what changed, and its history."""
        query, actor = risk_query_parse(request.query_params), actor_of_request(request)
        run = run_asked_for(actor, query)
        found = run.cells.filter(cell=cell).first() if h3.is_valid_cell(cell) else None
        if found is None:
            raise NotFound(_("Nobody is expected to be exposed there, or it is no cell's id."))
        before_run = risk_before(run)
        before = before_run.cells.filter(cell=cell).first() if before_run else None
        named = [id_ for id_, _part in found.explanation[query.floor]["incidents"]]
        visible = incident_visible_to(actor).filter(id__in=named).values_list("id", flat=True)
        history = risk_history_of(RiskRun.Source.RECORD, cell)
        answer = cell_answer(
            run, found, query, before_run=before_run, before=before, visible=set(visible)
        )
        return Response(answer | {"run": RiskRunAnswer(run).data, "history": history})


class RiskRuns(_RiskView):
    """The runs."""

    @extend_schema(
        operation_id="risk_runs_list",
        parameters=[LIMIT, CURSOR],
        responses={200: page_schema(RiskRunAnswer, "RiskRunPage"), **refusals(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """Return the runs, the newest first, with what each was computed from."""
        runs = risk_runs_visible_to(actor_of_request(request))
        return page_answer(
            request, runs, "started_at", lambda page: RiskRunAnswer(page, many=True).data
        )


class RiskUnitList(_RiskView):
    """Administrative units."""

    @extend_schema(
        operation_id="risk_units_list",
        parameters=[LEVEL, RUN, HORIZON, FLOOR, LIMIT, CURSOR],
        responses={200: RiskUnits, **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Return sums over units by P-code, with the residents of cells of each class.

        A cell counts whole to the unit that its centre lies in.
        """
        query = risk_query_parse(request.query_params)
        level = level_parse(request.query_params.get("level"))
        position = _cursor(request, (str, str, str))
        if position:
            query = query.of_run(position[0])
        run = run_asked_for(actor_of_request(request), query)
        after = (position[1], _unit_id(position[2])) if position else ("", _NO_ID)
        limit = limit_parse(request.query_params.get("limit"))
        names = ("people", "person_strikes")
        indices = [figure_index(name, query.horizon, query.floor) for name in names]
        page = risk_units(
            run.id, level=level, indices=[*indices, query.floor_at], after=after, limit=limit + 1
        )
        following = None
        if len(page) > limit:
            last = page[limit - 1]
            following = next_url(
                request, cursor_encode(str(run.id), last["pcode"], str(last["id"]))
            )
        answer = {
            "results": page[:limit],
            "run": run,
            "horizon_days": query.horizon,
            "evidence_floor": query.floor,
            "next": following,
        }
        return Response(RiskUnits(answer).data)


def _unit_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        message = _("Use the cursor of a next link as it was given.")
        raise InvalidInput(errors=[FieldError("cursor", message, "cursor")]) from None
