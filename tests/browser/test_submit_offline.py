"""Writing without a line: kept on the device, sent once when it is back, by who wrote it."""

import pytest
from django.conf import settings

from accounts.models import Role
from incidents.models import Report
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.browser.test_submit import fill
from tests.factories import make_member
from tests.monitor.signing_in import signed_in

LOST = ["console: Failed to load resource", "console: htmx:"]
# The server takes it, and its answer is lost on the way.
LOSE_ANSWERS = """() => {
  const real = window.fetch;
  window.fetch = async (path, options) => {
    const answer = await real(path, options);
    if (options.method === "POST") throw new TypeError("the answer was lost");
    return answer;
  };
}"""
ON_DEVICE = """() => new Promise((done) => {
  const asked = indexedDB.open("harmwatch");
  asked.onsuccess = () => {
    const all = asked.result.transaction("reports").objectStore("reports").getAll();
    all.onsuccess = () => { asked.result.close(); done(JSON.stringify(all.result)); };
  };
})"""


@pytest.fixture
def alice(committed_db):
    return make_member(Role.SUBMITTER, name="Alice Haddad")


@pytest.fixture
def ready(open_browser, watched):
    """Return a page whose browser keeps the form."""
    watched.allowed += LOST

    def start(member, **options):
        page = open_browser(member, **options)
        page.goto("/submit/")
        page.wait_for_selector("[data-installed]:not([hidden])")
        return page

    return start


def write(page, **changes):
    """Fill in the form at hand."""
    fill(page)
    page.check("#id_store")
    for name, value in changes.items():
        page.fill(f"#id_{name}", value)


def keep(page):
    page.click("form[data-offline] button.main")
    page.wait_for_selector("#waiting .entry")


def become(page, origin, member):
    """Let somebody else be logged in, in the same browser."""
    name = settings.SESSION_COOKIE_NAME
    value = signed_in(member).cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": origin}])


def on_device(page):
    """Return what lies in the browser's database, as text."""
    return page.evaluate(ON_DEVICE)


def test_written_without_a_line_it_is_sent_once_when_the_line_is_back(alice, ready):
    page = ready(alice)
    page.context.set_offline(True)
    write(page)
    assert "Alice Haddad" in page.inner_text("[data-writing]")
    page.click("[data-more=sources]")
    page.select_option("#id_sources-1-kind", "ngo")
    page.fill("#id_sources-1-name", "White Helmets")
    keep(page)
    assert page.inner_text("#waiting [data-tag]") == "waiting"
    assert "Umm Ahmed" in on_device(page)
    page.reload()
    page.wait_for_selector("#waiting .entry")
    assert Report.objects.count() == 0
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.good")
    report = Report.objects.get()
    assert (report.organisation_id, report.sources.count()) == (alice.organisation_id, 2)
    assert on_device(page) == "[]"
    page.click("#waiting [data-receipt]")
    page.wait_for_url(f"**/receipts/{report.id}/")
    page.goto("/submit/")
    page.wait_for_selector("[data-installed]:not([hidden])")
    assert page.is_hidden("#waiting")
    assert Report.objects.count() == 1


