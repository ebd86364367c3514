"""Triage and withdrawing: for monitors."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from incidents.api.preconditions import ETAG, IF_MATCH, WRITE_REFUSALS, etag_of, version_of
from incidents.api.serializers import IncidentSummary, StrictSerializer
from incidents.api.views import checked_body
from incidents.services.embargo import incident_embargo
from incidents.services.workflow import Step, incident_triage, incident_withdraw

_STEPS = {"triage": Step.TRIAGE, "review": Step.REVIEW}


class TriageRequest(StrictSerializer):
    """Which step the monitors take."""

    step = serializers.ChoiceField(list(_STEPS))
    reason = serializers.CharField(max_length=5000, required=False, default="", allow_blank=True)


class WithdrawRequest(StrictSerializer):
    """Why the incident is withdrawn."""

    reason = serializers.CharField(max_length=5000)


class EmbargoRequest(StrictSerializer):
    """Until when nothing of the incident is published, and why; null lifts the embargo."""

    until = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(max_length=5000)


class IncidentTriage(APIView):
    """Triage."""

    permission_classes = [requires(Action.INCIDENT_ASSESS)]

    @extend_schema(
        operation_id="incidents_triage",
        parameters=[IF_MATCH, ETAG],
        request=TriageRequest,
        responses={200: IncidentSummary, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Say that an incident was triaged, or is in review (again, if it was withdrawn)."""
        version = version_of(request)
        asked = checked_body(TriageRequest, request)
        incident = incident_triage(
            actor=actor_of_request(request),
            incident_id=incident_id,
            version=version,
            step=_STEPS[asked["step"]],
            reason=asked["reason"],
        )
        return Response(IncidentSummary(incident).data, headers=etag_of(incident))


class IncidentWithdraw(APIView):
    """Withdrawing."""

    permission_classes = [requires(Action.INCIDENT_PUBLISH)]

    @extend_schema(
        operation_id="incidents_withdraw",
        parameters=[IF_MATCH, ETAG],
        request=WithdrawRequest,
        responses={200: IncidentSummary, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Withdraw an incident; what was published of it leaves the feed."""
        version = version_of(request)
        asked = checked_body(WithdrawRequest, request)
        incident = incident_withdraw(
            actor=actor_of_request(request), incident_id=incident_id, version=version, **asked
        )
        return Response(IncidentSummary(incident).data, headers=etag_of(incident))


class IncidentEmbargo(APIView):
    """Holding back."""

    permission_classes = [requires(Action.INCIDENT_EMBARGO)]

    @extend_schema(
        operation_id="incidents_embargo",
        parameters=[IF_MATCH, ETAG],
        request=EmbargoRequest,
        responses={200: IncidentSummary, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Publish nothing of an incident before a moment; or lift that (``until`` null)."""
        version = version_of(request)
        asked = checked_body(EmbargoRequest, request)
        incident = incident_embargo(
            actor=actor_of_request(request), incident_id=incident_id, version=version, **asked
        )
        return Response(IncidentSummary(incident).data, headers=etag_of(incident))
