"""A form that came too late, in a real browser: its words are there to be copied, and come back."""

from accounts.models import Role
from incidents.models import Comment
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.factories import make_incident, make_member

REFUSED = "console: Failed to load resource: the server responded with a status of 403"
TYPED = "The mosque fits the satellite image.\nThe date does not."


def with_another_key(page):
    """Change the key of all forms, as logging in again in another tab does."""
    (kept,) = [one for one in page.context.cookies() if one["name"] == "csrftoken"]
    page.context.add_cookies([kept | {"value": "a" * 32}])


def test_without_scripts_the_page_shows_what_was_typed(open_browser, watched, committed_db):
    watched.allowed.append(REFUSED)
    bob, incident = make_member(Role.MONITOR, name="Bob"), make_incident()
    for look in LOOKS:
        page = open_browser(bob, java_script_enabled=False, **look_options(*look))
        page.goto(f"/incidents/{incident.id}/")
        page.fill("#comment_text", TYPED)
        with_another_key(page)
        page.click("#comment button")
        assert "The date does not." in page.inner_text("main")
        assert page.locator("main a.button").get_attribute("href") == f"/incidents/{incident.id}/"
        assert not overflows(page), look
        shoot(page, "too-late", look)
        page.context.close()
    assert not Comment.objects.exists()


def test_with_scripts_the_words_are_in_the_form_again(open_browser, watched, committed_db):
    watched.allowed += [REFUSED, "console: Response Status Error Code 403"]
    incident = make_incident()
    page = open_browser(make_member(Role.MONITOR, name="Bob"))
    page.goto(f"/incidents/{incident.id}/")
    page.fill("#comment_text", TYPED)
    with_another_key(page)
    page.click("#comment button")
    page.get_by_role("heading", name="This form is too old").wait_for()
    assert serious_findings(page) == []
    page.click("main a.button")
    page.wait_for_selector("#comment_text")
    assert page.input_value("#comment_text") == TYPED
    page.click("#comment button")
    page.wait_for_selector(".message.success")
    assert Comment.objects.get().text.splitlines() == TYPED.splitlines()
