"""Hostile words in all that people may write, name or send: every room shows them as words."""

import pytest
from django.core.files.base import ContentFile

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Report
from incidents.services.comments import comment_add
from incidents.services.evidence import evidence_receive
from incidents.services.matching import matches_refresh
from tests.browser.scene import picture
from tests.factories import make_actor, make_incident, make_member
from tests.feed.making import published
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
from tests.incidents.imports.files import ROW, imported, table
from tests.support.payloads import FILE_NAMES, HXL_HEADERS, MARK, PAYLOADS, hostile_report

TEXTS = ("title", "description", "alleged_actor", "sources", "claims", "reporter")
ELSEWHERE = "base, iframe, form[action^='http'], a[href^='javascript'], [onerror], [onload]"


def hostile_member(role, number):
    member = make_member(role, name=PAYLOADS[number])
    member.organisation.name = PAYLOADS[number + 1]
    member.organisation.save()
    return member


def hostile_incident(actor, number):
    body = hostile_report(number)
    changes = {name: body[name] for name in TEXTS}
    changes["location__place_name"] = body["location"]["place_name"]
    return make_incident(actor, **changes)


@pytest.fixture
def pages(committed_db, imports_folder, evidence_folder):  # noqa: F811 - the one imported above
    """Pages by who opens them, with hostile words in all that they show."""
    alice, bob = hostile_member(Role.SUBMITTER, 0), hostile_member(Role.MONITOR, 2)
    incident = hostile_incident(actor_of(alice), 0)
    hostile_incident(make_actor(), 5)
    report = Report.objects.get(incident=incident)
    content = ContentFile(picture())
    evidence_receive(
        actor=actor_of(alice), report_id=report.id, name=FILE_NAMES[0], content=content
    )
    comment_add(actor=actor_of(bob), incident_id=incident.id, text=PAYLOADS[0])
    row = ROW | dict.fromkeys(HXL_HEADERS, PAYLOADS[1])
    sent = table({"where_coordinates": PAYLOADS[2]}, {"latitude": PAYLOADS[3]}, row=row)
    run = imported(actor_of(alice), sent, name=FILE_NAMES[1])
    matches_refresh(incident_ids=[incident.id])
    published(incident)
    home = f"/incidents/{incident.id}/"
    return {
        alice: ["/account/", "/receipts/", f"/receipts/{report.id}/?verify=1", "/imports/",
                f"/imports/{run.id}/"],
        bob: ["/map/", "/queue/?needs_decision=", "/queue/matches/", home, f"{home}timeline/",
              f"{home}publish/", f"{home}matches/"],
        make_member(Role.ADMINISTRATOR): ["/people/", f"/people/members/{alice.id}/",
                                          f"/people/organisations/{alice.organisation_id}/"],
        None: ["/published/", "/ogc/collections/incidents/items",
               f"/ogc/collections/incidents/items/{incident.id}"],
    }  # fmt: skip


def test_no_page_does_what_hostile_words_say(open_browser, pages):
    for member, paths in pages.items():
        page = open_browser(member)
        for path in paths:
            page.goto(path)
            assert member is None or MARK in page.content(), path  # the public list tells codes
            assert page.evaluate(f"() => window.{MARK}") is None, path
            assert page.locator(ELSEWHERE).count() == 0, path
            assert page.locator("main").is_visible(), path
            if path == "/map/":
                page.wait_for_selector("[data-map][data-drawn]", timeout=60_000)
