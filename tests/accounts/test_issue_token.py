from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organisation, User
from accounts.permissions import PERMISSIONS
from accounts.selectors import token_by_secret
from ledger.models import AuditEntry

pytestmark = pytest.mark.django_db
WHO = {"email": "sara@ngo.example", "name": "Sara", "organisation": "An NGO", "role": "submitter"}


def issue(**changed):
    out, err = StringIO(), StringIO()
    call_command("issue_token", **(WHO | changed), stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


def test_on_an_empty_database_it_makes_all_that_a_token_needs():
    secret, said = issue(days=7)
    token = token_by_secret(secret)
    assert token.membership.user.email == "sara@ngo.example"
    assert token.membership.organisation.name == "An NGO"
    assert set(token.scopes) == PERMISSIONS[token.membership.role]
    assert abs(token.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert secret not in said


def test_it_is_in_the_ledger_without_its_secret():
    secret, _ = issue()
    entries = AuditEntry.objects.values("action", "actor_label", "object_label", "data")
    assert {entry["action"] for entry in entries} == {"member.added", "token.issued"}
    assert secret not in str(list(entries))


def test_a_second_token_is_for_the_same_member():
    first, _ = issue()
    second, _ = issue(email="SARA@ngo.example")
    assert first != second
    assert Membership.objects.count() == User.objects.count() == Organisation.objects.count() == 1


def test_scopes_narrow_it():
    secret, _ = issue(scopes=["report.submit"])
    assert token_by_secret(secret).scopes == ["report.submit"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"scopes": ["incident.publish"]}, "may not have: incident.publish"),
        ({"email": "sara"}, "valid email"),
        ({"days": 0}, "from 1 to"),
        ({"days": 10**9}, "from 1 to"),
    ],
)
def test_it_refuses_and_leaves_nothing(changed, message):
    with pytest.raises(CommandError, match=message):
        issue(**changed)
    assert not Organisation.objects.exists()
    assert not ApiToken.objects.exists()


def test_it_refuses_to_change_a_role_in_passing():
    issue()
    with pytest.raises(CommandError, match="another role"):
        issue(role="monitor")
