"""Whatever a published text says, a page shows it and does nothing."""

import json

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from core.ids import uuid7
from feed.models import Audience, Change, Kind, LogEntry
from feed.sealing import seal
from tests.feed.making import DAY, ITEMS
from tests.support.markup import Page

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ request.META }}{% load i18n %}",
    "<!--",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
TEXTS = (
    *("title", "alleged_actor", "place_name", "pcode", "weapon", "weapon_class", "grade"),
    *("country", "place_code", "license", "attribution", "exposure_layer", "time_start"),
)
BROWSER = "text/html,*/*;q=0.5"


def hostile(payload):
    """Write an entry every text of which is the payload, property names among them."""
    properties = dict.fromkeys(TEXTS, payload) | {
        "version": 1,
        "targets": [payload],
        "units": [{"level": 1, "pcode": payload, "names": {"en": payload}, "release": payload}],
        "responses": [{"party": payload, "url": payload, "conceded": [{"outcome": payload}]}],
        "sentences": {"en": payload},
        "explanation": {payload: payload},
        payload: payload,
    }
    id_ = uuid7()
    point = {"type": "Point", "coordinates": [43.8, 33.3]}
    feature = {"type": "Feature", "id": str(id_), "geometry": point, "properties": properties}
    LogEntry.objects.create(
        audience=Audience.PUBLIC,
        kind=Kind.INCIDENT,
        object_id=id_,
        object_version=1,
        change=Change.CREATED,
        geometry=Point(43.8, 33.3, srid=4326),
        time_start=DAY,
        time_end=DAY,
        feature=json.dumps(feature),
    )
    seal()
    return id_


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_feature_is_read_as_markup(db, payload):
    id_ = hostile(payload)
    client = Client(HTTP_ACCEPT=BROWSER)
    for path in (ITEMS, f"{ITEMS}/{id_}", "/", "/published/"):
        page = Page(client.get(path).content.decode())
        assert payload in page.words
        assert_inert(page)


def assert_inert(page):
    for tag, given in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "style"}
        assert not [name for name in given if name.startswith("on") or name == "style"]
        assert not given.get("href", "").lower().startswith("javascript:")
    assert all(script.get("src", "").startswith("/static/") for script in page.all("script"))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "path",
    ["/ogc/collections/incidents/items", "/ogc/collections/admin-units/items", "/published/"],
)
def test_no_parameter_is_read_as_markup(db, path, payload):
    client = Client(HTTP_ACCEPT=BROWSER)
    for name in ("filter", "bbox", "grade", "killed_min", "country", "cursor", payload):
        page = Page(client.get(path, {name: payload}).content.decode())
        assert_inert(page)
