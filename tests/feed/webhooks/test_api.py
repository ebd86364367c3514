"""Webhooks by the API: whose they are, what is shown of them, and what is refused."""

import pytest
from django.test import Client

from accounts.models import Role
from accounts.permissions import Action
from feed.models import Webhook
from feed.sealing import seal
from feed.webhooks.sending import webhooks_send
from tests.factories import bearer, make_member
from tests.feed.making import entry
from tests.feed.webhooks.conftest import publish
from tests.feed.webhooks.receivers import answering, receiver

HOOKS = "/api/v1/webhooks/"
JSON = "application/json"


@pytest.fixture
def outsider(db):
    return Client(**bearer(make_member(Role.PARTNER)))


def made(client, **body):
    body = {"url": "https://example.org/hook"} | body
    answer = client.post(HOOKS, body, content_type=JSON)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_the_secret_is_shown_once_and_stored_encrypted(partner):
    hook = made(partner)
    assert hook["secret"].startswith("whsec_")
    assert hook["kinds"] == ["context_event", "incident"]
    for path in (HOOKS, f"{HOOKS}{hook['id']}/"):
        assert "secret" not in partner.get(path).content.decode().replace("old_secret_until", "")
    assert hook["secret"].encode() not in bytes(Webhook.objects.get().secret)


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.ADMINISTRATOR])
def test_other_roles_keep_none(db, role):
    client = Client(**bearer(make_member(role)))
    assert client.get(HOOKS).status_code == 403
    assert client.post(HOOKS, {}, content_type=JSON).status_code == 403


def test_an_outsider_finds_and_changes_nothing(partner, outsider):
    hook = made(partner)
    there = f"{HOOKS}{hook['id']}/"
    assert outsider.get(HOOKS).json() == []
    assert outsider.get(there).status_code == 404
    assert outsider.get(f"{there}deliveries/").status_code == 404
    assert outsider.delete(there).status_code == 404
    for action in ("pause", "resume", "rotate", "ping", f"deliveries/{hook['id']}/replay"):
        assert outsider.post(f"{there}{action}/").status_code == 404
    replay = outsider.post(f"{there}replay/", {"from_seq": 1}, content_type=JSON)
    assert replay.status_code == 404


def test_a_token_without_partners_rights_subscribes_to_what_is_public(db):
    member = make_member(Role.PARTNER)
    client = Client(**bearer(member, scopes=[Action.WEBHOOK_KEEP]))
    assert made(client)["audience"] == "public"


BAD = [
    ({"url": "http://example.org/"}, "url"),
    ({"url": "https://example.org/" + "x" * 2000}, "url"),
    ({"kinds": []}, "kinds"),
    ({"kinds": ["nothing"]}, "kinds.0"),
    ({"from_seq": 0}, "from_seq"),
    ({"from_seq": 2}, "from_seq"),
    ({"from_seq": 2**63}, "from_seq"),
    ({"secret": "mine"}, "secret"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_what_cannot_be_is_refused_by_field(partner, change, field):
    body = {"url": "https://example.org/"} | change
    answer = partner.post(HOOKS, body, content_type=JSON)
    assert answer.status_code == 400
    assert field.split(".")[0] in answer.json()["errors"][0]["field"]


def test_twenty_are_kept(partner):
    for _number in range(20):
        made(partner)
    answer = partner.post(HOOKS, {"url": "https://example.org/"}, content_type=JSON)
    assert answer.status_code == 409


def test_deliveries_tell_what_happened_and_can_be_replayed(partner):
    with receiver(answering(200, body="not kept")) as there:
        hook = made(partner, url=there.url, from_seq=1)
        publish(2)
        webhooks_send()
        path = f"{HOOKS}{hook['id']}/deliveries/"
        log = partner.get(path).json()["results"]
        assert {(one["state"], one["status_code"], one["error"]) for one in log} == {
            ("done", 200, "")
        }
        again = partner.post(f"{path}{log[0]['id']}/replay/")
        assert again.status_code == 202
        webhooks_send()
    assert there.ids().count(log[0]["id"]) == 2


def test_public_entries_do_not_reach_partners_twice(partner):
    entry()
    seal()
    with receiver(answering(200)) as there:
        made(partner, url=there.url)
        entry()
        seal()
        webhooks_send()
    assert there.received == []


def test_deleting_takes_it_away(partner):
    hook = made(partner)
    assert partner.delete(f"{HOOKS}{hook['id']}/").status_code == 204
    assert partner.get(HOOKS).json() == []
