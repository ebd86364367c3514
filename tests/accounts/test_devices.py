"""A phone's credential: issued by name, usable until something ends it."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.devices import (
    actor_of_device,
    device_by_basic,
    device_by_secret,
    device_issue,
    device_revoke,
)
from accounts.models import DeviceCredential, Membership, Role, User
from accounts.permissions import Action, may
from core.errors import InvalidInput, NotAllowed
from ledger.models import AuditEntry
from tests.factories import make_actor, make_member

pytestmark = pytest.mark.django_db


def issue(role=Role.SUBMITTER):
    return device_issue(actor=None, membership=make_member(role), label="Field phone 3")


def basic(username, secret):
    return "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()


def test_user_name_and_secret_together_open_the_door():
    device, secret = issue()
    assert device_by_basic(basic(device.username, secret)) == device
    assert device_by_basic(basic("phone-00000000", secret)) is None
    assert device_by_basic(basic(device.username, "hw_other")) is None


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic ***", "Basic /w==", "Bearer x", "Basic eA=="]
)
def test_what_is_no_login_opens_nothing(header):
    assert device_by_basic(header) is None


def test_only_the_hash_of_the_secret_is_kept():
    device, secret = issue()
    assert secret not in str(DeviceCredential.objects.values().get(id=device.id))
    assert secret not in str(list(AuditEntry.objects.values()))


def test_a_monitors_phone_may_submit_and_nothing_else():
    device, _ = issue(Role.LEAD_MONITOR)
    allowed = {action for action in Action if may(actor_of_device(device), action)}
    assert allowed == {Action.REPORT_SUBMIT}


@pytest.mark.parametrize("role", [Role.PARTNER, Role.ADMINISTRATOR])
def test_who_submits_nothing_gets_no_credential(role):
    with pytest.raises(InvalidInput):
        issue(role)


def test_who_manages_no_accounts_neither_issues_nor_revokes():
    device, secret = issue()
    for role in (Role.SUBMITTER, Role.LEAD_MONITOR, Role.PARTNER):
        outsider = make_actor(role)
        with pytest.raises(NotAllowed):
            device_issue(actor=outsider, membership=device.membership, label="Mine")
        with pytest.raises(NotAllowed):
            device_revoke(actor=outsider, device_id=device.id)
    assert device_by_secret(secret) == device
    device_revoke(actor=make_actor(Role.ADMINISTRATOR), device_id=device.id)


def test_a_revoked_credential_is_dead_and_the_ledger_says_why():
    device, secret = issue()
    device_revoke(actor=None, device_id=device.id, reason="stolen")
    assert device_by_secret(secret) is None
    assert AuditEntry.objects.get(action="device.revoked").reason == "stolen"


def test_it_ends_with_the_membership_and_with_the_account():
    _, first = issue()
    Membership.objects.update(ended_at=timezone.now())
    assert device_by_secret(first) is None
    _, second = issue()
    User.objects.update(is_active=False)
    assert device_by_secret(second) is None


def test_the_command_prints_the_secret_once_and_revokes_by_user_name():
    member, out = make_member(), StringIO()
    who = {"email": member.user.email, "organisation": member.organisation.name}
    call_command("issue_device", **who, label="Phone", stdout=out, stderr=StringIO())
    device = device_by_secret(out.getvalue().strip())
    assert device.membership == member
    call_command("issue_device", revoke=device.username, stderr=StringIO())
    assert device_by_secret(out.getvalue().strip()) is None


@pytest.mark.parametrize("options", [{}, {"revoke": "x"}, {"email": "x@y.z", "organisation": "o"}])
def test_the_command_refuses_who_is_not_there(options):
    with pytest.raises(CommandError):
        call_command("issue_device", **options)
