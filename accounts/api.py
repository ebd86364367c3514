"""One's own tokens and phones, below /api/v1/. They are issued on the pages, after the password."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.authentication import actor_of_request
from accounts.devices import device_revoke
from accounts.models import ApiToken, DeviceCredential
from accounts.permissions import Action, requires
from accounts.selectors import devices_visible_to, tokens_visible_to
from accounts.services import token_revoke
from core.errors import NotFound
from core.schema import refusals


class TokenAnswer(serializers.ModelSerializer):
    """One token; its secret is nowhere."""

    class Meta:
        model = ApiToken
        fields = (
            *("id", "name", "prefix", "scopes", "created_at"),
            *("expires_at", "last_used_at", "revoked_at"),
        )


class DeviceAnswer(serializers.ModelSerializer):
    """One phone's credential; its secret is nowhere."""

    class Meta:
        model = DeviceCredential
        fields = ("id", "label", "username", "created_at", "last_used_at", "revoked_at")


class _Own(APIView):
    permission_classes = [requires(Action.ACCOUNT_KEEP)]


def _of(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    own = rows.filter(membership__user=actor.id, membership__organisation=actor.organisation_id)
    return own.order_by("created_at")


def _seen(rows: QuerySet[Any], id_: UUID) -> None:
    if not rows.filter(id=id_).exists():
        raise NotFound(_("There is no such credential."))


class TokenList(_Own):
    """All of one's tokens."""

    @extend_schema(
        operation_id="tokens_list",
        responses={200: TokenAnswer(many=True), **refusals(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List the caller's own tokens, those that have ended too."""
        actor = actor_of_request(request)
        return Response(TokenAnswer(_of(actor, tokens_visible_to(actor)), many=True).data)


class TokenDetail(_Own):
    """One token."""

    @extend_schema(operation_id="tokens_revoke", responses={204: None, **refusals(401, 403, 404)})
    def delete(self, request: Request, token_id: UUID) -> Response:
        """End its use, at once and for good; that of the request's own token too."""
        actor = actor_of_request(request)
        _seen(tokens_visible_to(actor), token_id)
        token_revoke(actor=actor, token_id=token_id)
        return Response(status=204)


class DeviceList(_Own):
    """All of one's phones."""

    @extend_schema(
        operation_id="devices_list",
        responses={200: DeviceAnswer(many=True), **refusals(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List the caller's own phones, those that were revoked too."""
        actor = actor_of_request(request)
        return Response(DeviceAnswer(_of(actor, devices_visible_to(actor)), many=True).data)


class DeviceDetail(_Own):
    """One phone."""

    @extend_schema(operation_id="devices_revoke", responses={204: None, **refusals(401, 403, 404)})
    def delete(self, request: Request, device_id: UUID) -> Response:
        """End its use, at once and for good."""
        actor = actor_of_request(request)
        _seen(devices_visible_to(actor), device_id)
        device_revoke(actor=actor, device_id=device_id)
        return Response(status=204)
