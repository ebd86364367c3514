"""Shapes of imports: what is asked for, and what is told of them."""

import json
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.serializers import StrictSerializer
from incidents.intake.presets import PRESETS
from incidents.models import ImportRun
from incidents.selectors.imports import errors_of, rejected_of
from incidents.vocab import ImportMode, TableFormat

FIRST_REASONS = 100


class MappingField(serializers.CharField):
    """A JSON object from the preset's columns to the file's headers."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the text of a form's part."""
        try:
            content = json.loads(super().to_internal_value(data))
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
            raise serializers.ValidationError(
                'A JSON object from columns to headers is needed, {"latitude": "lat"}.'
            )
        return content


class ImportRequest(StrictSerializer):
    """A file and what is to be done with it."""

    file = serializers.FileField()
    preset = serializers.ChoiceField(sorted(PRESETS))
    format = serializers.ChoiceField(TableFormat.choices, required=False)
    mode = serializers.ChoiceField(ImportMode.choices, default=ImportMode.GOOD_ROWS)
    dry_run = serializers.BooleanField(default=False)
    mapping = MappingField(required=False)


class ImportAnswer(serializers.Serializer):
    """How far an import has come, in rows and percent."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    state = serializers.CharField()
    step = serializers.CharField(help_text="of a running one: checking, storing")
    preset = serializers.CharField()
    format = serializers.CharField()
    mode = serializers.CharField()
    dry_run = serializers.BooleanField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    mapping = serializers.DictField(child=serializers.CharField())
    ignored_headers = serializers.SerializerMethodField()
    total_rows = serializers.IntegerField(allow_null=True)
    rows_done = serializers.IntegerField()
    percent = serializers.IntegerField()
    new = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    rejected = serializers.SerializerMethodField()
    error = serializers.CharField()

    def get_url(self, run: ImportRun) -> str:
        """Return where its progress can be read."""
        return self._url("import-detail", run)

    def get_ignored_headers(self, run: ImportRun) -> list[str]:
        """Return the headers that mean nothing to the preset."""
        return [header for header in run.headers if header not in run.mapping.values()]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_rejected(self, run: ImportRun) -> str | None:
        """Return where the refused rows can be fetched, while they can."""
        is_kept = run.refused and run.storage_name
        return self._url("import-rejected", run) if is_kept else None

    def _url(self, name: str, run: ImportRun) -> str:
        path = reverse(name, kwargs={"import_id": run.id})
        return self.context["request"].build_absolute_uri(path)


class Reason(serializers.Serializer):
    """One thing wrong with one row."""

    row = serializers.IntegerField()
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ImportWithReasons(ImportAnswer):
    """The same with why the first of the refused rows were refused."""

    reasons = serializers.SerializerMethodField()

    @extend_schema_field(Reason(many=True))
    def get_reasons(self, run: ImportRun) -> list[dict[str, Any]]:
        """Return the reasons of the first hundred refused rows."""
        rows = rejected_of(run)[:FIRST_REASONS]
        return [error.as_dict() for rejected in rows for error in errors_of(rejected)]


class CodebookColumn(serializers.Serializer):
    """One column of the template."""

    name = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    description = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField())
    several = serializers.BooleanField()
    example = serializers.CharField(allow_blank=True)
    hxl = serializers.CharField(allow_blank=True)
