"""Redaction: for lead monitors and administrators."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from incidents.api.preconditions import ETAG, IF_MATCH, WRITE_REFUSALS, etag_of, version_of
from incidents.api.serializers import StrictSerializer
from incidents.api.views import checked_body
from incidents.services.redaction import incident_redact


class RedactRequest(StrictSerializer):
    """Why everything published of the incident is blanked; kept in the ledger, told to nobody."""

    reason = serializers.CharField(max_length=5000)


class RedactAnswer(serializers.Serializer):
    """The incident and the version that says so."""

    incident = serializers.UUIDField()
    version = serializers.IntegerField()


class IncidentRedact(APIView):
    """Redaction."""

    permission_classes = [requires(Action.INCIDENT_REDACT)]

    @extend_schema(
        operation_id="incidents_redact",
        parameters=[IF_MATCH, ETAG],
        request=RedactRequest,
        responses={202: RedactAnswer, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Blank every version of an incident that was published, for good."""
        version = version_of(request)
        incident = incident_redact(
            actor=actor_of_request(request),
            incident_id=incident_id,
            version=version,
            **checked_body(RedactRequest, request),
        )
        answer = {"incident": incident.id, "version": incident.version}
        return Response(RedactAnswer(answer).data, status=202, headers=etag_of(incident))
