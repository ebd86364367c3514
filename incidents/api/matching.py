"""What matching suggests, for monitors: they merge or dismiss."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.errors import NotFound
from incidents import vocab
from incidents.api.moved import moved_answer
from incidents.api.pagination import page_answer, page_schema
from incidents.api.schema import CURSOR, LIMIT, refusals
from incidents.api.serializers import IncidentSummary, MovedAnswer, StrictSerializer
from incidents.api.views import checked_body
from incidents.match_reasons import reason_text
from incidents.models import MatchSuggestion
from incidents.selectors.incidents import incident_visible_to
from incidents.selectors.matching import match_visible_to, matches_of, matches_to_decide
from incidents.services.matching import match_dismiss


class DismissRequest(StrictSerializer):
    """Why two incidents are not the same."""

    reason = serializers.CharField(max_length=5000)


class ReasonAnswer(serializers.Serializer):
    """One reason: its code with values for programs, and a sentence for people."""

    code = serializers.CharField()
    weight = serializers.FloatField(help_text="log odds; above zero speaks for the same strike")
    text = serializers.SerializerMethodField()
    values = serializers.SerializerMethodField()

    def get_text(self, reason: dict[str, Any]) -> str:
        """Return the sentence."""
        return reason_text(reason)

    @extend_schema_field(serializers.DictField())
    def get_values(self, reason: dict[str, Any]) -> dict[str, Any]:
        """Return what was compared."""
        return {name: reason[name] for name in reason if name not in {"code", "weight"}}


class MatchAnswer(serializers.Serializer):
    """How likely two incidents are one, why, and what was decided."""

    id = serializers.UUIDField()
    score = serializers.FloatField()
    verdict = serializers.ChoiceField(vocab.Verdict.choices)
    reasons = ReasonAnswer(many=True)
    formula = serializers.CharField()
    found_at = serializers.DateTimeField()
    decision = serializers.ChoiceField(vocab.MatchDecision.choices, allow_null=True)
    reason = serializers.CharField(help_text="of the decision")
    decided_by = serializers.CharField(source="decided_by.name", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class PairAnswer(MatchAnswer):
    """A match with both incidents."""

    incidents = serializers.SerializerMethodField()

    @extend_schema_field(IncidentSummary(many=True))
    def get_incidents(self, match: MatchSuggestion) -> Any:
        """Return both, the lower id first."""
        return IncidentSummary([match.one, match.other], many=True).data


class CandidateAnswer(MatchAnswer):
    """A match as seen from one incident."""

    incident = serializers.SerializerMethodField(help_text="the other one")

    @extend_schema_field(IncidentSummary)
    def get_incident(self, match: MatchSuggestion) -> Any:
        """Return the other incident."""
        is_one = match.one_id == self.context["incident_id"]
        return IncidentSummary(match.other if is_one else match.one).data


class IncidentMatches(APIView):
    """What one incident may be the same as."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_matches",
        responses={
            200: CandidateAnswer(many=True),
            308: MovedAnswer,
            **refusals(401, 403, 404),
        },
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        """List its matches, undecided ones first and the best of them first."""
        actor = actor_of_request(request)
        incident = incident_visible_to(actor).filter(id=incident_id).first()
        if incident is None:
            raise NotFound()
        if moved := moved_answer(request, incident):
            return moved
        rows = matches_of(actor, incident_id)
        shown = CandidateAnswer(rows, many=True, context={"incident_id": incident_id})
        return Response(shown.data)


class MatchList(APIView):
    """The queue."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="matches_list",
        parameters=[LIMIT, CURSOR],
        responses={200: page_schema(PairAnswer, "MatchPage"), **refusals(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List pairs that are likely the same and that nobody decided, the newest first."""
        rows = matches_to_decide(actor_of_request(request))
        return page_answer(request, rows, "found_at", lambda page: PairAnswer(page, many=True).data)


class MatchDismiss(APIView):
    """Dismissing."""

    permission_classes = [requires(Action.INCIDENT_MERGE)]

    @extend_schema(
        operation_id="matches_dismiss",
        request=DismissRequest,
        responses={200: PairAnswer, **refusals(400, 401, 403, 404, 409, 415)},
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        """Say that two incidents are not the same, and why."""
        asked = checked_body(DismissRequest, request)
        actor = actor_of_request(request)
        match_dismiss(actor=actor, match_id=match_id, reason=asked["reason"])
        return Response(PairAnswer(match_visible_to(actor).get(id=match_id)).data)
