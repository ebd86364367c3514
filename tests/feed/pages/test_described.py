"""The descriptions that pages show are known to the translators."""

import pytest
from django.utils import translation

from feed.ogc.units import UNITS
from feed.pages.described import SAID, in_words

COLLECTIONS = ["incidents", "context-events", "exposure", "risk-cells", UNITS.id]


def descriptions(client):
    paths = [
        *(f"collections/{name}/{part}" for name in COLLECTIONS for part in ("schema", "queryables"))
    ]
    for path in paths:
        for one in client.get(f"/ogc/{path}?f=json").json()["properties"].values():
            yield one.get("description")
    for methods in client.get("/ogc/api?f=json").json()["paths"].values():
        for told in methods.values():
            yield told.get("description")
            yield from (one.get("description") for one in told.get("parameters", []))


def test_every_description_shown_is_known(client, db):
    shown = {one for one in descriptions(client) if one}
    assert len(shown) > 40
    assert shown - SAID == set()


@pytest.mark.parametrize("text", sorted(SAID))
def test_each_has_its_arabic(text):
    with translation.override("ar"):
        assert in_words(text) != text
