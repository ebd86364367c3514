"""A token's secret is random, shown once, and not to be found in the database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import ApiToken, Role
from accounts.permissions import PERMISSIONS, Action
from accounts.services import token_issue, token_revoke
from accounts.tokens import new_secret
from core.errors import InvalidInput
from ledger.models import AuditEntry

Issue = Callable[..., tuple[ApiToken, str]]


def test_a_secret_holds_256_random_bits() -> None:
    secrets = {new_secret() for _ in range(1000)}
    assert len(secrets) == 1000
    assert all(secret.startswith("hw_") and len(secret) == 3 + 43 for secret in secrets)


def test_the_secret_is_stored_nowhere(issue: Issue) -> None:
    _, secret = issue()
    with connection.cursor() as cursor:
        for table in ("accounts_apitoken", "ledger_auditentry"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert not any(secret[9:] in row for (row,) in cursor.fetchall())


def test_its_beginning_tells_one_token_from_another(issue: Issue) -> None:
    token, secret = issue()
    assert token.prefix == secret[:9]
    assert str(token) == f"{secret[:9]}… laptop"


def test_it_may_do_what_the_role_may_unless_narrowed(issue: Issue) -> None:
    whole, _ = issue()
    assert set(whole.scopes) == PERMISSIONS[Role.SUBMITTER]

    narrow, _ = token_issue(
        actor=None, membership=whole.membership, name="phone", scopes=[Action.REPORT_SUBMIT]
    )
    assert narrow.scopes == ["report.submit"]


def test_it_cannot_be_given_more_than_the_role_may(issue: Issue) -> None:
    with pytest.raises(InvalidInput) as refusal:
        issue(scopes=[Action.REPORT_SUBMIT, Action.INCIDENT_PUBLISH])
    [error] = refusal.value.errors
    assert (error.field, error.code) == ("scopes", "scope")
    assert error.message == "This role may not have: incident.publish."
    assert not ApiToken.objects.exists()


def test_it_expires_after_a_year_or_sooner(issue: Issue) -> None:
    token, _ = issue()
    assert timedelta(days=364) < token.expires_at - timezone.now() < timedelta(days=366)

    short, _ = token_issue(
        actor=None, membership=token.membership, name="x", lifetime=timedelta(hours=1)
    )
    assert short.expires_at < timezone.now() + timedelta(hours=2)


def test_issuing_and_revoking_are_recorded_once(issue: Issue) -> None:
    token, _ = issue()
    token_revoke(actor=None, token_id=token.id, reason="lost phone")
    token_revoke(actor=None, token_id=token.id)

    entries = AuditEntry.objects.filter(object_id=token.id).order_by("id")
    assert list(entries.values_list("action", "reason")) == [
        ("token.issued", ""),
        ("token.revoked", "lost phone"),
    ]
    assert set(entries[0].data["scopes"]) == PERMISSIONS[Role.SUBMITTER]
