"""How much a page's first view asks of a slow line, as the web server would send it (gzip)."""

import gzip

import pytest

from accounts.models import Role
from tests.browser.scene import make_scene
from tests.factories import make_member

MOST_BYTES = 200_000
# What only the map asks for, which is drawn over the page's own drawing when all of it is there.
OF_THE_MAP = ("basemap", "maplibre", "countries", "/built/map.js", "/map/tiles/", "/map/towns/")
PUBLIC = ["/", "/published/", "/methodology/", "/guide/", "/ogc/collections/incidents/items"]


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (None, PUBLIC),
        (Role.SUBMITTER, ["/submit/", "/imports/", "/receipts/"]),
        (Role.MONITOR, ["/map/", "/risk/", "/queue/", "/queue/matches/", "/incidents/{}/"]),
        (Role.ADMINISTRATOR, ["/people/", "/account/"]),
    ],
)
def test_the_first_view_weighs_at_most_200_kb(open_browser, role, paths):
    incident = make_scene().incident
    member = make_member(role) if role else None
    for path in paths:
        page = open_browser(member)
        sent = {}

        def weigh(answer, sent=sent):
            if answer.ok and not any(part in answer.url for part in OF_THE_MAP):
                sent[answer.url] = len(gzip.compress(answer.body(), 6))

        page.on("response", weigh)
        page.goto(path.format(incident.id), wait_until="networkidle")
        assert 0 < sum(sent.values()) <= MOST_BYTES, (path, sent)
        page.context.close()
