"""Which version of an incident a write is based on: ``If-Match``, against ``ETag`` (RFC 9110)."""

import re

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request

from core.errors import FieldError, InvalidInput, PreconditionFailed, PreconditionRequired
from incidents.api.schema import LineAnswer, Problem, refusals
from incidents.models import Incident

_VERSION = re.compile(r'"([1-9][0-9]{0,8})"')
_ANY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def etag_of(incident: Incident) -> dict[str, str]:
    """Return the header that names an incident's version."""
    return {"ETag": f'"{incident.version}"'}


def version_of(request: Request) -> int:
    """Return the version in ``If-Match: "3"``, the one that the caller saw.

    Raises ``PreconditionRequired`` without it, ``PreconditionFailed`` for a tag that no incident
    ever had, ``InvalidInput`` for what names no single version.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired(
            _('Send the ETag of the incident as you saw it, for example: If-Match: "3"')
        )
    if match := _VERSION.fullmatch(given):
        return int(match[1])
    if _ANY_TAG.fullmatch(given):
        raise PreconditionFailed(
            _('A version is a whole number in quotes, just as the ETag gave it: If-Match: "3"')
        )
    message = _('Name the one version that you saw, in quotes: "3". No list and no * is taken.')
    raise InvalidInput(errors=[FieldError("If-Match", message, "if_match")])


class StaleProblem(Problem):
    """Why a write was refused whose version is not, or no longer, the current one."""

    incident = serializers.UUIDField(required=False)
    current_version = serializers.IntegerField(required=False)
    changes = LineAnswer(many=True, required=False)


WRITE_REFUSALS = refusals(400, 401, 403, 404, 409, 415, 428) | {
    (412, "application/problem+json"): OpenApiResponse(StaleProblem)
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    pattern=r'^"[1-9][0-9]{0,8}"$',
    description="The ETag of the incident as the caller saw it, its version in quotes.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="The version of the incident answered with, in quotes.",
)
