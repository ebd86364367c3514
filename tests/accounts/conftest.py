"""Members and tokens for tests of accounts."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.members import member_add
from accounts.models import ApiToken, Membership, Organisation, Role
from accounts.services import token_issue

MakeMember = Callable[..., Membership]


@pytest.fixture
def make_member(db: None) -> MakeMember:
    """Return a function that makes a member of Some NGO, by default a submitter."""

    def make(role: Role = Role.SUBMITTER, email: str = "alice@ngo.example") -> Membership:
        home, _ = Organisation.objects.get_or_create(name="Some NGO")
        return member_add(actor=None, email=email, name="Alice", organisation=home, role=role)

    return make


@pytest.fixture
def issue(make_member: MakeMember) -> Callable[..., tuple[ApiToken, str]]:
    """Return a function that issues a token, with its secret."""

    def do(role: Role = Role.SUBMITTER, **options: Any) -> tuple[ApiToken, str]:
        return token_issue(actor=None, membership=make_member(role), name="laptop", **options)

    return do
