"""Whatever a published text says, a page shows it and does nothing."""

import pytest
from django.test import Client

from tests.feed.making import ITEMS, hostile_entry
from tests.support.inert import wrongs_of
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
BROWSER = "text/html,*/*;q=0.5"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_feature_is_read_as_markup(db, payload):
    id_ = hostile_entry(payload)
    client = Client(HTTP_ACCEPT=BROWSER)
    for path in (ITEMS, f"{ITEMS}/{id_}", "/", "/published/"):
        page = client.get(path).content.decode()
        assert payload in Page(page).words
        assert wrongs_of(page) == []


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "path",
    ["/ogc/collections/incidents/items", "/ogc/collections/admin-units/items", "/published/"],
)
def test_no_parameter_is_read_as_markup(db, path, payload):
    client = Client(HTTP_ACCEPT=BROWSER)
    for name in ("filter", "bbox", "grade", "killed_min", "country", "cursor", payload):
        assert wrongs_of(client.get(path, {name: payload}).content.decode()) == []
