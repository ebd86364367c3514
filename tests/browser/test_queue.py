"""The queue in a real browser: fit to be seen, and worked through by keyboard alone."""

import pytest
from playwright.sync_api import expect

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
        page.goto("/queue/?country=IQ&state=new")
        page.click("#bulk summary")
        page.select_option("#bulk_grade", "weak")
        page.fill("#bulk_reason", "One source each.")
        page.click("#bulk button")
        page.wait_for_selector("button.danger")
        assert not overflows(page), look
        assert serious_findings(page) == [], look
        shoot(page, "bulk", look)
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
    page.wait_for_selector("#grade_grade:focus")
    graded = page.url
    page.keyboard.press("f")
    page.keyboard.press("Tab")
    page.keyboard.type("Two agree.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".message.success:focus")
    assert Incident.objects.filter(grade="fair").count() == 2  # one was graded before
    page.keyboard.press("j")
    page.wait_for_url(lambda url: "/incidents/" in url and url != graded)
    page.keyboard.press("m")
    page.wait_for_url("**/matches/")
    page.keyboard.press("u")
    page.wait_for_url("**/queue/?state=new&order=newest")
    page.wait_for_selector("tr[aria-current] a:focus")


def test_keys_wait_for_the_answer_and_those_that_do_nothing_say_so(open_browser, scene):
    page = open_browser(scene.bob)
    said = page.locator("[data-said]")
    page.goto("/queue/?state=new")
    page.keyboard.press("t")
    expect(said).to_have_text("Choose one first: j goes to the next.")
    page.keyboard.press("j")
    for _ in range(3):
        page.keyboard.press("t")
    expect(said).to_have_text("Strike 3: triaged now.")
    assert Incident.objects.filter(state="triaged").count() == 3
    page.goto("/queue/?state=triaged")
    page.keyboard.press("j")
    page.keyboard.press("t")
    expect(said).to_have_text("That key does nothing for this one.")
    # The letters of an Arabic keyboard stand where the Latin ones do; Escape leaves a field.
    page.evaluate(
        "() => document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'ا', code: 'KeyG', bubbles: true, cancelable: true}))"
    )
    page.wait_for_selector("#grade_grade:focus")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("[data-keys-off]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#comment_text")).not_to_be_focused()
    page.evaluate("() => localStorage.clear()")
    page.keyboard.press("c")
    page.wait_for_selector("#comment_text:focus")


def test_pairs_are_decided_by_keyboard(open_browser, scene, watched):
    watched.allowed += [
        "console: Failed to load resource: the server responded with a status of 400"
    ]
    page = open_browser(scene.bob)
    page.goto("/queue/matches/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/matches/*/")
    page.keyboard.press("d")
    page.wait_for_selector("#dismiss_reason:focus")
    page.keyboard.type(".")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#dismiss_reason[aria-invalid]:focus")
    page.keyboard.type(" Two nights.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/queue/matches/")
    page.wait_for_selector(".message.success:focus")  # the list is empty now
    assert MatchSuggestion.objects.filter(decision="different").count() == 1


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
