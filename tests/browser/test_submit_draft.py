"""A report that is being written: its rows come back, and so it is in every tab."""

import pytest

from accounts.models import Role
from incidents.models import Report
from tests.browser.test_submit import fill
from tests.browser.test_submit_offline import keep, ready, write  # noqa: F401 - a fixture
from tests.factories import make_member


@pytest.fixture
def alice(committed_db):
    return make_member(Role.SUBMITTER, name="Alice Haddad")


def test_rows_that_were_added_are_there_after_a_reload_until_they_are_thrown_away(
    alice, open_browser
):
    page = open_browser(alice)
    fill(page)
    page.click("button[name=add_sources]")
    page.wait_for_selector("#sources-1")
    page.reload()  # with nothing typed since
    assert page.input_value("#id_title") == "Barrel bomb on the market"
    page.click("button[name=add_sources]")
    page.wait_for_selector("#sources-1")
    page.select_option("#id_sources-1-kind", "ngo")
    page.click("button[name=add_claims]")
    page.wait_for_selector("#claims-1")
    page.fill("#id_claims-1-best", "7")
    key = page.input_value("[name=key]")
    page.goto("/submit/")
    page.wait_for_selector(".drafted")
    assert page.input_value("#id_sources-1-kind") == "ngo"
    assert page.input_value("#id_claims-1-best") == "7"
    assert page.input_value("[name=key]") == key
    page.click("[data-afresh]")
    page.wait_for_function("() => !document.querySelector('.drafted')")
    assert page.input_value("#id_title") == ""
    assert page.locator("#sources-1").count() == 0


def test_a_report_mended_in_one_tab_is_in_no_others_list(alice, ready):  # noqa: F811
    page = ready(alice)
    page.context.set_offline(True)
    write(page, where="95, 43")
    keep(page)
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.bad")
    other = page.context.new_page()
    other.goto("/submit/")
    other.wait_for_selector("#waiting .tag.bad")
    page.click("[data-mend]")
    page.wait_for_selector("#id_where[aria-invalid=true]")
    page.fill("#id_where", "33.3497, 43.7841")
    page.click("button.main")
    page.wait_for_url("**/receipts/*/")
    other.wait_for_function("() => document.querySelector('#waiting').hidden")
    assert Report.objects.count() == 1
