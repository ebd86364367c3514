"""The one table roles × actions is complete, and what it does not give is not given."""

from itertools import product
from uuid import uuid4

import pytest
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.models import Role
from accounts.permissions import PERMISSIONS, Action, may

ALL = frozenset(Action)


def actor(role: Role, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(id=uuid4(), label="x", organisation_id=uuid4(), role=role, scopes=scopes)


def test_every_role_has_its_row_and_every_action_somebody() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == ALL


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_may_reads_the_table(role: Role, action: Action) -> None:
    given = action in PERMISSIONS[role]
    assert may(actor(role), action) is given
    assert may(actor(role, ALL), action) is given, "scopes do not widen the role"
    assert may(actor(role, frozenset({action})), action) is given
    assert may(actor(role, ALL - {action}), action) is False, "scopes narrow it"


def test_nobody_may_nothing() -> None:
    assert not any(may(None, action) for action in Action)


def test_an_administrator_sees_neither_reports_nor_incidents_and_may_blank_what_is_published():
    may_do = {Action.ACCOUNTS_MANAGE, Action.INCIDENT_REDACT, Action.ACCOUNT_KEEP}
    assert PERMISSIONS[Role.ADMINISTRATOR] == may_do


def test_only_administrators_manage_accounts() -> None:
    managers = {role for role in Role if Action.ACCOUNTS_MANAGE in PERMISSIONS[role]}
    assert managers == {Role.ADMINISTRATOR}


class Forgotten(APIView):
    """A view whose author forgot to say who may use it."""

    authentication_classes: list[type] = []

    def get(self, request: object) -> Response:
        raise AssertionError("a view without permission classes must be closed")


def test_a_view_that_names_no_permission_is_closed() -> None:
    answer = Forgotten.as_view()(APIRequestFactory().get("/"))
    assert answer.status_code == 403
