"""A lost token is ended on the server, by whose it is and how it begins."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken
from accounts.selectors import token_by_secret, token_refusal
from accounts.services import token_issue
from ledger.models import AuditEntry
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def revoke(**options):
    out = StringIO()
    call_command("revoke_token", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def issued():
    member = make_member()
    return [token_issue(actor=None, membership=member, name=name) for name in ("lost", "kept")]


def test_it_is_listed_and_ended_and_the_other_stays(issued):
    (lost, lost_secret), (_kept, kept_secret) = issued
    email = lost.membership.user.email
    assert len(revoke(email=email).splitlines()) == 2
    revoke(email=email.upper(), prefix=lost.prefix, reason="Stolen in a raid.")
    assert token_refusal(token_by_secret(lost_secret)) == "This token was revoked."
    assert token_refusal(token_by_secret(kept_secret)) is None
    assert "kept" in revoke(email=email)
    assert "lost" not in revoke(email=email)
    assert AuditEntry.objects.get(action="token.revoked").reason == "Stolen in a raid."


def test_nobody_else_s_is_ended(issued):
    (lost, _), _ = issued
    for who in ({"email": make_member().user.email}, {"email": "x@y.example"}):
        with pytest.raises(CommandError, match="0 tokens"):
            revoke(prefix=lost.prefix, **who)
    assert not ApiToken.objects.filter(revoked_at__isnull=False).exists()
