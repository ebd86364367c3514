"""Shapes of answers: how monitors share the work, and what parties to the conflict said."""

from typing import Any

from rest_framework import serializers

from incidents import vocab
from incidents.models import Comment, Response


class MonitorAnswer(serializers.Serializer):
    """Somebody who may assess incidents."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class LookingAnswer(serializers.Serializer):
    """Who looks at an incident now, and since when."""

    user = serializers.UUIDField()
    name = serializers.CharField()
    since = serializers.DateTimeField()


class CommentAnswer(serializers.ModelSerializer):
    """One comment."""

    written_by = MonitorAnswer()
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)

    class Meta:
        model = Comment
        fields = ("id", "incident", "text", "written_by", "written_at", "replaces")


class ConcededAnswer(serializers.Serializer):
    """One conceded figure. Persons."""

    outcome = serializers.ChoiceField(vocab.Outcome.choices)
    civilian_status = serializers.ChoiceField(vocab.CivilianStatus.choices)
    minimum = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(allow_null=True)
    maximum = serializers.IntegerField(allow_null=True)


class ResponseAnswer(serializers.ModelSerializer):
    """What one party answered; ``stands`` unless a newer response replaces it."""

    conceded = ConcededAnswer(many=True)
    recorded_by = serializers.CharField(source="recorded_by.name")
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    stands = serializers.BooleanField()

    class Meta:
        model = Response
        fields = (
            "id",
            "party",
            "stance",
            "conceded",
            "quote",
            "url",
            "published_on",
            "recorded_by",
            "recorded_at",
            "replaces",
            "stands",
        )


def assigned_to(incident: Any) -> dict[str, Any] | None:
    """Return who works on an incident, as ``MonitorAnswer`` has it; None for nobody."""
    assignment = getattr(incident, "assignment", None)
    return dict(MonitorAnswer(assignment.user).data) if assignment else None
