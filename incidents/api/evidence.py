"""Files and links of a report: uploading, reading, the working copy and the original."""

from mimetypes import guess_extension
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.errors import FieldError, InvalidInput, NotFound, TooLarge
from incidents.api.evidence_shapes import (
    EvidenceDetailAnswer,
    EvidenceReceived,
    LinkAnswer,
    evidence_answer,
)
from incidents.api.schema import refusals
from incidents.api.serializers import StrictSerializer
from incidents.api.views import checked_body, demand_own
from incidents.selectors.evidence import evidence_visible_to, near_identical_visible_to
from incidents.services.evidence import evidence_receive, link_record
from incidents.services.evidence_reading import copy_open, original_open

# What stands around the file in a multipart body.
_ENVELOPE_BYTES = 64 * 1024
_WEB = r"^https?://[^\s\x00]+\Z"


class EvidenceUpload(StrictSerializer):
    """One file, and what its sender hashed."""

    file = serializers.FileField(help_text="one picture, film, recording or PDF")
    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}\Z", help_text="of the file as it was sent, hex"
    )

    def validate_sha256(self, text: str) -> str:
        """Return it in lower case."""
        return text.lower()


class LinkRequest(StrictSerializer):
    """Where something can be seen. We never fetch it."""

    url = serializers.RegexField(_WEB, max_length=2000)
    captured_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    archive_url = serializers.RegexField(
        _WEB, max_length=2000, required=False, allow_blank=True, default=""
    )
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")

    def validate_captured_at(self, moment: Any) -> Any:
        """Refuse what has not happened yet."""
        if moment is not None and moment > timezone.now():
            raise serializers.ValidationError(_("This is in the future."), code="future")
        return moment


class ReportEvidence(APIView):
    """Uploading."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="reports_evidence_create",
        request={"multipart/form-data": EvidenceUpload},
        responses={
            200: EvidenceReceived,
            201: EvidenceReceived,
            **refusals(400, 401, 403, 404, 409, 411, 413, 415),
        },
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        """Store one file of one's own organisation's report; the same again is answered 200."""
        demand_own(request, report_id)
        check_length(request)
        asked = _one_file(request)
        received = evidence_receive(
            actor=actor_of_request(request),
            report_id=report_id,
            name=asked["file"].name,
            content=asked["file"],
            sha256=asked["sha256"],
        )
        path = reverse("evidence-detail", kwargs={"evidence_id": received.evidence.id})
        headers = {"Location": request.build_absolute_uri(path)}
        status = 201 if received.is_new else 200
        return Response(EvidenceReceived(received).data, status=status, headers=headers)


def check_length(request: HttpRequest | Request) -> None:
    """Refuse what is too large before any of it is read."""
    most = settings.EVIDENCE_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most + _ENVELOPE_BYTES:
        message = _("A file has at most %d MB.") % (most // (1024 * 1024))
        raise TooLarge(message, errors=[FieldError("file", message, "too_large")])


def _one_file(request: Request) -> dict[str, Any]:
    asked = checked_body(EvidenceUpload, request)
    if len(request.FILES.getlist("file")) > 1:
        message = _("Send one file at a time.")
        raise InvalidInput(errors=[FieldError("file", message, "several")])
    return asked


class ReportLinks(APIView):
    """Links."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]

    @extend_schema(
        operation_id="reports_links_create",
        request=LinkRequest,
        responses={
            200: LinkAnswer,
            201: LinkAnswer,
            **refusals(400, 401, 403, 404, 409, 413, 415),
        },
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        """Record where something can be seen; it is never fetched. The same again is 200."""
        demand_own(request, report_id)
        asked = checked_body(LinkRequest, request)
        link, is_new = link_record(actor=actor_of_request(request), report_id=report_id, **asked)
        return Response(LinkAnswer(link).data, status=201 if is_new else 200)


class EvidenceDetail(APIView):
    """One file."""

    permission_classes = [requires(Action.REPORT_READ_OWN)]

    @extend_schema(
        operation_id="evidence_retrieve",
        responses={200: EvidenceDetailAnswer, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, evidence_id: UUID) -> Response:
        """Return what is known of a file, with its receipt; monitors are told what looks alike."""
        actor = actor_of_request(request)
        row = evidence_visible_to(actor).filter(id=evidence_id).first()
        if row is None:
            raise NotFound()
        shown = evidence_answer(row.name, row) | {
            "report": row.report_id,
            "near_identical": near_identical_visible_to(actor, row),
        }
        return Response(EvidenceDetailAnswer(shown).data)


class AnyRenderer(JSONRenderer):
    """Lets a client ask for any media type of a file; refusals are JSON as everywhere."""

    media_type = "*/*"


class EvidenceFile(APIView):
    """The file itself."""

    permission_classes = [requires(Action.REPORT_READ_OWN)]
    renderer_classes = [AnyRenderer]

    @extend_schema(
        operation_id="evidence_file",
        parameters=[
            OpenApiParameter(
                "original",
                bool,
                description="The file as it came, with its metadata; each reading is recorded.",
            )
        ],
        responses={(200, "*/*"): OpenApiTypes.BINARY, **refusals(400, 401, 403, 404)},
    )
    def get(self, request: Request, evidence_id: UUID) -> FileResponse:
        """Serve the working copy, or with ``original=true`` the original."""
        open_it = original_open if _wants_original(request) else copy_open
        opened = open_it(actor=actor_of_request(request), evidence_id=evidence_id)
        response = FileResponse(
            opened.file,
            as_attachment=True,
            filename=f"{evidence_id}{guess_extension(opened.content_type) or ''}",
            content_type=opened.content_type,
        )
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def _wants_original(request: Request) -> bool:
    said = request.query_params.get("original", "false")
    if said not in {"true", "false"}:
        message = _("original is true or false.")
        raise InvalidInput(errors=[FieldError("original", message, "original")])
    return said == "true"
