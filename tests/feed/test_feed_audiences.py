"""Who sees which log, and what caches may keep of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Role
from accounts.permissions import Action
from accounts.services import token_revoke
from feed.models import Audience
from feed.sealing import seal
from tests.factories import bearer, make_member
from tests.feed.making import ITEMS, entry


@pytest.fixture
def rows(db):
    made = {audience: entry(audience=audience) for audience in Audience}
    seal()
    return {str(row.object_id): audience for audience, row in made.items()}


def seen(client, rows):
    answer = client.get(ITEMS)
    assert answer.status_code == 200
    return {rows[feature["id"]] for feature in answer.json()["features"]}


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        (Role.PARTNER, Audience.PARTNER),
        (Role.MONITOR, Audience.PARTNER),
        (Role.LEAD_MONITOR, Audience.PARTNER),
        (Role.SUBMITTER, Audience.PUBLIC),
        (Role.ADMINISTRATOR, Audience.PUBLIC),
    ],
)
def test_a_role_sees_its_audiences_log(rows, role, audience):
    assert seen(Client(**bearer(make_member(role))), rows) == {audience}


def test_who_has_no_account_is_the_public(public, rows):
    assert seen(public, rows) == {Audience.PUBLIC}


def test_a_token_without_the_scope_sees_what_the_public_sees(rows):
    narrowed = bearer(make_member(Role.MONITOR), scopes=[Action.INCIDENT_READ])
    assert seen(Client(**narrowed), rows) == {Audience.PUBLIC}


def test_an_object_of_another_audience_is_not_found(public, partner, rows):
    for id_, audience in rows.items():
        for client, own in ((public, Audience.PUBLIC), (partner, Audience.PARTNER)):
            assert client.get(f"{ITEMS}/{id_}").status_code == (200 if own == audience else 404)


def expired(token):
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def revoked(token):
    token_revoke(actor=None, token_id=ApiToken.objects.get().id)


def unknown(token):
    ApiToken.objects.update(secret_hash="0" * 64)


@pytest.mark.parametrize("spoil", [expired, revoked, unknown])
@pytest.mark.parametrize("path", ["/ogc/", "/ogc/api", "/ogc/collections", ITEMS])
def test_a_bad_token_is_refused_and_not_taken_for_the_public(rows, path, spoil):
    headers = bearer(make_member(Role.PARTNER))
    spoil(headers)
    answer = Client(**headers).get(path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="harmwatch"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/ogc/", "/ogc/api", "/ogc/collections", ITEMS])
def test_shared_caches_never_keep_a_partners_answer(public, partner, rows, path):
    shared, own = public.get(path), partner.get(path)
    assert shared["Cache-Control"] == "public, max-age=60"
    assert own["Cache-Control"] == "private, no-cache"
    for answer in (shared, own):
        assert "Authorization" in answer["Vary"]


@pytest.mark.parametrize("path", ["/ogc/", "/ogc/api", "/ogc/collections", ITEMS])
def test_head_and_options_answer(public, rows, path):
    whole, head, options = public.get(path), public.head(path), public.options(path)
    assert head.status_code == options.status_code == 200
    assert head.content == b""
    assert head["Content-Type"] == whole["Content-Type"]
    assert options["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["application/json", "image/png", "rubbish"])
def test_data_is_geojson_whatever_else_is_accepted(public, rows, accept):
    answer = public.get(ITEMS, HTTP_ACCEPT=accept)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/geo+json"
