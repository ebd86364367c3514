"""People exposed within a polygon of the reader's own, answered by scoring's questions."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from accounts.permissions import Action
from core.errors import FieldError, InvalidInput, NotFound
from core.problems import invalid_input
from monitor.access import Page
from monitor.risk.cells import persons
from scoring.api.question_shapes import QuestionAnswer, QuestionRequest
from scoring.floors import EvidenceFloor
from scoring.models import ExposureQuestion
from scoring.selectors import question_visible_to
from scoring.services.questions import question_ask

_MOST_TEXT = 400_000


class PeoplePage(Page):
    """Asking who is exposed within a polygon, each person once and as often as struck."""

    action = Action.EXPOSURE_ASK

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, or lead to where it will be."""
        try:
            checked = _question(request)
            answered = question_ask(
                actor=self.actor, question=checked.question(), asked=dict(checked.initial_data)
            )
        except InvalidInput as error:
            return self.shown({"errors": error.errors}, 400)
        if isinstance(answered, ExposureQuestion):
            return redirect("monitor:map-answer", question_id=answered.id)
        return self.shown(_answer(answered.document()))

    def shown(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Return the answer as a page, or the part of one that the map asks for."""
        part = "_people" if self.request.headers.get("HX-Request") else "people"
        return self.page(f"monitor/overview/{part}.html", context, status)


class AnswerPage(PeoplePage):
    """An answer that takes workers a while."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, question_id: UUID) -> HttpResponse:
        """Return how far it has come, or the answer; ``NotFound`` for another's."""
        question = question_visible_to(self.actor).filter(id=question_id).first()
        if question is None:
            raise NotFound()
        told = QuestionAnswer(question, context={"request": request}).data
        if told["result"]:
            return self.shown(_answer(told["result"]))
        return self.shown({"question": told})


def _question(request: HttpRequest) -> QuestionRequest:
    """Return what is asked, checked; ``InvalidInput`` names what cannot be."""
    text = request.POST.get("polygon", "")
    try:
        ring = msgspec.json.decode(text[:_MOST_TEXT])
    except (msgspec.DecodeError, RecursionError):
        message = _("Write corners as [[longitude, latitude], …], the first one again at the end.")
        raise InvalidInput(errors=[FieldError("polygon", message, "json")]) from None
    asked: dict[str, Any] = {"polygon": {"type": "Polygon", "coordinates": [ring]}}
    period = {name: request.POST.get(name, "") for name in ("start", "end")}
    if any(period.values()):
        asked["period"] = period
    checked = QuestionRequest(data=asked)
    try:
        checked.is_valid(raise_exception=True)
    except ValidationError as error:
        raise invalid_input(error) from None
    return checked


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "residents": persons(found["residents"] or 0.0),
        "layer": found["layer"],
        "left_out": sum(found["left_out"].values()),
        "figures": [
            {
                "radius_m": round(one["radius_m"]),
                "floor": EvidenceFloor(one["evidence_floor"]).label,
                "strikes": one["strikes"],
                "unique": persons(one["unique_people"]),
                "person_strikes": persons(one["person_strikes"]),
            }
            for one in found["figures"]
            if one["evidence_floor"]
        ],
    }
