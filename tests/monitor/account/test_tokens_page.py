"""Tokens, phones and webhooks on the pages: issued after a second look, shown once."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.devices import device_by_secret
from accounts.models import ApiToken, Role
from accounts.selectors import token_by_secret
from feed.models import Webhook
from tests.factories import make_member
from tests.monitor.account.test_second_factor import PASSWORD, log_in, member_with_password
from tests.monitor.signing_in import signed_in

pytestmark = pytest.mark.django_db
ASKED = {"name": "laptop", "scopes": ["report.submit"], "days": "30"}


def secret_on(page: bytes) -> str:
    return re.search(r'id="secret">([^<]+)<', page.decode())[1]


def confirm(client: Client, answer) -> bytes:
    """Type the password again where it is asked for; return the page that follows."""
    where = answer["Location"]
    assert urlsplit(where).path == "/account/reauthenticate/"
    sent = {"password": PASSWORD, "next": "/account/" + where.rpartition("account%2F")[2]}
    sent["next"] = answer.wsgi_request.path
    return client.post(where, sent).content


def test_a_token_is_issued_after_the_password_was_typed_again():
    client = log_in(member_with_password(Role.SUBMITTER))
    answer = client.post("/account/tokens/", ASKED)
    assert not ApiToken.objects.exists()
    secret = secret_on(confirm(client, answer))
    token = token_by_secret(secret)
    assert (token.name, token.scopes) == ("laptop", ["report.submit"])
    assert secret not in client.get("/account/tokens/").content.decode()
    client.post(f"/account/tokens/{token.id}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at


def test_a_phone_is_added_after_the_password_was_typed_again():
    client = log_in(member_with_password(Role.SUBMITTER))
    page = confirm(client, client.post("/account/phones/", {"device-label": "Field phone"}))
    device = device_by_secret(secret_on(page))
    assert device.username in page.decode()
    client.post(f"/account/phones/{device.id}/revoke/")
    assert device_by_secret(secret_on(page)) is None


@pytest.mark.parametrize(
    "wrong", [{"scopes": ["accounts.manage"]}, {"days": "9999"}, {"name": ""}, {"scopes": []}]
)
def test_nothing_beyond_the_role_is_issued(wrong):
    client = log_in(member_with_password(Role.SUBMITTER))
    confirm(client, client.post("/account/tokens/", ASKED | wrong))
    assert not ApiToken.objects.exists()


def test_a_webhook_from_its_beginning_to_its_end():
    client = signed_in(make_member(Role.MONITOR))
    sent = {"url": "https://a.example/hook", "kinds": ["incident"]}
    secret = secret_on(client.post("/account/webhooks/", sent).content)
    webhook = Webhook.objects.get()
    at = f"/account/webhooks/{webhook.id}/"
    assert secret.startswith("whsec_")
    assert secret not in client.get(at).content.decode()
    client.post(f"{at}ping/")
    assert webhook.deliveries.count() == 1
    for deed, state in (("pause", "paused"), ("resume", "active")):
        client.post(f"{at}{deed}/")
        webhook.refresh_from_db()
        assert webhook.state == state
    assert secret_on(client.post(f"{at}rotate/").content) != secret
    refused = client.post(f"{at}replay/", {"from_seq": 99})
    assert refused.status_code == 400
    assert "The log has the entries" in refused.content.decode()
    client.post(f"{at}replay/", {"from_seq": 1})
    client.post(f"{at}delete/")
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("url", ["http://a.example/", "https://127.0.0.1/", "javascript:x", "x"])
def test_an_address_that_is_not_told_is_refused_at_its_field(url):
    client = signed_in(make_member(Role.MONITOR))
    answer = client.post("/account/webhooks/", {"url": url, "kinds": ["incident"]})
    assert answer.status_code == 400
    assert answer.context["form"].errors["url"]
