"""Questions about a monitor's own polygon, circle or points."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.errors import NotFound
from incidents.api.schema import refusals
from scoring.api import question_shapes as shapes
from scoring.models import ExposureQuestion
from scoring.selectors import question_visible_to
from scoring.services.questions import question_ask


class ExposureQuestions(APIView):
    """Asking."""

    permission_classes = [requires(Action.EXPOSURE_ASK)]

    @extend_schema(
        operation_id="exposure_ask",
        request=shapes.QuestionRequest,
        responses={
            200: shapes.QuestionResult,
            202: shapes.QuestionAnswer,
            **refusals(400, 401, 403, 404, 409, 415, 429),
        },
    )
    def post(self, request: Request) -> Response:
        """Return the people exposed; where that takes long, 202 and where the answer will be."""
        checked = shapes.QuestionRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        answered = question_ask(
            actor=actor_of_request(request), question=checked.question(), asked=_asked(request)
        )
        if not isinstance(answered, ExposureQuestion):
            return Response(shapes.QuestionResult(answered.document()).data)
        answer = shapes.QuestionAnswer(answered, context={"request": request}).data
        return Response(answer, status=202, headers={"Location": answer["url"]})


def _asked(request: Request) -> dict[str, object]:
    """Return what was sent but the points, which stand in the inputs."""
    sent: Any = request.data
    return {name: value for name, value in sent.items() if name != "points"}


class ExposureQuestionDetail(APIView):
    """One question that takes a worker."""

    permission_classes = [requires(Action.EXPOSURE_ASK)]

    @extend_schema(
        operation_id="exposure_question",
        responses={200: shapes.QuestionAnswer, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, question_id: UUID) -> Response:
        """Return how far the answer has come, and the answer once it is whole."""
        question = question_visible_to(actor_of_request(request)).filter(id=question_id).first()
        if question is None:
            raise NotFound()
        return Response(shapes.QuestionAnswer(question, context={"request": request}).data)
