"""Reports, incidents, assessments, publishing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.canonical import sha256_hex
from core.errors import FieldError, InvalidInput, NotFound
from incidents.api import serializers as shapes
from incidents.api.moved import moved_answer
from incidents.api.pagination import page_answer, page_schema
from incidents.api.preconditions import ETAG, IF_MATCH, WRITE_REFUSALS, etag_of, version_of
from incidents.api.queue import ORDER, QueueParameters, queue_parse
from incidents.api.schema import CURSOR, IDEMPOTENCY_KEY, LIMIT, refusals, report_schema
from incidents.intake import kobo
from incidents.intake.json_reports import submission_parse
from incidents.models import Report
from incidents.selectors.incidents import (
    incident_visible_to,
    report_owned_by,
    report_visible_whole_to,
)
from incidents.selectors.queue import incident_queue
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.reports import Received, report_receive, report_received_before
from incidents.types import Submission


def checked_body(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return a request's body as its shape reads it."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return checked.validated_data


def idempotency_key(request: Request) -> str | None:
    """Return the sender's own id of a report, if it gives one."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= 200 and key.isprintable()):
        message = _("The key is 1 to 200 printable characters.")
        raise InvalidInput(errors=[FieldError("Idempotency-Key", message, "invalid")])
    return key


def demand_own(request: Request, report_id: UUID) -> Report:
    """Return a report of the caller's organisation; ``NotFound`` before any of the body is read."""
    report = report_owned_by(actor_of_request(request)).filter(id=report_id).first()
    if report is None:
        raise NotFound()
    return report


class ReportList(APIView):
    """Submit a report; list one's organisation's own."""

    def get_permissions(self) -> list[BasePermission]:
        """Ask for the action that the method is."""
        writes = self.request.method == "POST"
        action = Action.REPORT_SUBMIT if writes else Action.REPORT_READ_OWN
        return [requires(action)()]

    @extend_schema(
        operation_id="reports_list",
        parameters=[LIMIT, CURSOR],
        responses={
            200: page_schema(shapes.ReportAnswer, "ReportPage"),
            **refusals(400, 401, 403),
        },
    )
    def get(self, request: Request) -> Response:
        """List reports, the newest first."""
        rows = report_visible_whole_to(actor_of_request(request))
        return page_answer(
            request,
            rows,
            "received_at",
            lambda page: shapes.ReportAnswer(page, many=True).data,
        )

    @extend_schema(
        operation_id="reports_create",
        parameters=[IDEMPOTENCY_KEY],
        request={"application/json": report_schema()},
        responses={201: shapes.ReceivedAnswer, **refusals(400, 401, 403, 409, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Take a report of a strike and answer with a signed receipt."""
        digest = sha256_hex(request.body)
        key = idempotency_key(request) or f"sha256:{digest}"
        actor = actor_of_request(request)
        known = report_received_before(actor=actor, key=key, body_sha256=digest)
        if known is not None:
            return received_answer(request, known)
        return report_take(request, lambda: submission_parse(request.body, key))


class KoboIntake(APIView):
    """The strike form, filled in with KoboToolbox."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]

    @extend_schema(
        operation_id="intake_kobo",
        request={"application/json": {"type": "object"}},
        responses={201: shapes.ReceivedAnswer, **refusals(400, 401, 403, 409, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Take one submission as KoboToolbox's REST services send it."""
        return report_take(request, lambda: kobo.submission_parse(request.body))


def report_take(request: Request, parse: Callable[[], Submission]) -> Response:
    """Store a report that came as JSON and answer with its receipt."""
    if request.content_type.split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(request.content_type)
    return received_answer(
        request, report_receive(actor=actor_of_request(request), submission=parse())
    )


def received_answer(request: Request, received: Received) -> Response:
    """Return a receipt as its sender gets it."""
    path = reverse("report-detail", kwargs={"report_id": received.report_id})
    headers = {"Location": request.build_absolute_uri(path)}
    if not received.is_new:
        headers["Idempotency-Replayed"] = "true"
    return Response(shapes.ReceivedAnswer(received).data, status=201, headers=headers)


class ReportDetail(APIView):
    """One report."""

    permission_classes = [requires(Action.REPORT_READ_OWN)]

    @extend_schema(
        operation_id="reports_retrieve",
        responses={200: shapes.ReportAnswer, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, report_id: UUID) -> Response:
        """Return a report of one's own organisation, with its receipt."""
        report = report_visible_whole_to(actor_of_request(request)).filter(id=report_id).first()
        if report is None:
            raise NotFound()
        return Response(shapes.ReportAnswer(report).data)


class IncidentList(APIView):
    """The record, for monitors."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_list",
        parameters=[QueueParameters, ORDER, LIMIT, CURSOR],
        responses={
            200: page_schema(shapes.IncidentSummary, "IncidentPage"),
            **refusals(400, 401, 403),
        },
    )
    def get(self, request: Request) -> Response:
        """List incidents, the newest first, or those that fit."""
        actor = actor_of_request(request)
        wanted, newest_first = queue_parse(request.query_params, actor)
        return page_answer(
            request,
            incident_queue(actor, wanted),
            "created_at",
            lambda page: shapes.IncidentSummary(page, many=True).data,
            newest_first=newest_first,
        )


class IncidentDetail(APIView):
    """One incident."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_retrieve",
        parameters=[ETAG],
        responses={
            200: shapes.IncidentAnswer,
            308: shapes.MovedAnswer,
            **refusals(401, 403, 404),
        },
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        """Return an incident with its reports and assessments; one that was merged redirects."""
        rows = incident_visible_to(actor_of_request(request)).prefetch_related(
            "reports", "assessments__assessed_by", "merges__merged_by"
        )
        incident = rows.filter(id=incident_id).first()
        if incident is None:
            raise NotFound()
        if moved := moved_answer(request, incident):
            return moved
        return Response(shapes.IncidentAnswer(incident).data, headers=etag_of(incident))


class IncidentAssess(APIView):
    """Grading."""

    permission_classes = [requires(Action.INCIDENT_ASSESS)]

    @extend_schema(
        operation_id="incidents_assess",
        parameters=[IF_MATCH, ETAG],
        request=shapes.AssessmentRequest,
        responses={201: shapes.AssessmentAnswer, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Grade one version of an incident, with a reason."""
        version = version_of(request)
        asked = checked_body(shapes.AssessmentRequest, request)
        assessment = incident_assess(
            actor=actor_of_request(request), incident_id=incident_id, version=version, **asked
        )
        headers = etag_of(assessment.incident)
        return Response(shapes.AssessmentAnswer(assessment).data, status=201, headers=headers)


class IncidentPublish(APIView):
    """Publishing."""

    permission_classes = [requires(Action.INCIDENT_PUBLISH)]

    @extend_schema(
        operation_id="incidents_publish",
        parameters=[IF_MATCH, ETAG],
        request=shapes.PublishRequest,
        responses={201: shapes.PublicationAnswer, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Publish one exact version of a graded incident."""
        version = version_of(request)
        asked = checked_body(shapes.PublishRequest, request)
        publication = incident_publish(
            actor=actor_of_request(request), incident_id=incident_id, version=version, **asked
        )
        headers = etag_of(publication.incident)
        return Response(shapes.PublicationAnswer(publication).data, status=201, headers=headers)
