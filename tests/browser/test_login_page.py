"""The first page that somebody with an account sees."""

import pytest

from tests.browser.looking import LOOKS, look_options, overflows, serious_findings, shoot


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_it_is_fit_to_be_seen(open_browser, look):
    page = open_browser(**look_options(*look))
    page.goto("/account/login/")
    assert page.get_attribute("html", "dir") == ("rtl" if look[0] == "ar" else "ltr")
    assert not overflows(page)
    assert serious_findings(page) == []
    shoot(page, "login", look)
