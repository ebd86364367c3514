"""Shapes of questions about a monitor's own places, and of their answers. Persons, metres, UTC."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.queue import MomentField
from incidents.api.serializers import StrictSerializer
from incidents.types import Occurred
from scoring.api.place_fields import NumberField, PointsField, PolygonField
from scoring.api.serializers import LayerAnswer
from scoring.floors import EvidenceFloor
from scoring.models import ExposureQuestion
from scoring.models.questions import QuestionState
from scoring.selectors import question_is_parked
from scoring.services.questions import Question, question_answer
from scoring.weapon_profiles import ACLED_RADII_M

MOST_RADIUS_M = 50_000


class CircleRequest(StrictSerializer):
    """A circle."""

    longitude = NumberField(min_value=-180, max_value=180)
    latitude = NumberField(min_value=-85, max_value=85)
    radius_m = NumberField(min_value=1, max_value=300_000)


class PeriodRequest(StrictSerializer):
    """A period, both ends included: times with their zone, or dates (UTC)."""

    start = MomentField(Occurred.first_moment)
    end = MomentField(Occurred.last_moment)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an end before the start."""
        if attrs["end"] < attrs["start"]:
            raise serializers.ValidationError({"end": _("The end comes before the start.")})
        return attrs


class QuestionRequest(StrictSerializer):
    """What is asked: one of polygon, circle and points; with a period, which strikes reach it."""

    polygon = PolygonField(required=False)
    circle = CircleRequest(required=False)
    points = PointsField(required=False)
    radii_m = serializers.ListField(
        child=NumberField(min_value=1, max_value=MOST_RADIUS_M),
        required=False,
        min_length=1,
        max_length=5,
        help_text="Metres; the ACLED radii unless given.",
    )
    period = PeriodRequest(required=False)
    layer = serializers.CharField(
        required=False, max_length=64, help_text="Id or checksum; the active layer unless given."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none or several places, and a period for points."""
        places = [name for name in ("polygon", "circle", "points") if name in attrs]
        if len(places) != 1:
            message = _("Send exactly one of polygon, circle and points.")
            names = places or ["polygon"]
            raise serializers.ValidationError({name: [message] for name in names}, code="one_place")
        if "points" in attrs and "period" in attrs:
            message = _(
                "Points are strikes of your own, which have no period; send a polygon or a circle "
                "to ask about the strikes of the record."
            )
            raise serializers.ValidationError({"period": [message]}, code="period")
        return attrs

    def question(self) -> Question:
        """Return what is asked."""
        given = self.validated_data
        circle, period = given.get("circle"), given.get("period")
        return Question(
            radii_m=tuple(sorted(set(given.get("radii_m", ACLED_RADII_M)))),
            polygon=given.get("polygon"),
            circle=circle and (circle["longitude"], circle["latitude"], circle["radius_m"]),
            points=given.get("points", ()),
            period=period and (period["start"], period["end"]),
            layer=given.get("layer", ""),
        )


class GroupPeople(serializers.Serializer):
    """People of one sex and age group."""

    sex = serializers.CharField()
    age_group = serializers.CharField()
    people = serializers.FloatField()


class QuestionFigure(serializers.Serializer):
    """People in reach at one radius, over the strikes on one evidence floor."""

    radius_m = serializers.FloatField()
    evidence_floor = serializers.ChoiceField(
        EvidenceFloor.choices, allow_null=True, help_text="null for points"
    )
    strikes = serializers.IntegerField(help_text="whose reach may touch the area, or points")
    unique_people = serializers.FloatField(help_text="each once; expected where places are vague")
    person_strikes = serializers.FloatField(help_text="each as often as a strike reached them")
    groups = GroupPeople(many=True, help_text="unique people, where the layer has groups")


class QuestionResult(serializers.Serializer):
    """The answer."""

    layer = LayerAnswer()
    formula_version = serializers.CharField()
    parameters = serializers.DictField()
    residents = serializers.FloatField(allow_null=True, help_text="of the area; null for points")
    residents_by_group = GroupPeople(many=True)
    figures = QuestionFigure(many=True)
    left_out = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="strikes of the period: no_place (wherever they were), too_vague (around here)",
    )


class Progress(serializers.Serializer):
    """How many parts of the answer are done."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()


class QuestionAnswer(serializers.Serializer):
    """A question that workers answer, and its answer once all its parts are done."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField(help_text="waiting, running, done or failed")
    progress = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()
    error = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    def get_url(self, question: ExposureQuestion) -> str:
        """Return where the answer is fetched."""
        path = reverse("exposure-question", kwargs={"question_id": question.id})
        return self.context["request"].build_absolute_uri(path)

    def get_state(self, question: ExposureQuestion) -> str:
        """Return how far it has come."""
        if question.error or (question.finished_at is None and question_is_parked(question.id)):
            return QuestionState.FAILED
        if question.finished_at:
            return QuestionState.DONE
        return QuestionState.RUNNING if question.parts_done else QuestionState.WAITING

    @extend_schema_field(Progress())
    def get_progress(self, question: ExposureQuestion) -> dict[str, int]:
        """Return the parts done and all."""
        return {"done": question.parts_done, "total": question.parts_total}

    def get_error(self, question: ExposureQuestion) -> str:
        """Return why it failed, empty where it did not."""
        if self.get_state(question) != QuestionState.FAILED:
            return ""
        return question.error or _("It was tried many times in vain; ask an administrator.")

    @extend_schema_field(QuestionResult(allow_null=True))
    def get_result(self, question: ExposureQuestion) -> Any:
        """Return the answer, None until it is whole."""
        if self.get_state(question) != QuestionState.DONE:
            return None
        return QuestionResult(question_answer(question).document()).data
