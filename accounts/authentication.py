"""``Authorization: Bearer hw_…`` for the REST API."""

from typing import cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import ApiToken
from accounts.selectors import actor_of_token, token_by_secret, token_refusal
from accounts.services import token_touch


class TokenAuthentication(BaseAuthentication):
    """Turns a bearer token into an ``Actor``; a token that is no good is refused, never ignored."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiToken] | None:
        """Return the actor and the token, or None where no token was sent."""
        words = get_authorization_header(request).split()
        if not words:
            return None
        if len(words) != 2 or words[0].lower() != b"bearer":
            raise AuthenticationFailed(_("Send the token as: Authorization: Bearer TOKEN"))
        token = _usable(token_by_secret(words[1].decode("latin-1")))
        token_touch(token=token)
        return actor_of_token(token), token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing token is answered with 401."""
        return 'Bearer realm="harmwatch"'


def _usable(token: ApiToken | None) -> ApiToken:
    refusal = token_refusal(token)
    if token is None or refusal:
        raise AuthenticationFailed(refusal)
    return token


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description tells of it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer"}


def actor_of_request(request: Request) -> Actor:
    """Return who calls a view that lets only known callers in."""
    return cast(Actor, request.user)
