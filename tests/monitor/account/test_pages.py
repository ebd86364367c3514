"""Pages of accounts: each with its outsider, and with names that are no markup."""

import re

import pytest
from django.test import Client

from accounts.actors import actor_of
from accounts.devices import device_issue
from accounts.models import Role
from accounts.permissions import Action, may
from accounts.services import token_issue
from feed.models import Kind
from feed.webhooks.services import webhook_create
from tests.factories import make_member
from tests.monitor.signing_in import signed_in

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)>'\"{{ 7 }}<script>x</script>"
OWN = ["/account/", "/account/tokens/", "/account/sessions/", "/account/2fa/"]
ROLES = [Role.SUBMITTER, Role.MONITOR, Role.LEAD_MONITOR, Role.ADMINISTRATOR]


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize("role", ROLES)
def test_everybody_has_their_own(role, path, django_assert_max_num_queries):
    client = signed_in(make_member(role))
    with django_assert_max_num_queries(20):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*OWN, "/account/webhooks/", "/people/"])
def test_who_is_not_signed_in_is_sent_to_the_login(path):
    assert Client().get(path)["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize(
    ("path", "action"),
    [("/account/webhooks/", Action.WEBHOOK_KEEP), ("/people/", Action.ACCOUNTS_MANAGE)],
)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_as_the_table_says(role, path, action):
    member = make_member(role)
    seen, posted = (200, 400) if may(actor_of(member), action) else (403, 403)
    client = signed_in(member)
    assert client.get(path).status_code == seen
    assert client.post(path).status_code == posted


def webhook_of(member):
    return webhook_create(actor=actor_of(member), url="https://a.example/x", kinds=[Kind.INCIDENT])[
        0
    ]


def test_nothing_of_another_organisation_is_found():
    theirs, mine = make_member(Role.MONITOR), make_member(Role.MONITOR)
    token, _ = token_issue(actor=None, membership=theirs, name="theirs")
    phone, _ = device_issue(actor=None, membership=theirs, label="theirs")
    webhook = webhook_of(theirs)
    client = signed_in(mine)
    at = f"/account/webhooks/{webhook.id}/"
    assert client.get(at).status_code == 404
    posts = [f"/account/tokens/{token.id}/revoke/", f"/account/phones/{phone.id}/revoke/"]
    posts += [f"{at}{deed}/" for deed in ("ping", "pause", "resume", "rotate", "delete", "x")]
    for path in posts:
        assert client.post(path).status_code == 404, path
    assert client.post(f"{at}replay/", {"from_seq": 1}).status_code == 404
    assert client.post("/account/membership/", {"membership": str(theirs.id)}).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    assert "theirs" not in client.get("/account/tokens/").content.decode()


def test_pages_of_people_are_closed_to_those_who_manage_nobody():
    member, client = make_member(Role.LEAD_MONITOR), signed_in(make_member(Role.LEAD_MONITOR))
    at = f"/people/members/{member.id}/"
    for path in (f"/people/organisations/{member.organisation_id}/", at):
        assert client.get(path).status_code == 403
    for deed in ("link", "end", "deactivate", "factors", "role", "token"):
        posted = client.post(f"{at}{deed}/", {"reason": "x", "role-role": "monitor"})
        assert posted.status_code == 403


def test_names_are_text_wherever_they_stand():
    member = make_member(Role.MONITOR, name=HOSTILE)
    member.organisation.name = HOSTILE
    member.organisation.save()
    token_issue(actor=None, membership=member, name=HOSTILE)
    device_issue(actor=None, membership=member, label=HOSTILE)
    webhook = webhook_of(member)
    own = [*OWN, "/account/webhooks/", f"/account/webhooks/{webhook.id}/"]
    theirs = ["/people/", f"/people/organisations/{member.organisation_id}/"]
    theirs += [f"/people/members/{member.id}/"]
    administrator = make_member(Role.ADMINISTRATOR)
    for who, paths in ((member, own), (administrator, theirs)):
        client = signed_in(who)
        for path in paths:
            page = client.get(path).content.decode()
            assert "<img src=x" not in page, path
            assert "<script>x" not in page, path
            assert not re.search(r" on\w+=alert\(1\)>", page), path


def test_somebody_of_two_organisations_chooses_for_which_to_act():
    first = make_member(Role.SUBMITTER)
    second = make_member(Role.SUBMITTER)
    second.user = first.user
    second.save()
    client = signed_in(first)
    client.post("/account/membership/", {"membership": str(second.id)})
    assert client.get("/account/").context["actor"].organisation_id == second.organisation_id
