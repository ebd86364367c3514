"""Each role in a real browser, on a phone, in Arabic: the rooms it has, and the others shut."""

import pytest

from accounts.models import Role
from incidents.models import Report
from tests.browser.looking import look_options, overflows
from tests.factories import make_incident, make_member

ACCOUNT = {
    "/account/", "/account/password/change/", "/account/2fa/", "/account/sessions/",
    "/account/tokens/",
}  # fmt: skip
WEBHOOKS = {"/account/webhooks/"}
SENDING = {"/submit/", "/imports/", "/receipts/"}
JUDGING = {
    "/map/", "/risk/", "/risk/calibration/", "/queue/", "/queue/matches/", "/incidents/ID/",
    "/incidents/ID/timeline/", "/incidents/ID/matches/", "/incidents/ID/publish/",
}  # fmt: skip
PEOPLE = {"/people/"}
PUBLIC = {"/published/", "/methodology/", "/cite/", "/guide/", "/ogc/"}  # to everybody
ANOTHERS = {"/receipts/REPORT/"}
OPEN = {
    None: PUBLIC,
    Role.SUBMITTER: ACCOUNT | SENDING,
    Role.MONITOR: ACCOUNT | WEBHOOKS | SENDING | JUDGING,
    Role.LEAD_MONITOR: ACCOUNT | WEBHOOKS | SENDING | JUDGING,
    Role.ADMINISTRATOR: ACCOUNT | PEOPLE,
    Role.PARTNER: ACCOUNT | WEBHOOKS,
}
ALL = ACCOUNT | WEBHOOKS | SENDING | JUDGING | PEOPLE | ANOTHERS
NAVIGATION = (
    "/map/", "/risk/", "/queue/", "/submit/", "/imports/", "/receipts/", "/people/", "/published/",
)  # fmt: skip
VISITORS = ["/published/", "/methodology/", "/cite/", "/guide/"]
MAP_IS_DRAWN = "[data-map][data-drawn]"


@pytest.mark.parametrize("role", OPEN, ids=str)
def test_a_role_finds_its_rooms_and_no_other(open_browser, watched, committed_db, role):
    watched.allowed.append("console: Failed to load resource: the server responded with a status")
    report = Report.objects.get(incident=make_incident())
    page = open_browser(role and make_member(role), **look_options("ar", "dark", "phone"))

    page.goto("/")
    links = [link.get_attribute("href") for link in page.locator("header nav a").all()]
    rooms = [path for path in NAVIGATION if path in OPEN[role] | PUBLIC]
    assert links == (rooms if role else VISITORS)
    for path in links:
        with page.expect_navigation() as went:
            page.click(f"header nav a[href='{path}']")
        assert went.value.status == 200
        assert page.locator("header nav a[aria-current=page]").get_attribute("href") == path
        _fits(page, path)

    for path in sorted(ALL | OPEN[role]):
        answer = page.goto(
            path.replace("ID", str(report.incident_id)).replace("REPORT", str(report.id))
        )
        if path in OPEN[role]:
            assert answer.status == 200, path
            _fits(page, path)
        elif role is None:
            assert "/account/login/?next=" in page.url, path
        else:
            assert answer.status in {403, 404}, path
            assert report.title not in page.content()


def _fits(page, path):
    assert page.get_attribute("html", "dir") == "rtl"
    assert not overflows(page), path
    if path == "/map/":
        page.wait_for_selector(MAP_IS_DRAWN)
