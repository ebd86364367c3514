"""Pages of monitors, leads and administrators open by two factors and not by one."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Membership, Role, User
from accounts.session_store import SessionStore
from ledger.models import AuditEntry
from scripts.totp import code_now
from tests.factories import make_member
from tests.monitor.signing_in import TOTP_SECRET, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"
NEED_ONE = [Role.MONITOR, Role.LEAD_MONITOR, Role.ADMINISTRATOR]


def member_with_password(role: Role) -> Membership:
    member = make_member(role)
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


def log_in(member: Membership, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/account/login/", {"login": member.user.email, "password": password})
    return client


def reauthenticate(client: Client) -> None:
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def set_up_totp(client: Client) -> str:
    reauthenticate(client)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    return secret


@pytest.mark.parametrize("role", NEED_ONE)
def test_a_password_alone_opens_no_page(role):
    client = log_in(member_with_password(role))
    answer = client.get("/account/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/second-factor/?next=/account/"
    assert "set up a second factor" in client.get(answer["Location"]).content.decode()


def test_a_submitter_may_do_without():
    assert log_in(member_with_password(Role.SUBMITTER)).get("/account/").status_code == 200


def test_setting_one_up_opens_the_pages_at_once():
    client = log_in(member_with_password(Role.MONITOR))
    set_up_totp(client)
    assert client.get("/account/").status_code == 200
    assert client.get("/account/second-factor/?next=/account/")["Location"] == "/account/"


def test_setting_one_up_ends_the_sessions_that_never_showed_one():
    member = member_with_password(Role.MONITOR)
    before, client = log_in(member), log_in(member)
    set_up_totp(client)
    assert before.get("/account/sessions/")["Location"].startswith("/account/login/")


def test_taking_the_last_one_away_closes_the_pages():
    client = log_in(member_with_password(Role.MONITOR))
    set_up_totp(client)
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.get("/account/")["Location"].startswith("/account/second-factor/")


def test_the_login_asks_for_the_code_and_each_opens_once():
    member = member_with_password(Role.MONITOR)
    set_up_totp_of(member)
    code = code_now(TOTP_SECRET)
    first, second = log_in(member), log_in(member)
    assert first.get("/account/")["Location"].startswith("/account/login/")
    first.post("/account/2fa/authenticate/", {"code": code})
    assert first.get("/account/").status_code == 200
    second.post("/account/2fa/authenticate/", {"code": code})
    assert second.get("/account/").status_code == 302


def set_up_totp_of(member: Membership) -> None:
    signed_in(member)


@pytest.mark.parametrize("code", ["000000x", "", "12345", "9" * 500, "<b>"])
def test_a_wrong_code_opens_nothing_and_the_ledger_says_so(code):
    member = member_with_password(Role.MONITOR)
    set_up_totp_of(member)
    client = log_in(member)
    client.post("/account/2fa/authenticate/", {"code": code})
    assert client.get("/account/").status_code == 302
    failed = AuditEntry.objects.filter(action="second_factor.failed", object_id=member.user_id)
    assert failed.exists() is bool(code)
    assert not AuditEntry.objects.filter(action="login").exists()


def test_a_session_that_is_older_than_the_factor_is_asked_for_it():
    member = member_with_password(Role.MONITOR)
    client = log_in(member)
    set_up_totp_of(member)  # without our view, as by a restored database
    asked = client.get("/account/second-factor/?next=/account/")
    assert asked["Location"] == "/account/2fa/reauthenticate/?next=/account/"
    answer = client.post(asked["Location"], {"code": code_now(TOTP_SECRET), "next": "/account/"})
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_recovery_code_stands_in_once():
    member = member_with_password(Role.ADMINISTRATOR)
    owner = log_in(member)
    set_up_totp(owner)
    codes = owner.get("/account/2fa/recovery-codes/").context["unused_codes"]
    for expected in (200, 302):
        client = log_in(member)
        client.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert client.get("/account/").status_code == expected


def test_nothing_that_proves_a_factor_is_stored_in_the_clear():
    client = log_in(member_with_password(Role.MONITOR))
    secret = set_up_totp(client)
    codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    stored = str(list(Authenticator.objects.values()))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_a_secret_that_is_being_set_up_is_not_stored_in_the_clear():
    client = log_in(member_with_password(Role.MONITOR))
    reauthenticate(client)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    assert secret in client.session.values()
    (row,) = Session.objects.all()
    assert secret not in str(DatabaseStore().decode(row.session_data))
    assert secret not in row.session_data
    assert SessionStore().decode("x" + row.session_data) == {}


def test_the_ledger_tells_of_each_change():
    client = log_in(member_with_password(Role.MONITOR))
    set_up_totp(client)
    client.post("/account/2fa/recovery-codes/generate/")
    client.post("/account/2fa/totp/deactivate/")
    entries = AuditEntry.objects.filter(action__startswith="second_factor").order_by("id")
    assert [(e.action, e.data["kind"]) for e in entries] == [
        ("second_factor.added", "totp"),
        ("second_factor.made", "recovery_codes"),
        ("second_factor.removed", "totp"),
    ]
    assert {entry.actor_id for entry in entries} == {User.objects.get().id}


@pytest.mark.parametrize(
    ("role", "work"),
    [
        (Role.SUBMITTER, "/submit/"),
        (Role.MONITOR, "/queue/"),
        (Role.LEAD_MONITOR, "/queue/"),
        (Role.ADMINISTRATOR, "/people/"),
    ],
)
def test_who_asked_for_no_page_is_led_to_their_work(role, work):
    member = member_with_password(role)
    sent = {"login": member.user.email, "password": PASSWORD}
    assert Client().post("/account/login/", sent)["Location"] == work
    asked = Client().post("/account/login/", sent | {"next": "/guide/"})
    assert asked["Location"] == "/guide/"


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(next):
    client = signed_in(make_member(Role.MONITOR))
    assert client.get("/account/second-factor/", {"next": next})["Location"] == "/"


def test_nobody_sees_the_step_without_a_session():
    assert Client().get("/account/second-factor/")["Location"] == "/account/login/"
