"""Shapes of files and links in answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents import vocab
from incidents.models import Evidence, EvidenceLink, WorkingCopy


class LinkAnswer(serializers.ModelSerializer):
    """One link."""

    class Meta:
        model = EvidenceLink
        fields = ("id", "url", "captured_at", "archive_url", "note", "added_at")


class WorkingCopyAnswer(serializers.ModelSerializer):
    """The copy that is served in place of the original: pixels, upright, in sRGB."""

    class Meta:
        model = WorkingCopy
        fields = (
            "content_type",
            "sha256",
            "size",
            "width",
            "height",
            "is_first_of_several",
            "made_at",
        )


class EvidenceAnswer(serializers.Serializer):
    """A file of a report. While one that was announced is awaited, only its name is known."""

    name = serializers.CharField()
    awaited = serializers.BooleanField()
    id = serializers.UUIDField(required=False)
    sha256 = serializers.CharField(required=False)
    size = serializers.IntegerField(required=False)
    content_type = serializers.CharField(required=False)
    received_at = serializers.DateTimeField(required=False)
    receipt = serializers.DictField(required=False)
    working_copy = WorkingCopyAnswer(required=False, allow_null=True)
    no_copy = serializers.ChoiceField(
        vocab.NoCopy.choices,
        required=False,
        allow_blank=True,
        help_text="why there is no working copy; empty where there is one or it is being made",
    )


def evidence_answer(name: str, row: Evidence | None) -> dict[str, Any]:
    """Return one file as ``EvidenceAnswer`` has it."""
    if row is None:
        return {"name": name, "awaited": True}
    shown = ("id", "sha256", "size", "content_type", "received_at", "receipt")
    copy = getattr(row, "working_copy", None)
    made = copy if copy and not copy.no_copy else None
    return (
        {"name": name, "awaited": False}
        | {field: getattr(row, field) for field in shown}
        | {"working_copy": made, "no_copy": copy.no_copy if copy else ""}
    )


class NearAnswer(serializers.Serializer):
    """Another file that is the same, or shows nearly the same picture."""

    evidence = serializers.UUIDField(source="evidence_id")
    report = serializers.UUIDField(source="report_id")
    incident = serializers.UUIDField(source="incident_id")
    distance = serializers.IntegerField(help_text="bits of 64 that differ; 0: the same, or nearly")


class EvidenceReceived(serializers.Serializer):
    """What the sender of a file gets back."""

    id = serializers.UUIDField(source="evidence.id")
    receipt = serializers.DictField(source="evidence.receipt")


class EvidenceDetailAnswer(EvidenceAnswer):
    """One file, and for monitors which others look like it."""

    report = serializers.UUIDField()
    near_identical = serializers.SerializerMethodField()

    @extend_schema_field(NearAnswer(many=True))
    def get_near_identical(self, row: dict[str, Any]) -> Any:
        """Return the warnings; none for who reads only their own."""
        return NearAnswer(row["near_identical"], many=True).data
