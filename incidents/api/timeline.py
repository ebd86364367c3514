"""The timeline of one incident."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.cursors import cursor_decode, cursor_encode
from core.errors import NotFound
from incidents.api.moved import moved_answer
from incidents.api.pagination import limit_parse, next_url, page_schema
from incidents.api.schema import CURSOR, LIMIT, LineAnswer, refusals
from incidents.api.serializers import MovedAnswer
from incidents.selectors.incidents import incident_visible_to
from incidents.selectors.timeline import timeline_of


class IncidentTimeline(APIView):
    """What happened to one incident, in plain words."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_timeline",
        parameters=[LIMIT, CURSOR],
        responses={
            200: page_schema(LineAnswer, "TimelinePage"),
            308: MovedAnswer,
            **refusals(400, 401, 403, 404),
        },
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        """Tell what was done to an incident and to those merged into it, the oldest first."""
        incident = incident_visible_to(actor_of_request(request)).filter(id=incident_id).first()
        if incident is None:
            raise NotFound()
        if moved := moved_answer(request, incident):
            return moved
        lines, limit = timeline_of(incident_id), limit_parse(request.query_params.get("limit"))
        if cursor := request.query_params.get("cursor"):
            last = tuple(cursor_decode(cursor, (str, str)))
            lines = [line for line in lines if line.position > last]
        page, following = lines[:limit], None
        if len(lines) > limit:
            following = next_url(request, cursor_encode(*page[-1].position))
        return Response({"results": [line.as_json() for line in page], "next": following})
