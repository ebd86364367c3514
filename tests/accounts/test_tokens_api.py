"""One's own tokens and phones by the API: listed without secrets, revoked, never another's."""

import pytest
from django.test import Client

from accounts.devices import device_issue
from accounts.models import Role
from accounts.permissions import Action
from accounts.services import token_issue
from tests.factories import bearer, make_member

pytestmark = pytest.mark.django_db


def test_own_ones_are_listed_without_their_secrets():
    member = make_member()
    token, secret = token_issue(actor=None, membership=member, name="laptop")
    device, password = device_issue(actor=None, membership=member, label="phone")
    client = Client(**bearer(member))
    tokens, devices = client.get("/api/v1/tokens/"), client.get("/api/v1/devices/")
    assert str(token.id) in {one["id"] for one in tokens.json()}
    assert [one["id"] for one in devices.json()] == [str(device.id)]
    assert secret not in tokens.content.decode()
    assert password not in devices.content.decode()


def test_own_ones_are_revoked():
    member = make_member()
    token, secret = token_issue(actor=None, membership=member, name="laptop")
    device, _ = device_issue(actor=None, membership=member, label="phone")
    client = Client(**bearer(member))
    assert client.delete(f"/api/v1/tokens/{token.id}/").status_code == 204
    assert client.delete(f"/api/v1/devices/{device.id}/").status_code == 204
    old = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert old.get("/api/v1/tokens/").status_code == 401


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.MONITOR, Role.PARTNER])
def test_anothers_are_not_found(role):
    owner = make_member()
    token, _ = token_issue(actor=None, membership=owner, name="x")
    device, _ = device_issue(actor=None, membership=owner, label="x")
    outsider = Client(**bearer(make_member(role, owner.organisation)))
    assert outsider.delete(f"/api/v1/tokens/{token.id}/").status_code == 404
    assert outsider.delete(f"/api/v1/devices/{device.id}/").status_code == 404
    assert str(token.id) not in outsider.get("/api/v1/tokens/").content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None


def test_an_administrator_revokes_those_of_members():
    token, _ = token_issue(actor=None, membership=make_member(), name="x")
    administrator = Client(**bearer(make_member(Role.ADMINISTRATOR)))
    assert administrator.delete(f"/api/v1/tokens/{token.id}/").status_code == 204


def test_a_token_without_the_scope_sees_none():
    narrow = Client(**bearer(make_member(), scopes=[Action.REPORT_SUBMIT]))
    assert narrow.get("/api/v1/tokens/").status_code == 403
    assert Client().get("/api/v1/tokens/").status_code == 401
