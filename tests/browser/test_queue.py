"""The queue in a real browser: fit to be seen, and worked through by keyboard alone."""

import pytest

from accounts.models import Role
from incidents.models import Incident, MatchSuggestion
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.browser.scene import make_scene
from tests.factories import make_incident, make_member
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture


@pytest.fixture
def scene(committed_db, evidence_folder):  # noqa: F811 - the fixture imported above
    found = make_scene(with_layer=False)
    for number in range(6):
        make_incident(
            title=f"Strike {number}",
            location__longitude=36.0 + number / 3,
            location__place_name="Aleppo",
            occurred__start=f"2015-0{number + 1}-01",
        )
    return found


def test_its_pages_are_fit_to_be_seen(open_browser, scene):
    match = MatchSuggestion.objects.filter(decision=None).first()
    pages = [("/queue/", "queue"), ("/queue/matches/", "pairs"), (f"/matches/{match.id}/", "pair")]
    for look in LOOKS:
        page = open_browser(scene.bob, **look_options(*look))
        for path, name in pages:
            page.goto(path)
            assert not overflows(page), (look, path)
            assert serious_findings(page) == [], (look, path)
            shoot(page, name, look)
        page.context.close()


def test_it_is_worked_through_by_keyboard(open_browser, scene):
    page = open_browser(scene.bob)
    page.goto("/queue/?state=new&order=newest")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    chosen = page.locator("tr[aria-current]").get_attribute("data-row")
    page.keyboard.press("t")
    page.wait_for_selector(".message.success")
    assert Incident.objects.get(id=chosen).state == "triaged"
    after = page.locator("tr[aria-current]")
    after.wait_for()
    assert after.get_attribute("data-row") != chosen
    page.keyboard.press("g")
    page.wait_for_url("**/incidents/*/#grade")
    page.keyboard.press("Tab")
    page.select_option("#grade_grade", "fair")
    page.fill("#grade_reason", "Two agree.")
    page.focus("#grade button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector(".message.success")
    assert Incident.objects.filter(grade="fair").count() == 2  # one was graded before
    page.goto("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.wait_for_url("**/matches/")


def test_a_pair_is_merged_and_it_is_undone(open_browser, scene):
    match = MatchSuggestion.objects.filter(decision=None).first()
    page = open_browser(scene.bob)
    page.goto(f"/matches/{match.id}/")
    page.fill("#merge_reason", "The same quarter, the same night.")
    page.click("#merge button")
    page.wait_for_selector(".message.success")
    undo = page.locator(".merge details").last
    undo.locator("summary").click()
    undo.locator("textarea").fill("Two nights.")
    undo.locator("button").click()
    page.wait_for_selector(".message.success >> text=two")
    assert Incident.objects.filter(merged_into=match.one_id, id=match.other_id).count() == 0


def test_it_works_without_javascript(open_browser, scene):
    page = open_browser(scene.bob, java_script_enabled=False)
    page.goto("/queue/?state=new")
    page.locator("[data-triage] button").first.click()
    assert page.locator(".message.success").count() == 1
    page.locator("th[scope=row] a").first.click()
    page.fill("#comment_text", "Seen.")
    page.click("#comment button")
    assert "Seen." in page.locator("#comment .said").inner_text()


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.PARTNER, Role.ADMINISTRATOR])
def test_the_outsider_is_turned_away(open_browser, watched, committed_db, role):
    watched.allowed.append(
        "console: Failed to load resource: the server responded with a status of 403"
    )
    page = open_browser(make_member(role))
    page.goto("/queue/")
    assert page.locator("h1").inner_text() == "Your role does not open this page."
    assert page.locator(".queue").count() == 0
