"""Hostile words in a real Chromium: no script, dialog, element or attribute is made of them.

The fixtures fail a test by themselves for a script's error, a violation of the page's policy or a
request to anybody else.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from incidents.models import ImportRun, Incident
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
from tests.monitor.submit.filling import FILLED
from tests.support.every_page import MEMBERS, NOBODY, visits
from tests.support.hostile_record import hostile_record_make
from tests.support.payloads import BREAKOUT, FILE_NAMES, HXL_HEADERS, MARK, PAYLOADS

# Answers of 400 and 404 are pages here; Chromium says of each that it failed to load.
REFUSED = "console: Failed to load resource: the server responded with a status of 4"
LOOK = """mark => {
  const wrongs = [];
  if (window[mark] !== undefined) wrongs.push("a script ran");
  for (const one of document.querySelectorAll("*")) {
    const names = one.getAttributeNames();
    const strange = names.filter((name) => name.includes(mark) || name.startsWith("on"));
    if (strange.length || one.localName.includes(mark)) wrongs.push(one.outerHTML.slice(0, 200));
  }
  const made = ["base", "iframe", "object", "embed", "style", "img[src=x]",
    "template:not(#leaving, #keeping, #kept, #drafted, #unkept, #map-words, [data-entry])",
    "a[href^='javascript']", "form[action*='elsewhere']", "[hx-get^='/language']", "svg[onload]"];
  const found = document.querySelectorAll(made.join());
  for (const one of found) wrongs.push(one.outerHTML.slice(0, 200));
  return wrongs;
}"""


@pytest.fixture
def record(committed_db, evidence_folder, imports_folder, settings, tmp_path):  # noqa: F811
    settings.LAYERS_DIR = str(tmp_path / "layers")
    return hostile_record_make(tmp_path)


@pytest.fixture
def look_for(open_browser, watched, record):
    """Return a function that opens a browser of a role, any dialog in which is a wrong."""
    watched.allowed.append(REFUSED)

    def start(role: Role | None) -> Page:
        page = open_browser(record.people[role] if role else None)
        page.on("dialog", lambda dialog: watched.wrongs.append(f"dialog: {dialog.message}"))
        return page

    return start


def assert_inert(page: Page) -> None:
    assert page.evaluate(LOOK, MARK) == [], page.url


@pytest.mark.parametrize("role", [NOBODY, *MEMBERS])
def test_every_page_is_opened_and_nothing_runs(look_for, record, role):
    page, seen = look_for(role), 0
    for visit in visits(record):
        if visit.by == role:
            page.goto(visit.path)
            assert_inert(page)
            seen += MARK in page.inner_text("body")
    assert seen >= (3 if role is None else 5)


def test_what_htmx_puts_into_a_page_is_inert(look_for, record):
    page = look_for(Role.LEAD_MONITOR)
    incident = Incident.objects.get(id=record.ids["incident_id"][0])
    page.goto(f"/incidents/{incident.id}/")
    page.locator("#story").scroll_into_view_if_needed()
    page.wait_for_selector("#story .story")
    assert_inert(page)
    page.select_option("#grade_grade", "weak")
    page.fill("#grade_reason", PAYLOADS[1])
    page.click("#grade button.main")
    page.wait_for_selector(".message.success")
    expect(page.locator("main")).to_contain_text(PAYLOADS[1])
    assert_inert(page)
    page.fill("#comment_text", BREAKOUT + "\u202e")
    page.click("#comment button")
    page.wait_for_selector("#comment .errorlist")
    assert page.input_value("#comment_text") == BREAKOUT + "\u202e"
    page.reload()
    assert_inert(page)


def test_what_the_map_shows_on_a_click_is_inert(look_for, record):
    page = look_for(Role.MONITOR)
    page.goto("/map/?bbox=43.2499,33.7499,43.2501,33.7501")
    page.wait_for_selector("[data-map][data-drawn]")
    box = page.locator(".maplibregl-canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".maplibregl-popup-content")).to_contain_text(MARK)
    assert_inert(page)
    page.click("[data-people] > summary")
    page.click("[data-people] button.main")
    expect(page.locator("#people")).to_contain_text(MARK)
    assert_inert(page)


def test_what_was_typed_comes_back_inert(look_for, record):
    page = look_for(Role.SUBMITTER)
    page.goto("/submit/")
    for name in ("title", "description", "alleged_actor", "where", "place_name", "reporter_name",
                 "sources-0-name", "sources-0-description", "sources-0-url", "first"):  # fmt: skip
        page.fill(f"[name='{name}']", BREAKOUT)
    page.reload()
    assert page.input_value("[name=title]") == BREAKOUT
    assert_inert(page)
    page.get_by_role("button", name="Send the report").last.click()
    page.wait_for_selector("#refused")
    assert page.input_value("[name=title]") == BREAKOUT
    assert_inert(page)


def test_a_report_of_hostile_words_is_received_and_its_receipt_is_inert(look_for, record):
    page = look_for(Role.SUBMITTER)
    page.goto("/submit/")
    for name in ("title", "description", "alleged_actor", "place_name", "reporter_name",
                 "sources-0-name", "sources-0-description", "sources-0-identity"):  # fmt: skip
        page.fill(f"[name='{name}']", BREAKOUT)
    for name in ("first", "where"):
        page.fill(f"[name='{name}']", FILLED[name])
    for name in ("weapon", "location_precision", "licence", "basis"):
        page.select_option(f"[name='{name}']", FILLED[name])
    page.select_option("[name='sources-0-kind']", "ngo")
    page.check("[name=store]")
    page.get_by_role("button", name="Send the report").last.click()
    page.wait_for_url(re.compile("/receipts/"))
    assert_inert(page)
    page.get_by_role("button", name="Verify").click()
    page.get_by_text("The receipt holds").wait_for()
    assert_inert(page)


def test_headers_and_cells_of_a_file_are_inert(look_for, record):
    page = look_for(Role.SUBMITTER)
    headers = [BREAKOUT, *HXL_HEADERS]
    quoted = ",".join('"' + header.replace('"', '""') + '"' for header in headers)
    page.goto("/imports/")
    name = FILE_NAMES[0].replace(".jpg", ".csv")
    content = f"{quoted}\n{quoted}\n".encode()
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Send the file").click()
    page.get_by_text("Which of your headers are these?").wait_for()
    expect(page.locator("select option").filter(has_text=MARK).first).to_be_attached()
    assert_inert(page)
    assert ImportRun.objects.count() == len(record.ids["import_id"])


def test_sealed_words_are_inert_when_they_are_shown(look_for, record):
    page = look_for(Role.LEAD_MONITOR)
    page.goto(f"/reports/{record.ids['report_id'][0]}/sealed/")
    page.fill("#sealed_reason", BREAKOUT)
    page.click("button.danger")
    expect(page.locator("main")).to_contain_text(BREAKOUT)
    assert_inert(page)
