"""The door and the account in a real browser: password, code, passkey, recovery code."""

import pytest
from django.conf import settings

from accounts.actors import actor_of
from accounts.devices import device_issue
from accounts.models import Role
from accounts.services import token_issue
from feed.models import Kind
from feed.webhooks.services import webhook_create, webhook_ping
from scripts.totp import code_now
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.factories import make_member

PASSWORD = "a long enough sentence"
NAME = "منظمة الشهود"


def somebody(role=Role.MONITOR):
    member = make_member(role, name="Mina Haddad")
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


def log_in(page, member, password=PASSWORD):
    page.goto("/account/login/?next=/account/")
    page.get_by_label("Email").fill(member.user.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def confirm_password(page):
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def set_up_app(page):
    """Set up an authenticator app; return its secret and the recovery codes."""
    page.get_by_role("link", name="Set up an app").click()
    confirm_password(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill("000000x")
    page.get_by_role("button", name="Activate").click()
    assert page.get_by_text("Incorrect code").is_visible()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Activate").click()
    return secret, page.locator(".codes code").all_inner_texts()


def test_password_then_app_then_code_then_recovery_code(open_browser):
    member, page = somebody(), open_browser()
    log_in(page, member, "not the right sentence")
    assert page.get_by_text("not correct").is_visible()
    log_in(page, member)
    page.wait_for_url("**/account/second-factor/**")
    secret, codes = set_up_app(page)
    page.get_by_role("link", name="I have kept them").click()
    assert page.get_by_role("heading", name="Account").is_visible()

    second = open_browser()
    log_in(second, member)
    second.get_by_label("Code").fill("123x56")
    second.get_by_role("button", name="Log in", exact=True).click()
    assert second.get_by_text("Incorrect code").is_visible()
    second.get_by_label("Code").fill(code_now(secret))
    second.get_by_role("button", name="Log in", exact=True).click()
    second.wait_for_url("**/account/")

    third = open_browser()
    log_in(third, member)
    third.get_by_label("Code").fill(codes[0])
    third.get_by_role("button", name="Log in", exact=True).click()
    third.wait_for_url("**/account/")

    page.goto("/account/sessions/")
    assert page.locator("tbody tr").count() == 3
    page.get_by_role("button", name="End the others").click()
    assert page.locator("tbody tr").count() == 1
    third.goto("/account/")
    third.wait_for_url("**/account/login/**")


def test_a_passkey_is_added_and_opens_the_door_alone(open_browser, origin, watched):
    local = origin.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    watched.allowed.append(f"request to {local}")
    member, page = somebody(), open_browser()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    key |= {"hasUserVerification": True, "isUserVerified": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": key | {"automaticPresenceSimulation": True}},
    )
    page.goto(f"{local}/account/login/?next=/account/")
    page.get_by_label("Email").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("link", name="Add a key").click()
    confirm_password(page)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{local}/account/")
    with page.expect_navigation():  # what waits on the device is looked at first
        page.get_by_role("button", name="Log out").click()
    page.goto(f"{local}/account/login/?next=/account/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{local}/account/")
    assert page.get_by_role("heading", name="Account").is_visible()


def room_of(administrator):
    """Return the pages of the account, of somebody who has one of each thing."""
    member = make_member(Role.MONITOR, name="Mina Haddad")
    member.organisation.name = NAME
    member.organisation.save()
    token_issue(actor=None, membership=member, name="Nightly export")
    device_issue(actor=None, membership=member, label="Field phone 3")
    actor = actor_of(member)
    webhook, _ = webhook_create(
        actor=actor, url="https://partner.example/harmwatch/hook", kinds=[Kind.INCIDENT]
    )
    webhook_ping(actor=actor, webhook_id=webhook.id)
    own = {
        "account": "/account/",
        "account-tokens": "/account/tokens/",
        "account-sessions": "/account/sessions/",
        "account-2fa": "/account/2fa/",
        "account-webhooks": "/account/webhooks/",
        "account-webhook": f"/account/webhooks/{webhook.id}/",
    }
    managed = {
        "people": "/people/",
        "people-organisation": f"/people/organisations/{member.organisation_id}/",
        "people-member": f"/people/members/{member.id}/",
    }
    return [(member, own), (administrator, managed)]


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_the_room_is_fit_to_be_seen(open_browser, look):
    for member, pages in room_of(make_member(Role.ADMINISTRATOR, name="Adam")):
        page = open_browser(member, **look_options(*look))
        for name, path in pages.items():
            page.goto(path)
            shoot(page, name, look)
            assert not overflows(page), path
            assert serious_findings(page) == [], path


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_the_way_in_is_fit_to_be_seen(open_browser, look):
    member, page = somebody(), open_browser(**look_options(*look))
    page.goto("/account/login/?next=/account/")
    page.locator("#id_login").fill(member.user.email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button.main").click()
    for name, path in {
        "second-factor": "/account/second-factor/",
        "totp": "/account/2fa/totp/activate/",
        "password-change": "/account/password/change/",
        "sessions": "/account/sessions/",
        "logout": "/account/logout/",
        "inactive": "/account/inactive/",
    }.items():
        page.goto(path)
        if "reauthenticate" in page.url:
            shoot(page, "reauthenticate", look)
            page.locator("#id_password").fill(PASSWORD)
            page.locator("main form button.main").click()
        shoot(page, name, look)
        assert not overflows(page), path
        assert serious_findings(page) == [], path
    page.goto("/account/2fa/totp/activate/")
    page.locator("#id_code").fill(code_now(page.locator("#authenticator_secret").input_value()))
    page.locator("main form button.main").click()
    page.wait_for_selector(".codes")
    shoot(page, "recovery-codes", look)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.goto("/account/login/")
    page.locator("#id_login").fill(member.user.email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button.main").click()
    page.wait_for_url("**/2fa/authenticate/")
    shoot(page, "authenticate", look)
    assert not overflows(page)
    assert serious_findings(page) == []
