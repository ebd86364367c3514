"""Webhooks: asked for, looked at, tested and ended by members of one organisation."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.errors import NotFound
from feed.models import Kind, Webhook, WebhookDelivery
from feed.webhooks import services
from feed.webhooks.selectors import webhooks_visible_to
from incidents.api.pagination import page_answer, page_schema
from incidents.api.schema import refusals
from incidents.api.serializers import StrictSerializer
from incidents.api.views import checked_body

_USUAL_KINDS = [Kind.INCIDENT, Kind.CONTEXT_EVENT]
_LARGEST = 2**63 - 1
_READ_REFUSALS = refusals(401, 403, 404)
_WRITE_REFUSALS = refusals(400, 401, 403, 404, 409, 415)


class WebhookRequest(StrictSerializer):
    """Where to post which kinds of entry; from which one on (none: those to come)."""

    url = serializers.CharField(max_length=2000)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(Kind.choices),
        min_length=1,
        max_length=len(Kind),
        required=False,
        default=_USUAL_KINDS,
    )
    from_seq = serializers.IntegerField(min_value=1, max_value=_LARGEST, required=False)


class WebhookAnswer(serializers.ModelSerializer):
    """One webhook; not its secret."""

    class Meta:
        model = Webhook
        fields = (
            *("id", "url", "kinds", "audience", "created_at", "state", "reason", "last_seq"),
            *("failures", "failing_since", "not_before", "old_secret_until"),
        )


class WebhookWithSecret(WebhookAnswer):
    """A webhook and its new secret, which is shown this once."""

    secret = serializers.CharField()

    class Meta(WebhookAnswer.Meta):
        fields = (*WebhookAnswer.Meta.fields, "secret")  # type: ignore[assignment]


class ReplayRequest(StrictSerializer):
    """The first entry that is sent again."""

    from_seq = serializers.IntegerField(min_value=1, max_value=_LARGEST)


class DeliveryAnswer(serializers.ModelSerializer):
    """One delivery; its id is the header webhook-id. ``seq`` null: a ping."""

    next_attempt_at = serializers.SerializerMethodField()

    class Meta:
        model = WebhookDelivery
        fields = (
            *("id", "seq", "state", "created_at", "attempts", "attempted_at", "finished_at"),
            *("status_code", "error", "next_attempt_at"),
        )

    def get_next_attempt_at(self, delivery: WebhookDelivery) -> str | None:
        """Return when it is tried again at the earliest; null where it is not."""
        webhook = delivery.webhook
        if delivery.finished_at or webhook.state != Webhook.State.ACTIVE:
            return None
        return serializers.DateTimeField().to_representation(webhook.not_before)


class Webhooks(APIView):
    """A view for those who may keep webhooks."""

    permission_classes = [requires(Action.WEBHOOK_KEEP)]


def _seen(request: Request, webhook_id: UUID) -> Webhook:
    webhook = webhooks_visible_to(actor_of_request(request)).filter(id=webhook_id).first()
    if webhook is None:
        raise NotFound(_("There is no such webhook."))
    return webhook


def _with_secret(webhook: Webhook, secret: str, status: int) -> Response:
    answer: dict[str, Any] = {**WebhookAnswer(webhook).data, "secret": secret}
    return Response(answer, status=status, headers={"Cache-Control": "no-store"})


class WebhookList(Webhooks):
    """All of an organisation's."""

    @extend_schema(
        operation_id="webhooks_list",
        responses={200: WebhookAnswer(many=True), **refusals(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List the webhooks of the caller's organisation, at most 20."""
        found = webhooks_visible_to(actor_of_request(request)).order_by("created_at")
        return Response(WebhookAnswer(found, many=True).data)

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookRequest,
        responses={201: WebhookWithSecret, **refusals(400, 401, 403, 409, 415)},
    )
    def post(self, request: Request) -> Response:
        """Subscribe an address. The answer alone shows the secret."""
        asked = checked_body(WebhookRequest, request)
        webhook, secret = services.webhook_create(actor=actor_of_request(request), **asked)
        return _with_secret(webhook, secret, 201)


class WebhookDetail(Webhooks):
    """One webhook."""

    @extend_schema(operation_id="webhooks_detail", responses={200: WebhookAnswer, **_READ_REFUSALS})
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return its state, and up to which entry it was told."""
        return Response(WebhookAnswer(_seen(request, webhook_id)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None, **_READ_REFUSALS})
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Take it away, with its log."""
        services.webhook_delete(actor=actor_of_request(request), webhook_id=webhook_id)
        return Response(status=204)


class WebhookPause(Webhooks):
    """Pausing."""

    @extend_schema(
        operation_id="webhooks_pause",
        request=None,
        responses={200: WebhookAnswer, **_READ_REFUSALS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send nothing until it is resumed."""
        actor = actor_of_request(request)
        return Response(
            WebhookAnswer(services.webhook_pause(actor=actor, webhook_id=webhook_id)).data
        )


class WebhookResume(Webhooks):
    """Resuming."""

    @extend_schema(
        operation_id="webhooks_resume",
        request=None,
        responses={200: WebhookAnswer, **_READ_REFUSALS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Go on at once where it stopped, also one that was disabled."""
        actor = actor_of_request(request)
        return Response(
            WebhookAnswer(services.webhook_resume(actor=actor, webhook_id=webhook_id)).data
        )


class WebhookRotate(Webhooks):
    """A new secret."""

    @extend_schema(
        operation_id="webhooks_rotate",
        request=None,
        responses={200: WebhookWithSecret, **_READ_REFUSALS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Give a new secret; for 24 hours both sign."""
        actor = actor_of_request(request)
        webhook, secret = services.webhook_rotate(actor=actor, webhook_id=webhook_id)
        return _with_secret(webhook, secret, 200)


class WebhookPing(Webhooks):
    """A test."""

    @extend_schema(
        operation_id="webhooks_ping",
        request=None,
        responses={202: DeliveryAnswer, **_READ_REFUSALS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send a test, once; its delivery tells what came of it."""
        actor = actor_of_request(request)
        delivery = services.webhook_ping(actor=actor, webhook_id=webhook_id)
        return Response(DeliveryAnswer(delivery).data, status=202)


class WebhookReplay(Webhooks):
    """Sending again."""

    @extend_schema(
        operation_id="webhooks_replay",
        request=ReplayRequest,
        responses={202: WebhookAnswer, **_WRITE_REFUSALS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send all entries from one on again, under the same ids."""
        _seen(request, webhook_id)
        asked = checked_body(ReplayRequest, request)
        webhook = services.webhook_replay(
            actor=actor_of_request(request), webhook_id=webhook_id, **asked
        )
        return Response(WebhookAnswer(webhook).data, status=202)


class DeliveryList(Webhooks):
    """What was sent."""

    @extend_schema(
        operation_id="webhooks_deliveries",
        responses={
            200: page_schema(DeliveryAnswer, "DeliveryPage"),
            **refusals(400, 401, 403, 404),
        },
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """List deliveries, the newest first; finished ones are kept for 30 days."""
        rows = _seen(request, webhook_id).deliveries.select_related("webhook")
        return page_answer(
            request, rows, "created_at", lambda page: DeliveryAnswer(page, many=True).data
        )


class DeliveryReplay(Webhooks):
    """Sending one again."""

    @extend_schema(
        operation_id="webhooks_delivery_replay",
        request=None,
        responses={202: DeliveryAnswer, **_READ_REFUSALS},
    )
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Send one entry again, under the same id."""
        delivery = services.delivery_replay(
            actor=actor_of_request(request), webhook_id=webhook_id, delivery_id=delivery_id
        )
        return Response(DeliveryAnswer(delivery).data, status=202)
