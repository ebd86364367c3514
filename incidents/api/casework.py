"""How monitors share the work: who has an incident, who looks at it, what they say of it."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from accounts.selectors import users_who_may
from core.errors import NotFound
from incidents.api.answers import CommentAnswer, LookingAnswer, MonitorAnswer
from incidents.api.moved import moved_answer
from incidents.api.pagination import page_answer, page_schema
from incidents.api.schema import CURSOR, LIMIT, refusals
from incidents.api.serializers import IncidentSummary, MovedAnswer, StrictSerializer
from incidents.api.views import checked_body
from incidents.models import Incident
from incidents.selectors.casework import comments_of
from incidents.selectors.incidents import incident_visible_to
from incidents.services.assignment import incident_assign, incident_unassign
from incidents.services.comments import comment_add
from incidents.services.looking import looking_end, looking_list, looking_note

LONGEST_COMMENT = 20_000


class AssignmentRequest(StrictSerializer):
    """Who is to work on the incident: somebody of ``/api/v1/monitors/``."""

    user = serializers.UUIDField()


class CommentRequest(StrictSerializer):
    """A comment, or one instead of an older one of one's own."""

    text = serializers.CharField(max_length=LONGEST_COMMENT)
    replaces = serializers.UUIDField(required=False, allow_null=True, default=None)


class MonitorList(APIView):
    """Who can be given an incident."""

    permission_classes = [requires(Action.INCIDENT_ASSESS)]

    @extend_schema(
        operation_id="monitors_list",
        responses={200: MonitorAnswer(many=True), **refusals(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List those who may assess incidents, by name."""
        monitors = users_who_may(Action.INCIDENT_ASSESS).order_by("name", "id")
        return Response(MonitorAnswer(monitors, many=True).data)


class IncidentAssignment(APIView):
    """Who works on an incident. No part of its content: no version is asked for, none is made."""

    permission_classes = [requires(Action.INCIDENT_ASSESS)]

    @extend_schema(
        operation_id="incidents_assign",
        request=AssignmentRequest,
        responses={200: IncidentSummary, **refusals(400, 401, 403, 404, 409, 415)},
    )
    def put(self, request: Request, incident_id: UUID) -> Response:
        """Give an incident to a monitor, whoever had it."""
        asked = checked_body(AssignmentRequest, request)
        incident = incident_assign(
            actor=actor_of_request(request), incident_id=incident_id, user_id=asked["user"]
        )
        return Response(IncidentSummary(incident).data)

    @extend_schema(
        operation_id="incidents_unassign",
        responses={200: IncidentSummary, **refusals(401, 403, 404, 409)},
    )
    def delete(self, request: Request, incident_id: UUID) -> Response:
        """Take an incident from whoever has it."""
        incident = incident_unassign(actor=actor_of_request(request), incident_id=incident_id)
        return Response(IncidentSummary(incident).data)


class IncidentLooking(APIView):
    """Who looks at an incident now."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_looking_list",
        responses={200: LookingAnswer(many=True), 308: MovedAnswer, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        """List who looks, the longest first."""
        if moved := moved_answer(request, _incident(request, incident_id)):
            return moved
        looking = looking_list(actor=actor_of_request(request), incident_id=incident_id)
        return Response(LookingAnswer(looking, many=True).data)

    @extend_schema(
        operation_id="incidents_looking_note",
        request=None,
        responses={200: LookingAnswer(many=True), 308: MovedAnswer, **refusals(401, 403, 404)},
    )
    def put(self, request: Request, incident_id: UUID) -> Response:
        """Say that one looks; good for a minute, so say it again before. Lists who looks."""
        if moved := moved_answer(request, _incident(request, incident_id)):
            return moved
        looking = looking_note(actor=actor_of_request(request), incident_id=incident_id)
        return Response(LookingAnswer(looking, many=True).data)

    @extend_schema(
        operation_id="incidents_looking_end",
        responses={204: None, **refusals(401, 403, 404)},
    )
    def delete(self, request: Request, incident_id: UUID) -> Response:
        """Say that one looks no more."""
        looking_end(actor=actor_of_request(request), incident_id=incident_id)
        return Response(status=204)


class IncidentComments(APIView):
    """What monitors say to each other; never published."""

    def get_permissions(self) -> list[BasePermission]:
        """Ask for the action that the method is."""
        writes = self.request.method == "POST"
        return [requires(Action.INCIDENT_ASSESS if writes else Action.INCIDENT_READ)()]

    @extend_schema(
        operation_id="incidents_comments_list",
        parameters=[LIMIT, CURSOR],
        responses={
            200: page_schema(CommentAnswer, "CommentPage"),
            308: MovedAnswer,
            **refusals(400, 401, 403, 404),
        },
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        """List the comments, the oldest first, with those on incidents merged into this one."""
        incident = _incident(request, incident_id)
        if moved := moved_answer(request, incident):
            return moved
        comments = comments_of(incident)
        return page_answer(
            request,
            comments,
            "written_at",
            lambda page: CommentAnswer(page, many=True).data,
            newest_first=False,
        )

    @extend_schema(
        operation_id="incidents_comments_create",
        request=CommentRequest,
        responses={201: CommentAnswer, **refusals(400, 401, 403, 404, 409, 415)},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Add a comment. Nothing is changed: a correction is one that ``replaces`` an older one."""
        asked = checked_body(CommentRequest, request)
        comment = comment_add(actor=actor_of_request(request), incident_id=incident_id, **asked)
        return Response(CommentAnswer(comment).data, status=201)


def _incident(request: Request, incident_id: UUID) -> Incident:
    incident = incident_visible_to(actor_of_request(request)).filter(id=incident_id).first()
    if incident is None:
        raise NotFound()
    return incident
