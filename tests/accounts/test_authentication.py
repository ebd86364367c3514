"""Who is let in with ``Authorization: Bearer``, and in which words the others are turned away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.models import ApiToken, Role
from accounts.permissions import Action, requires
from accounts.services import token_revoke

Issue = Callable[..., tuple[ApiToken, str]]


class WhoAmI(APIView):
    """Answers who the caller is."""

    permission_classes = [requires(Action.REPORT_SUBMIT)]

    def get(self, request: Request) -> Response:
        actor: Any = request.user
        return Response({"label": actor.label, "role": actor.role, "scopes": sorted(actor.scopes)})


def ask(header: str | None) -> Response:
    extra = {} if header is None else {"HTTP_AUTHORIZATION": header}
    response: Response = WhoAmI.as_view()(APIRequestFactory().get("/", **extra))
    return response


def refusal(header: str | None) -> str:
    answer = ask(header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="harmwatch"'
    assert answer.data["type"] == "urn:harmwatch:problem:not-authenticated"
    return str(answer.data["title"])


def test_a_good_token_is_let_in_as_its_member(issue: Issue) -> None:
    _, secret = issue()
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = ask(f"{scheme} {secret}")
        assert answer.status_code == 200
    assert answer.data == {
        "label": "Alice (Some NGO)",
        "role": "submitter",
        "scopes": [
            "account.keep",
            "report.import",
            "report.read_own",
            "report.submit",
            "sealed.read_own",
        ],
    }


def test_without_a_token_one_is_asked_for(db: None) -> None:
    assert refusal(None) == "Authentication credentials were not provided."


@pytest.mark.parametrize(
    "header",
    ["Basic YWxpY2U6c2VjcmV0", "Token hw_x", "Bearer", "Bearer a b", "hw_x", "Bearer\x00 a b"],
)
def test_another_scheme_is_told_which_to_use(db: None, header: str) -> None:
    assert refusal(header) == "Send the token as: Authorization: Bearer TOKEN"


@pytest.mark.parametrize(
    "token", ["hw_", "x", "\xff\xfe", "\x00", "'--", "hw_" + "A" * 43, "é" * 5000, "%00"]
)
def test_rubbish_is_no_known_token(issue: Issue, token: str) -> None:
    issue()
    assert refusal(f"Bearer {token}") == "This token is not known."


def test_the_secret_must_be_whole(issue: Issue) -> None:
    token, secret = issue()
    for almost in (secret[:-1], secret + "x", secret.upper(), token.prefix, token.secret_hash):
        assert refusal(f"Bearer {almost}") == "This token is not known."


def test_an_expired_token_is_told_so(issue: Issue) -> None:
    _, secret = issue(lifetime=timedelta(hours=1))
    assert ask(f"Bearer {secret}").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert refusal(f"Bearer {secret}") == "This token has expired."


def test_a_revoked_token_is_told_so_at_once(issue: Issue) -> None:
    token, secret = issue()
    token_revoke(actor=None, token_id=token.id)
    assert refusal(f"Bearer {secret}") == "This token was revoked."


def test_a_closed_account_is_told_so(issue: Issue) -> None:
    token, secret = issue()
    user = token.membership.user
    user.is_active = False
    user.save()
    assert refusal(f"Bearer {secret}") == "This account is closed."


def test_who_has_left_the_organisation_is_told_so(issue: Issue) -> None:
    token, secret = issue()
    token.membership.ended_at = timezone.now()
    token.membership.save()
    assert refusal(f"Bearer {secret}") == "This account is closed."


def test_the_scope_that_is_missing_is_a_403(issue: Issue) -> None:
    _, secret = issue(scopes=[Action.REPORT_READ_OWN])
    answer = ask(f"Bearer {secret}")
    assert answer.status_code == 403
    assert answer.data["type"] == "urn:harmwatch:problem:not-allowed"


def test_a_scope_that_the_role_lost_since_is_of_no_use(issue: Issue) -> None:
    token, secret = issue()
    token.membership.role = Role.PARTNER
    token.membership.save()
    assert ask(f"Bearer {secret}").status_code == 403


def test_when_a_token_was_used_is_noted_to_the_minute(
    issue: Issue, django_assert_num_queries: Callable[..., Any]
) -> None:
    token, secret = issue()
    assert token.last_used_at is None
    started = timezone.now()
    with time_machine.travel(started, tick=False), django_assert_num_queries(2):
        ask(f"Bearer {secret}")
    with (
        time_machine.travel(started + timedelta(seconds=50), tick=False),
        django_assert_num_queries(1),
    ):
        ask(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_at == started

    later = started + timedelta(seconds=61)
    with time_machine.travel(later, tick=False):
        ask(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_at == later


def test_a_refused_token_is_not_noted_as_used(issue: Issue) -> None:
    token, secret = issue()
    token_revoke(actor=None, token_id=token.id)
    refusal(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_at is None
