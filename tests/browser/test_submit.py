"""Submitting with a browser: the form, its receipt, files."""

import pytest

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Report
from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot
from tests.factories import make_incident, make_member
from tests.incidents.imports.files import imported, table


@pytest.fixture
def alice(committed_db, imports_folder):
    return make_member(Role.SUBMITTER)


def fill(page):
    page.goto("/submit/")
    page.fill("#id_title", "Barrel bomb on the market")
    page.fill("#id_description", "It fell at noon.")
    page.select_option("#id_weapon", "barrel_bomb")
    page.fill("#id_first", "10 June 2014")
    page.fill("#id_where", "33°20'58.92\"N 43°47'2.76\"E")
    page.select_option("#id_location_precision", "nearby_landmark")
    page.select_option("#id_sources-0-kind", "witness")
    page.fill("#id_sources-0-identity", "Umm Ahmed")
    page.select_option("#id_claims-0-outcome", "killed")
    page.fill("#id_claims-0-minimum", "5")
    page.select_option("#id_basis", "informed")
    page.select_option("#id_licence", "CC-BY-4.0")


def test_a_report_is_mended_sent_and_its_receipt_verified(alice, open_browser, watched):
    watched.allowed.append("console: Failed to load resource: the server responded with a status")
    page = open_browser(alice)
    fill(page)
    page.click("button[name=add_sources]")
    page.select_option("#id_sources-1-kind", "ngo")
    page.press("#id_title", "Enter")
    page.wait_for_selector("#id_store[aria-invalid=true]")
    page.check("#id_store")
    page.click("button.main")
    page.wait_for_url("**/receipts/*/")
    page.click("button[name=verify]")
    page.wait_for_selector("#findings .success")
    with page.expect_download() as download:
        page.click("a[download].main")
    assert download.value.suggested_filename.startswith("harmwatch-receipt-")
    assert Report.objects.get().sources.count() == 2


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_the_pages_are_fit_to_be_seen(alice, open_browser, watched, look):
    watched.allowed.append("console: Failed to load resource: the server responded with a status")
    for number in range(3):
        make_incident(actor_of(alice), title=f"Air strike on the market {number}")
    run = imported(actor_of(alice), table({}, {"latitude": "x"}, {"low": "many"}))
    report = Report.objects.first()
    page = open_browser(alice, **look_options(*look))
    paths = {
        "submit": "/submit/",
        "receipts": "/receipts/",
        "receipt": f"/receipts/{report.id}/?verify=1",
        "imports": "/imports/",
        "import": f"/imports/{run.id}/",
        "mend": f"/imports/{run.id}/mend/",
    }
    for name, path in paths.items():
        page.goto(path)
        fit(page, name, look)
    page.goto("/submit/")
    page.fill("#id_where", "95, 43")
    page.click("button.main")
    fit(page, "submit-refused", look)


def fit(page, name, look):
    assert page.get_attribute("html", "dir") == ("rtl" if look[0] == "ar" else "ltr")
    assert not overflows(page), name
    assert serious_findings(page) == [], name
    shoot(page, name, look)


def test_what_is_typed_outlives_a_lost_line_and_is_one_report(alice, open_browser, watched):
    watched.allowed += ["console: Failed to load resource", "console: htmx:"]
    page = open_browser(alice)
    fill(page)
    page.check("#id_store")
    page.context.set_offline(True)
    page.click("button.main")
    page.wait_for_selector(".notice")
    assert page.input_value("#id_title") == "Barrel bomb on the market"
    kept = page.evaluate("() => JSON.stringify(sessionStorage)")
    assert "It fell at noon." in kept
    assert "Umm Ahmed" not in kept
    page.context.set_offline(False)
    page.click("button.main")
    page.wait_for_selector("#findings", state="attached")
    assert Report.objects.count() == 1
    assert "It fell at noon." not in page.evaluate("() => JSON.stringify(sessionStorage)")
