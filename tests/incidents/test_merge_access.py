"""Who may merge, split and undo."""

import pytest

from accounts.models import Role
from accounts.permissions import Action
from tests.factories import make_incident, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.judging import fresh, merge, split, undo


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR, None])
def test_others_neither_merge_nor_split_nor_undo(bob, role):
    one, two, three = make_incident(), make_incident(), make_incident()
    record = merge(bob, two, one).json()
    outsider = ApiClient(make_member(role) if role else None)
    refused = 403 if role else 401
    assert merge(outsider, two, three).status_code == refused
    assert split(outsider, two, fresh(two).reports.first()).status_code == refused
    assert undo(outsider, record, two).status_code == refused
    assert fresh(three).merged_into is None
    assert fresh(two).reports.count() == 2


def test_a_token_without_the_scope_does_not_merge(db):
    one, two = make_incident(), make_incident()
    narrow = ApiClient(make_member(Role.MONITOR), scopes=[Action.INCIDENT_READ])
    assert merge(narrow, two, one).status_code == 403


def test_what_is_not_there_is_404(bob):
    nowhere = "00000000-0000-0000-0000-000000000000"
    one = make_incident()
    known = [{"id": nowhere, "version": 1}]
    assert merge(bob, one, incidents=known).status_code == 404
    assert undo(bob, {"id": nowhere}, one).status_code == 404
