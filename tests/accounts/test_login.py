"""The door: an address and a password, told to the ledger and to nobody else."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts.logins import NOBODY
from accounts.models import Membership, Role, User
from config import settings as production
from ledger.models import AuditEntry
from tests.factories import make_member

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"
WRONG = "not the right sentence"


@pytest.fixture
def member():
    made = make_member(Role.SUBMITTER)
    made.user.set_password(PASSWORD)
    made.user.save()
    return made


def post_login(email, password=PASSWORD, **more):
    client = Client(**more)
    return client, client.post("/account/login/", {"login": email, "password": password})


def test_who_knows_the_password_is_in_and_the_ledger_knows(member):
    client, answer = post_login(member.user.email)
    assert (answer.status_code, answer["Location"]) == (302, "/submit/")
    entry = AuditEntry.objects.get(action="login")
    assert (entry.actor_id, entry.object_id) == (member.user_id, member.user_id)
    assert client.get("/account/").status_code == 200


def test_addresses_are_the_same_in_any_case(member):
    _, answer = post_login(member.user.email.upper())
    assert answer.status_code == 302
    assert User.objects.create_user("Some.One@NGO.example", "x").email == "some.one@ngo.example"


def test_a_wrong_password_and_an_unknown_address_look_the_same(member):
    pages = []
    for email in (member.user.email, "nobody@ngo.example"):
        _, answer = post_login(email, WRONG)
        pages.append(answer.content.decode().replace(email, "").split("csrfmiddlewaretoken")[0])
        assert answer.status_code == 200
    assert pages[0] == pages[1]


def test_the_ledger_tells_of_failures_nothing_that_was_typed(member):
    post_login(member.user.email, WRONG)
    post_login("nobody@ngo.example", WRONG)
    entries = AuditEntry.objects.filter(action="login.failed")
    assert {entry.object_id for entry in entries} == {member.user_id, NOBODY}
    kept = str(list(entries.values()))
    assert not any(word in kept for word in (WRONG, "nobody@", member.user.email, "127.0.0"))


def test_no_address_of_a_caller_is_stored(member):
    post_login(member.user.email, REMOTE_ADDR="203.0.113.77")
    stored = UserSession.objects.get()
    assert "203.0.113" not in str(vars(stored))
    assert stored.ip.startswith("fd")


def test_headers_of_strangers_move_no_counter(member, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/ip"}
    for number in range(3):
        fake = {"HTTP_X_FORWARDED_FOR": f"198.51.{number}.1", "REMOTE_ADDR": "203.0.113.5"}
        _, answer = post_login(f"x{number}@ngo.example", WRONG, **fake)
    assert "Too many failed login attempts" in answer.content.decode()


def test_a_stranger_elsewhere_does_not_shut_an_account(member, settings):
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS
    for _ in range(6):
        _, answer = post_login(member.user.email, WRONG, REMOTE_ADDR="203.0.114.9")
    assert "Too many failed login attempts" in answer.content.decode()
    _, answer = post_login(member.user.email, REMOTE_ADDR="203.0.115.9")
    assert answer.status_code == 302


def test_many_networks_together_have_few_guesses_at_one_account(member, settings):
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS
    answers = [
        post_login(member.user.email, "x", REMOTE_ADDR=f"198.51.{number}.9")[1]
        for number in range(51)
    ]
    assert "Too many" not in answers[49].content.decode()
    assert "Too many" in answers[50].content.decode()


@pytest.mark.parametrize("ending", ["deactivated", "left", "partner"])
def test_who_has_no_pages_does_not_get_in(member, ending):
    if ending == "deactivated":
        User.objects.update(is_active=False)
    elif ending == "left":
        Membership.objects.update(ended_at=timezone.now())
    else:
        Membership.objects.update(role=Role.PARTNER)
    client, answer = post_login(member.user.email)
    assert answer["Location"] == "/account/inactive/"
    assert client.get("/account/")["Location"].startswith("/account/login/")
    assert not AuditEntry.objects.filter(action="login").exists()


@pytest.mark.parametrize("ending", ["deactivated", "left"])
def test_a_session_ends_with_what_it_stands_on(member, ending):
    client, _ = post_login(member.user.email)
    if ending == "deactivated":
        User.objects.update(is_active=False)
    else:
        Membership.objects.update(ended_at=timezone.now())
    assert client.get("/account/").status_code == 302
    assert client.get("/account/sessions/")["Location"].startswith("/account/login/")


def test_a_new_password_ends_the_other_sessions(member):
    client, _ = post_login(member.user.email)
    other, _ = post_login(member.user.email)
    new = {"oldpassword": PASSWORD, "password1": WRONG, "password2": WRONG}
    client.post("/account/password/change/", new)
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert AuditEntry.objects.get(action="password.changed").actor_id == member.user_id


def test_the_cookie_is_for_the_browser_alone_and_not_for_scripts(member):
    client, _ = post_login(member.user.email)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    assert 0 < client.session.get_expiry_age() <= 12 * 3600
    assert production.SESSION_COOKIE_SECURE is production.IS_PRODUCTION


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "login/code/"])
def test_nobody_signs_up_or_changes_the_address(member, path):
    client, _ = post_login(member.user.email)
    assert client.get(f"/account/{path}").status_code == 404
    assert client.post(f"/account/{path}").status_code == 404
