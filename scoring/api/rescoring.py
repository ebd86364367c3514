"""How far scoring everything anew has come."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from incidents.api.pagination import page_answer, page_schema
from incidents.api.schema import CURSOR, LIMIT, refusals
from scoring.api.serializers import LayerAnswer
from scoring.selectors import rescoring_visible_to


class RescoringAnswer(serializers.Serializer):
    """One run over all strikes; the numbers are incidents."""

    id = serializers.UUIDField()
    layer = LayerAnswer()
    formula_version = serializers.CharField()
    profiles_version = serializers.CharField()
    requested_at = serializers.DateTimeField()
    last_done_at = serializers.DateTimeField(allow_null=True)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text="the layer was no longer in use")
    stuck = serializers.IntegerField(help_text="given up after many attempts")


class Rescorings(APIView):
    """The runs."""

    permission_classes = [requires(Action.INCIDENT_READ)]

    @extend_schema(
        operation_id="rescorings_list",
        parameters=[LIMIT, CURSOR],
        responses={200: page_schema(RescoringAnswer, "RescoringPage"), **refusals(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List the runs of scoring everything anew, the newest first, and how far each has come."""
        rows = rescoring_visible_to(actor_of_request(request)).prefetch_related("layer__groups")
        return page_answer(
            request, rows, "requested_at", lambda page: RescoringAnswer(page, many=True).data
        )
