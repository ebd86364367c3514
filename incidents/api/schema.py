"""Descriptions for openapi.yaml: the report's shape straight from its types, and the refusals."""

from typing import Any

import msgspec
from django.db.models import TextChoices
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from core.schema import Problem as Problem
from core.schema import refusals as refusals
from incidents.types import ReportDraft

_COMPONENTS = "#/components/schemas/{name}"


def report_schema() -> dict[str, Any]:
    """Return the reference to the report's shape."""
    return {"$ref": _COMPONENTS.format(name="ReportDraft")}


def add_report_components(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the report's types to the generated description (a drf-spectacular hook)."""
    _, components = msgspec.json.schema_components(
        [ReportDraft], schema_hook=_vocabulary_schema, ref_template=_COMPONENTS
    )
    for name, schema in components.items():
        result["components"]["schemas"].setdefault(name, _as_openapi_30(schema))
    result["components"]["schemas"] = dict(sorted(result["components"]["schemas"].items()))
    return result


def _vocabulary_schema(kind: type) -> dict[str, Any]:
    """Return the schema of one of our vocabularies, which msgspec does not know as enums."""
    if not issubclass(kind, TextChoices):
        raise NotImplementedError(kind)
    return {"type": "string", "enum": list(kind.values)}


def _as_openapi_30(schema: Any) -> Any:
    """Rewrite JSON Schema 2020-12 as OpenAPI 3.0 has it: ``nullable`` for a union with null."""
    if isinstance(schema, list):
        return [_as_openapi_30(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: _as_openapi_30(inner) for name, inner in schema.items()}
    if schema.get("required") == []:
        del schema["required"]  # which JSON Schema allows and OpenAPI 3.0 does not
    if "pattern" in schema:
        schema["pattern"] = schema["pattern"].replace("\\Z", "$")  # there $ is the very end
    if "examples" in schema:
        schema["example"] = schema.pop("examples")[0]
    kinds = schema.get("anyOf", [])
    if {"type": "null"} in kinds:
        (only,) = [kind for kind in schema.pop("anyOf") if kind != {"type": "null"}]
        schema |= {"allOf": [only]} if "$ref" in only else only
        schema["nullable"] = True
    return schema


class FieldChange(serializers.Serializer):
    """One field before and after: the path it has in the incident's answer."""

    field = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class LineAnswer(serializers.Serializer):
    """One line of an incident's timeline."""

    at = serializers.DateTimeField()
    by = serializers.CharField()
    action = serializers.CharField()
    text = serializers.CharField(help_text="in the language asked for")
    incident = serializers.UUIDField(help_text="the one it was done to; may be merged by now")
    version = serializers.IntegerField(allow_null=True, help_text="of that incident, afterwards")
    changes = FieldChange(many=True)
    reason = serializers.CharField(allow_blank=True)
    seq = serializers.IntegerField(allow_null=True, help_text="in the ledger, once sealed")


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The sender's own id of this report; sending it again gives the same receipt.",
)
LIMIT = OpenApiParameter("limit", int, description="Rows a page; more are served at the maximum.")
CURSOR = OpenApiParameter("cursor", str, description="From a next link.")
