"""Merging, splitting, undoing: for monitors."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from incidents.api.preconditions import ETAG, IF_MATCH, WRITE_REFUSALS, etag_of, version_of
from incidents.api.serializers import IncidentSummary, MergeAnswer, StrictSerializer
from incidents.api.views import checked_body
from incidents.services.merging import incident_merge, incident_split, merge_undo

MOST_AT_ONCE = 100


class KnownIncident(StrictSerializer):
    """An incident, and the version of it that the monitor saw."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1)


class UndoRequest(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=5000)


class MergeRequest(UndoRequest):
    """Which incidents are the same strike as this one."""

    incidents = KnownIncident(  # type: ignore[call-arg]
        many=True, allow_empty=False, max_length=MOST_AT_ONCE
    )


class SplitRequest(UndoRequest):
    """Which reports speak of another strike."""

    reports = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=1000
    )


class IncidentMerge(APIView):
    """Merging."""

    permission_classes = [requires(Action.INCIDENT_MERGE)]

    @extend_schema(
        operation_id="incidents_merge",
        parameters=[IF_MATCH, ETAG],
        request=MergeRequest,
        responses={201: MergeAnswer, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Move the reports of other incidents into this one; their ids redirect to it."""
        version = version_of(request)
        asked = checked_body(MergeRequest, request)
        others = {other["id"]: other["version"] for other in asked["incidents"]}
        record = incident_merge(
            actor=actor_of_request(request),
            into_id=incident_id,
            from_ids=[other["id"] for other in asked["incidents"]],
            versions=others | {incident_id: version},
            reason=asked["reason"],
        )
        headers = etag_of(record.survivor)
        return Response(MergeAnswer(record).data, status=201, headers=headers)


class IncidentSplit(APIView):
    """Splitting."""

    permission_classes = [requires(Action.INCIDENT_MERGE)]

    @extend_schema(
        operation_id="incidents_split",
        parameters=[IF_MATCH, ETAG],
        request=SplitRequest,
        responses={201: IncidentSummary, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Move some reports into a new incident, which is returned."""
        version = version_of(request)
        asked = checked_body(SplitRequest, request)
        new = incident_split(
            actor=actor_of_request(request),
            incident_id=incident_id,
            report_ids=asked["reports"],
            version=version,
            reason=asked["reason"],
        )
        headers = etag_of(new) | {"Location": request.build_absolute_uri(f"../../{new.id}/")}
        return Response(IncidentSummary(new).data, status=201, headers=headers)


class MergeUndo(APIView):
    """Undoing a merge."""

    permission_classes = [requires(Action.INCIDENT_MERGE)]

    @extend_schema(
        operation_id="merges_undo",
        parameters=[IF_MATCH, ETAG],
        request=UndoRequest,
        responses={200: MergeAnswer, **WRITE_REFUSALS},
    )
    def post(self, request: Request, merge_id: UUID) -> Response:
        """Give the reports back; the old incidents stand again under their ids."""
        version = version_of(request)
        asked = checked_body(UndoRequest, request)
        record = merge_undo(
            actor=actor_of_request(request), merge_id=merge_id, version=version, **asked
        )
        return Response(MergeAnswer(record).data, headers=etag_of(record.survivor))
