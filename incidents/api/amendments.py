"""What an organisation says afterwards of its report; and reading who is behind one."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from msgspec.structs import replace
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.canonical import sha256_hex
from core.errors import NotFound
from incidents import vocab
from incidents.api.schema import IDEMPOTENCY_KEY, refusals, report_schema
from incidents.api.serializers import ConsentAnswer, ReceivedAnswer, StrictSerializer
from incidents.api.views import (
    checked_body,
    demand_own,
    idempotency_key,
    received_answer,
    report_take,
)
from incidents.intake.json_reports import submission_parse
from incidents.selectors.incidents import sealed_visible_to
from incidents.services.amendments import consent_change, report_withdraw
from incidents.services.reports import report_received_before
from incidents.services.sealed_reading import sealed_read

_REFUSALS = refusals(400, 401, 403, 404, 409, 413, 415)


class ReasonRequest(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=5000)


class ConsentRequest(ReasonRequest):
    """What is agreed to from now on; purposes that are not named stay as they are."""

    share = serializers.BooleanField(required=False, help_text="with partners")
    publish = serializers.BooleanField(required=False)
    court = serializers.BooleanField(required=False, help_text="use in court")
    basis = serializers.ChoiceField(
        vocab.ConsentBasis.choices, required=False, help_text="needed where anything is widened"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a change that names no purpose."""
        if not any(purpose in attrs for purpose in vocab.Purpose.values):
            raise serializers.ValidationError(_("Name at least one purpose."), code="required")
        return attrs


class WithdrawalAnswer(serializers.Serializer):
    """When a report was withdrawn, and why."""

    report = serializers.UUIDField(source="report_id")
    withdrawn_at = serializers.DateTimeField()
    reason = serializers.CharField()


class ReporterAnswer(serializers.Serializer):
    """Who reported to the organisation."""

    name = serializers.CharField()
    contact = serializers.CharField()


class SealedAnswer(serializers.Serializer):
    """Who is behind a report."""

    reporter = ReporterAnswer(allow_null=True)
    sources = serializers.DictField(
        child=serializers.CharField(), help_text="identities by the ref of their source"
    )


class ReportCorrect(APIView):
    """Correcting."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]

    @extend_schema(
        operation_id="reports_correct",
        parameters=[IDEMPOTENCY_KEY],
        request={"application/json": report_schema()},
        responses={201: ReceivedAnswer, **_REFUSALS},
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        """Take a newer report, whole, in place of one of one's own organisation."""
        actor = actor_of_request(request)
        report = demand_own(request, report_id)
        digest = sha256_hex(request.body)
        # The same words may be sent first as a report and later to correct another one.
        key = idempotency_key(request) or f"sha256:{digest}:corrects:{report.id}"
        corrects = report.idempotency_key
        known = report_received_before(actor=actor, key=key, body_sha256=digest, corrects=corrects)
        if known is not None:
            return received_answer(request, known)
        return report_take(
            request, lambda: replace(submission_parse(request.body, key), corrects=corrects)
        )


class ReportWithdraw(APIView):
    """Withdrawing."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]

    @extend_schema(
        operation_id="reports_withdraw",
        request=ReasonRequest,
        responses={200: WithdrawalAnswer, **_REFUSALS},
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        """Withdraw a report of one's own organisation; it stays readable and counts nowhere."""
        demand_own(request, report_id)
        asked = checked_body(ReasonRequest, request)
        withdrawal = report_withdraw(actor=actor_of_request(request), report_id=report_id, **asked)
        return Response(WithdrawalAnswer(withdrawal).data)


class ReportConsent(APIView):
    """Consent."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]

    @extend_schema(
        operation_id="reports_consent",
        request=ConsentRequest,
        responses={200: ConsentAnswer, 201: ConsentAnswer, **_REFUSALS},
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        """Narrow or widen the consent to a report of one's own organisation; 200: it was so."""
        demand_own(request, report_id)
        asked = checked_body(ConsentRequest, request)
        basis = asked.get("basis")
        changed = consent_change(
            actor=actor_of_request(request),
            report_id=report_id,
            purposes={key: asked[key] for key in vocab.Purpose if key in asked},
            basis=vocab.ConsentBasis(basis) if basis else None,
            reason=asked["reason"],
        )
        status = 201 if changed.is_new else 200
        return Response(ConsentAnswer(changed.consent).data, status=status)


class ReportSealed(APIView):
    """Reading what is sealed."""

    permission_classes = [requires(Action.SEALED_READ_OWN)]

    @extend_schema(
        operation_id="reports_sealed",
        request=ReasonRequest,
        responses={200: SealedAnswer, **refusals(400, 401, 403, 404, 413, 415, 429)},
    )
    def post(self, request: Request, report_id: UUID) -> Response:
        """Return who reported and who the sources are. That it was read, and why, is recorded."""
        actor = actor_of_request(request)
        if not sealed_visible_to(actor).filter(id=report_id).exists():
            raise NotFound()
        asked = checked_body(ReasonRequest, request)
        identities = sealed_read(actor=actor, report_id=report_id, **asked)
        headers = {"Cache-Control": "no-store"}
        return Response(SealedAnswer(identities).data, headers=headers)
