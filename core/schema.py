"""Refusals, as openapi.yaml describes them."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ProblemField(serializers.Serializer):
    """One thing wrong with one field."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    row = serializers.IntegerField(required=False)


class Problem(serializers.Serializer):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = ProblemField(many=True, required=False)  # type: ignore[assignment]


def refusals(*statuses: int) -> dict[Any, OpenApiResponse]:
    """Return the problem responses of these statuses."""
    return {(status, "application/problem+json"): OpenApiResponse(Problem) for status in statuses}
