"""Recording what a party to the conflict answered."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from incidents import vocab
from incidents.api.answers import ResponseAnswer
from incidents.api.preconditions import ETAG, IF_MATCH, WRITE_REFUSALS, etag_of, version_of
from incidents.api.serializers import StrictSerializer
from incidents.api.views import checked_body
from incidents.selectors.casework import responses_of
from incidents.services.responses import Conceded, ResponseDraft, response_record

_MOST_PERSONS = 100_000_000


def _persons() -> Any:
    return serializers.IntegerField(
        min_value=0, max_value=_MOST_PERSONS, required=False, allow_null=True, default=None
    )


class ConcededFigure(StrictSerializer):
    """A figure that the party concedes. Persons; a minimum without a maximum is open-ended."""

    outcome = serializers.ChoiceField(vocab.Outcome.choices)
    civilian_status = serializers.ChoiceField(
        vocab.CivilianStatus.choices, required=False, default=vocab.CivilianStatus.ANY
    )
    minimum = _persons()
    best = _persons()
    maximum = _persons()


class ResponseRequest(StrictSerializer):
    """What a party answered, and where it says so."""

    party = serializers.CharField(max_length=300)
    stance = serializers.ChoiceField(vocab.Stance.choices)
    conceded = ConcededFigure(many=True, required=False, default=list, max_length=50)  # type: ignore[call-arg]
    quote = serializers.CharField(
        max_length=20_000, required=False, default="", allow_blank=True, help_text="Its words."
    )
    url = serializers.RegexField(
        r"^(https?://[^\s\x00]+)?\Z", max_length=2000, required=False, default="", allow_blank=True
    )
    published_on = serializers.DateField(required=False, allow_null=True, default=None)
    replaces = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="An older response to this incident that this one stands in for.",
    )


class IncidentResponses(APIView):
    """What parties to the conflict answer."""

    permission_classes = [requires(Action.INCIDENT_ASSESS)]

    @extend_schema(
        operation_id="incidents_responses_create",
        parameters=[IF_MATCH, ETAG],
        request=ResponseRequest,
        responses={201: ResponseAnswer, **WRITE_REFUSALS},
    )
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Record a response. It makes a new version; the grade and the figures stay."""
        version = version_of(request)
        asked = checked_body(ResponseRequest, request)
        conceded = [Conceded(**figure) for figure in asked.pop("conceded")]
        response = response_record(
            actor=actor_of_request(request),
            incident_id=incident_id,
            version=version,
            draft=ResponseDraft(conceded=conceded, **asked),
        )
        incident = response.incident
        recorded = responses_of(incident).get(id=response.id)
        return Response(ResponseAnswer(recorded).data, status=201, headers=etag_of(incident))
