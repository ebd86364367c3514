"""Planted secrets, looked for in changes, digests, releases and their files."""

import pytest
from django.test import Client

from accounts.models import Role
from feed.models import Audience, ReleaseFile
from feed.releases import release_create, releases_make
from tests.factories import bearer, make_actor, make_member
from tests.feed.conftest import layer, releases_folder, units  # noqa: F401 - fixtures
from tests.security.test_public_feed_leaks_nothing import (
    LAT,
    LON,
    decimal_forms,
    incident,  # noqa: F401 - a fixture
    words,
)

CHANGES = "/api/v1/changes"
RELEASES = "/api/v1/releases/"


@pytest.fixture
def released(incident, releases_folder):  # noqa: F811
    """Release the logs of both audiences."""
    lead = make_actor(Role.LEAD_MONITOR)
    for audience in Audience:
        release_create(actor=lead, name=f"of-{audience}", audience=audience)
    releases_make()
    return incident


def routes():
    for query in ("", "?f=ndjson", "?kind=incident", "?limit=1&wait=0", "?f=x", "?since=x"):
        yield f"{CHANGES}{query}"
    yield from (f"{CHANGES}/digest{query}" for query in ("", "?seq=1", "?seq=2", "?seq=x"))
    yield RELEASES
    for audience in Audience:
        yield f"{RELEASES}of-{audience}/"
        for name in ReleaseFile.objects.values_list("name", flat=True).distinct():
            yield f"{RELEASES}of-{audience}/files/{name}"


def text_of(answer):
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return headers + body.decode(errors="replace")


@pytest.mark.parametrize("role", [None, "submitter", "administrator"])
def test_no_answer_holds_what_was_planted(released, role):
    forbidden = words() | decimal_forms(LON) | decimal_forms(LAT) | {"of-partner"}
    client = Client(**(bearer(make_member(role)) if role else {}))
    count = 0
    for route in routes():
        text = text_of(client.get(route))
        assert not {secret for secret in forbidden if secret in text}, route
        count += str(released.id) in text
    assert count >= 6  # the incident itself is there, so the search was not in vain


def test_partners_do_see_it(released):
    """Else the test above would look for what nobody is ever shown."""
    client = Client(**bearer(make_member(Role.PARTNER)))
    assert sum("Nazzal quarter" in text_of(client.get(route)) for route in routes()) >= 6