def test_nothing_keeps_the_browser_from_installing_it(alice, ready):
    page = ready(alice)
    ask = page.context.new_cdp_session(page).send
    assert ask("Page.getAppManifest")["errors"] == []
    found = ask("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in found} <= {"in-incognito"}  # as test browsers are


def test_an_answer_that_got_lost_makes_no_second_report(alice, ready):
    page = ready(alice)
    page.context.set_offline(True)
    write(page)
    keep(page)
    page.evaluate(LOSE_ANSWERS)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.context.set_offline(False)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("[data-send]")
    assert Report.objects.count() == 1
    assert "Barrel bomb" in on_device(page)
    page.goto("/submit/")
    page.wait_for_selector("#waiting .tag.good")
    assert Report.objects.count() == 1
    assert on_device(page) == "[]"


def test_the_line_may_go_under_a_form_from_the_server(alice, ready):
    page = ready(alice)
    write(page)
    page.context.set_offline(True)
    page.click("button.main")
    page.click("[data-keep]")
    page.wait_for_selector("#waiting .entry")
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.good")
    assert Report.objects.get().title == "Barrel bomb on the market"


def test_what_was_typed_is_in_the_kept_form_after_a_reload_under_the_same_key(alice, ready):
    page = ready(alice)
    write(page, title="Typed with a line")
    key = page.input_value("[name=key]")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("form[data-offline]:not([hidden])")
    assert page.input_value("#id_title") == "Typed with a line"
    assert page.input_value("#id_sources-0-identity") == ""
    assert page.input_value("[name=key]") == key
    keep(page)
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.good")
    assert Report.objects.get().idempotency_key == key


def test_a_form_that_was_doubled_is_two_reports(alice, ready):
    page = ready(alice)
    page.context.set_offline(True)
    kept = []
    for title in ("First", "Second"):
        write(page, title=title)
        page.evaluate(
            "(key) => { document.querySelector('[name=key]').value = key; }",
            "5f0c0b1e-3f5a-4a62-9d0e-1f6d2b7c8a90",
        )
        page.click("form[data-offline] button.main")
        page.wait_for_selector(f"#waiting .entry:has-text('{title}')")
        kept.append(on_device(page).count('"sender"'))
    assert kept == [1, 2]
    page.context.set_offline(False)
    page.wait_for_function("() => document.querySelectorAll('#waiting .tag.good').length === 2")
    assert set(Report.objects.values_list("title", flat=True)) == {"First", "Second"}


def test_another_person_in_the_same_browser_neither_sees_nor_sends_it(alice, ready, origin):
    page = ready(alice)
    page.context.set_offline(True)
    write(page)
    keep(page)
    become(page, origin, make_member(Role.SUBMITTER))
    page.context.set_offline(False)  # the page is still Alice's, the session is not
    page.wait_for_function(
        "() => document.querySelector('[data-state]').textContent.includes('Somebody else')"
    )
    page.goto("/submit/")
    page.wait_for_selector("[data-installed]:not([hidden])")
    assert page.is_hidden("#waiting")
    page.context.set_offline(True)
    page.goto("/submit/")
    page.wait_for_selector("form[data-offline]")
    assert "Barrel bomb on the market" not in page.content()
    page.context.set_offline(False)
    assert Report.objects.count() == 0
    become(page, origin, alice)
    page.goto("/submit/")
    page.wait_for_selector("#waiting .tag.good")
    assert Report.objects.get().submitted_by_id == alice.user_id


def test_where_the_session_has_ended_it_waits_for_the_login(alice, ready, origin):
    page = ready(alice)
    page.context.set_offline(True)
    write(page)
    keep(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.context.set_offline(False)
    page.wait_for_selector("[data-login]:not([hidden])")
    assert "Barrel bomb" in on_device(page)
    become(page, origin, alice)  # as by the login in another tab
    page.click("[data-send]")
    page.wait_for_selector("#waiting .tag.good")
    assert Report.objects.count() == 1


def test_what_is_refused_keeps_its_words_and_is_mended(alice, ready):
    page = ready(alice)
    page.context.set_offline(True)
    write(page, where="95, 43")
    keep(page)
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.bad")
    assert "lies off the Earth" in page.inner_text("#waiting [data-errors]")
    page.click("[data-mend]")
    page.wait_for_selector("#id_where[aria-invalid=true]")
    assert page.input_value("#id_sources-0-identity") == "Umm Ahmed"
    assert page.is_hidden("#waiting")
    page.fill("#id_where", "33.3497, 43.7841")
    page.click("button.main")
    page.wait_for_url("**/receipts/*/")
    page.wait_for_function(f"async () => (await ({ON_DEVICE})()) === '[]'")
    page.goto("/submit/")
    page.wait_for_selector("[data-installed]:not([hidden])")
    assert page.is_hidden("#waiting")
    assert Report.objects.count() == 1


def test_it_is_deleted_by_hand_and_at_the_logout_which_warns(alice, ready):
    page = ready(alice)
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(True)
    for title in ("First", "Second", "Third"):
        page.goto("/submit/")
        write(page, title=title)
        keep(page)
    page.click("#waiting .entry:has-text('Second') [data-delete]")
    page.wait_for_function("() => document.querySelectorAll('#waiting .entry').length === 2")
    assert "Second" not in on_device(page)
    page.click("[data-delete-all]")
    page.wait_for_function("() => document.querySelector('#waiting').hidden")
    page.goto("/submit/")
    write(page, where="95, 43")
    keep(page)
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.bad")
    page.goto("/account/")
    page.click("form[action='/account/logout/'] button")
    page.wait_for_selector(".message.warning")
    assert "Barrel bomb" in on_device(page)
    page.click("form[action='/account/logout/'] button")
    page.wait_for_url("**/account/login/")
    assert on_device(page) == "[]"
    page.context.set_offline(True)
    page.goto("/submit/")
    page.wait_for_selector("[data-nobody]:not([hidden])")
    assert "Alice" not in page.content()


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_the_pages_are_fit_to_be_seen(alice, ready, look):
    page = ready(alice, **look_options(*look))
    page.context.set_offline(True)
    page.goto("/submit/")
    fit(page, "offline-form", look)
    write(page)
    keep(page)
    fit(page, "offline-kept", look)
    page.goto("/submit/")
    write(page, title="A second strike", where="95, 43")
    keep(page)
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.bad")
    page.wait_for_selector("#waiting .tag.good")
    fit(page, "offline-refused", look)


def fit(page, name, look):
    assert not overflows(page), name
    assert serious_findings(page) == [], name
    shoot(page, name, look)
