"""Asking about places of one's own, as monitors do."""

import json

from django.test import Client

from accounts.models import Role
from tests.factories import bearer, make_member

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[43.1, 33.6], [43.4, 33.6], [43.4, 33.9], [43.1, 33.9], [43.1, 33.6]]],
}
PERIOD = {"start": "2014-05-01", "end": "2014-05-31"}


def ask(body, membership=None):
    """Return the answer to a question, asked by a monitor unless told."""
    client = Client(**bearer(membership or make_member(Role.MONITOR)))
    text = body if isinstance(body, bytes) else json.dumps(body)
    return client.post("/api/v1/exposure/", text, content_type="application/json")


def asked(body, membership=None):
    """Return the content of the answer, which must be there at once."""
    answer = ask(body, membership)
    assert answer.status_code == 200, answer.content
    return answer.json()


def figure(result, radius, floor=None):
    """Return the figures at one radius, on one floor."""
    (found,) = (
        one
        for one in result["figures"]
        if (one["radius_m"], one["evidence_floor"]) == (radius, floor)
    )
    return found
