"""One incident in a real browser: fit to be seen, graded, and nothing typed is lost."""

import pytest

from incidents.models import Comment, Incident, Report
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.browser.scene import make_scene
from tests.e2e.conftest import layer  # noqa: F401 - a fixture
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture

STALE = "console: Failed to load resource: the server responded with a status of 412"
OFFLINE = "console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def scene(committed_db, evidence_folder, layer):  # noqa: F811 - the fixtures imported above
    return make_scene()


def test_its_pages_are_fit_to_be_seen(open_browser, watched, scene):
    watched.allowed.append(STALE)
    report = Report.objects.get(incident=scene.incident, title="Barrel bombs on Fallujah")
    for look in LOOKS:
        page = open_browser(scene.beth, **look_options(*look))
        for part, name in (("", "incident"), ("timeline/", "timeline"), ("publish/", "publish"),
                           ("matches/", "candidates")):  # fmt: skip
            page.goto(f"/incidents/{scene.incident.id}/{part}")
            if name == "incident":
                page.locator("details.roll summary").first.click()
                page.locator("#story").scroll_into_view_if_needed()
                page.wait_for_selector("#story .story")
            fit_to_be_seen(page, name, look)
        page.goto(f"/incidents/{scene.incident.id}/")
        page.select_option("#grade_grade", "weak")
        page.fill("#grade_reason", "On reflection.")
        page.evaluate("() => { document.querySelector('#grade [name=version]').value = 1; }")
        page.click("#grade button.main")
        page.wait_for_selector("#conflict:focus")
        fit_to_be_seen(page, "conflict", look)
        page.goto(f"/reports/{report.id}/sealed/")
        fit_to_be_seen(page, "sealed", look)
        page.fill("#sealed_reason", "To call her back.")
        page.click("button.danger")
        page.get_by_text("Umm Ahmed").wait_for()
        fit_to_be_seen(page, "sealed-open", look)
        page.context.close()


def fit_to_be_seen(page, name, look):
    assert not overflows(page), (look, name)
    assert serious_findings(page) == [], (look, name)
    shoot(page, name, look)


def test_a_picture_is_seen_when_opened_and_blurred_again_by_escape(open_browser, scene):
    page = open_browser(scene.bob)
    page.goto(f"/incidents/{scene.incident.id}/")
    picture = page.locator("details.shade")
    blurred = "() => getComputedStyle(document.querySelector('.shade img')).filter"
    assert "blur" in page.evaluate(blurred)
    picture.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(blurred) == "none"
    page.keyboard.press("Escape")
    assert "blur" in page.evaluate(blurred)


def test_two_monitors_on_one_incident_and_the_second_sees_both_versions(
    open_browser, watched, scene
):
    watched.allowed.append(STALE)
    bobs, beths = open_browser(scene.bob), open_browser(scene.beth)
    for page, grade, reason in (
        (bobs, "confirmed", "Three sources by now."),
        (beths, "weak", "On reflection."),
    ):
        page.goto(f"/incidents/{scene.incident.id}/")
        page.select_option("#grade_grade", grade)
        page.fill("#grade_reason", reason)
    bobs.fill("#comment_text", "Half a thought")
    beths.click("#grade button.main")
    beths.wait_for_selector(".message.success")

    bobs.click("#grade button.main")
    conflict = bobs.locator("#conflict")
    conflict.wait_for()
    assert "weak" in conflict.inner_text()
    assert "fair" in conflict.inner_text()
    assert bobs.input_value("#grade_reason") == "Three sources by now."
    assert bobs.input_value("#grade_grade") == "confirmed"
    assert bobs.input_value("#comment_text") == "Half a thought"
    bobs.click("#grade button.main")
    bobs.wait_for_selector(".message.success")
    assert bobs.input_value("#comment_text") == "Half a thought"
    assert Incident.objects.get(id=scene.incident.id).version == scene.incident.version + 2


def test_typing_outlives_a_lost_line_a_reload_and_an_ended_session(open_browser, watched, scene):
    watched.allowed += [OFFLINE, "console: htmx:"]
    page = open_browser(scene.bob)
    page.goto(f"/incidents/{scene.incident.id}/")
    page.fill("#comment_text", "A long thought")
    page.context.set_offline(True)
    page.click("#comment button")
    page.wait_for_selector("#comment .notice")
    assert page.input_value("#comment_text") == "A long thought"
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("#comment_text") == "A long thought"

    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.fill("#comment_text", "A long thought, longer")
    page.click("#comment button")
    page.wait_for_selector("#comment .notice a")
    page.click("#comment .notice a")
    page.wait_for_url("**/account/login/**")
    assert Comment.objects.filter(text__startswith="A long").count() == 0
    page.context.add_cookies(cookies)  # as after logging in
    page.goto(f"/incidents/{scene.incident.id}/")
    assert page.input_value("#comment_text") == "A long thought, longer"
    page.click("#comment button")
    page.wait_for_selector(".message.success")
    assert page.input_value("#comment_text") == ""
    assert "A long" not in page.evaluate("() => JSON.stringify(sessionStorage)")
    assert Comment.objects.filter(text="A long thought, longer").count() == 1


def test_what_somebody_typed_is_not_shown_to_who_logs_in_next(open_browser, scene):
    page = open_browser(scene.bob)
    page.goto(f"/incidents/{scene.incident.id}/")
    page.fill("#comment_text", "Bob's thought")
    page.context.add_cookies(open_browser(scene.beth).context.cookies())
    page.goto(f"/incidents/{scene.incident.id}/")
    assert page.input_value("#comment_text") == ""
    assert "Bob" not in page.evaluate("() => JSON.stringify(sessionStorage)")


def test_sealed_words_are_never_kept(open_browser, scene):
    page = open_browser(scene.beth)
    page.goto(f"/incidents/{scene.incident.id}/")
    page.locator("details.report summary").first.click()
    page.get_by_role("link", name="Who is behind it").first.click()
    page.fill("#sealed_reason", "To call Umm Ahmed back.")
    assert "Umm Ahmed" not in page.evaluate("() => JSON.stringify(sessionStorage)")
    page.click("button.danger")
    page.get_by_text("Umm Ahmed").wait_for()
    assert "Umm Ahmed" not in page.evaluate("() => JSON.stringify(sessionStorage)")
