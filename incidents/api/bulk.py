"""Grading or publishing many incidents at once, the count shown and confirmed first."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.problems import domain_problem
from incidents import vocab
from incidents.api.queue import QueueParameters, filter_of
from incidents.api.schema import Problem, refusals
from incidents.api.serializers import AssessmentRequest, IncidentSummary
from incidents.api.views import checked_body
from incidents.services.bulk import (
    CONFIRM_WITHIN,
    MOST_AT_ONCE,
    BulkAction,
    BulkOrder,
    Outcome,
    Proposal,
    Refused,
    bulk_carry_out,
    bulk_propose,
)


class BulkRequest(AssessmentRequest):
    """What to do to which incidents; with ``token`` and ``confirm_count`` it is done."""

    action = serializers.ChoiceField(BulkAction.choices)
    filter = QueueParameters()
    grade = serializers.ChoiceField(vocab.Grade.choices, required=False)
    token = serializers.CharField(
        max_length=100_000, required=False, help_text="Of the answer that gave the count."
    )
    confirm_count = serializers.IntegerField(min_value=0, required=False)

    def validate_filter(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Refuse an empty filter: nobody means the whole archive."""
        if not asked:
            raise serializers.ValidationError(_("Name at least one filter."), code="empty")
        return asked

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand a grade for grading alone, and token and count together or not at all."""
        errors = {}
        if (attrs["action"] == BulkAction.GRADE) != ("grade" in attrs):
            errors["grade"] = [_("A grade is given for grading, and for nothing else.")]
        if ("token" in attrs) != ("confirm_count" in attrs):
            missing = "confirm_count" if "token" in attrs else "token"
            errors[missing] = [_("Token and confirm_count are given together or not at all.")]
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class ProposalAnswer(serializers.Serializer):
    """What the order would touch. Nothing has been changed."""

    matched = serializers.IntegerField(help_text="Incidents that fit the filter.")
    count = serializers.IntegerField(
        help_text=f"Of these the oldest, at most {MOST_AT_ONCE}, which the token names."
    )
    sample = IncidentSummary(many=True)
    token = serializers.CharField()
    token_seconds = serializers.IntegerField(help_text="How long the token can be used.")


class DoneAnswer(serializers.Serializer):
    """One incident as it stands now."""

    incident = serializers.UUIDField()
    version = serializers.IntegerField()
    grade = serializers.CharField(help_text="The one that stands.")
    audiences = serializers.ListField(
        child=serializers.CharField(), help_text="To whom it was published."
    )


class RefusedAnswer(serializers.Serializer):
    """One incident that was left as it is, and why."""

    incident = serializers.UUIDField()
    problem = serializers.SerializerMethodField()

    def get_problem(self, refused: Refused) -> Problem:
        """Return the refusal as it would have been answered to a request for this one alone."""
        return domain_problem(refused.error)  # type: ignore[return-value]


class OutcomeAnswer(serializers.Serializer):
    """What became of each incident."""

    done = DoneAnswer(many=True)
    refused = RefusedAnswer(many=True)


class IncidentBulk(APIView):
    """Grading or publishing many."""

    # The service asks for the action that the order needs.
    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="incidents_bulk",
        request=BulkRequest,
        responses={
            200: ProposalAnswer,
            201: OutcomeAnswer,
            **refusals(400, 401, 403, 415),
        },
    )
    def post(self, request: Request) -> Response:
        """Tell how many incidents an order touches (200); with the answer's token, do it (201)."""
        asked = checked_body(BulkRequest, request)
        actor = actor_of_request(request)
        order = BulkOrder(
            action=BulkAction(asked["action"]),
            wanted=filter_of(asked["filter"], actor),
            reason=asked["reason"],
            grade=vocab.Grade(asked["grade"]) if "grade" in asked else None,
        )
        if "token" not in asked:
            return _proposed(bulk_propose(actor=actor, order=order))
        outcome = bulk_carry_out(
            actor=actor,
            order=order,
            token=asked["token"],
            confirm_count=asked["confirm_count"],
        )
        return _carried_out(outcome)


def _proposed(proposal: Proposal) -> Response:
    answer = ProposalAnswer(
        {
            "matched": proposal.matched,
            "count": proposal.count,
            "sample": proposal.sample,
            "token": proposal.token,
            "token_seconds": int(CONFIRM_WITHIN.total_seconds()),
        }
    )
    return Response(answer.data)


def _carried_out(outcome: Outcome) -> Response:
    return Response(OutcomeAnswer(outcome).data, status=201)
