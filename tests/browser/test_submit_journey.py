"""A hurried report in Arabic, on a phone whose line goes: from the first word to the receipt."""

from accounts.models import Role
from incidents.models import Evidence, Report
from tests.browser.looking import look_options, overflows, serious_findings
from tests.browser.scene import picture
from tests.browser.test_submit_offline import keep, ready  # noqa: F401 - a fixture
from tests.factories import make_member
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture

WITNESS = "أم أحمد"


def write_first_half(page):
    page.fill("#id_title", "برميل متفجر قرب الفلوجة")
    page.select_option("#id_weapon", "barrel_bomb")
    page.fill("#id_first", "حزيران 2014")
    page.fill("#id_where", "قرب الفلوجة")
    page.select_option("#id_sources-0-kind", "witness")
    page.fill("#id_sources-0-identity", WITNESS)
    page.select_option("#id_claims-0-outcome", "killed")
    page.fill("#id_claims-0-minimum", "5-7")
    page.click("button.main")
    page.wait_for_selector("#id_first[aria-invalid=true]")
    assert "شهر أو سنة" in page.inner_text("#refused")
    assert "طرفا النطاق" in page.inner_text("#refused")
    page.select_option("#id_time_precision", "month")
    page.fill("#id_claims-0-minimum", "٥")
    page.fill("#id_claims-0-maximum", "٧")
    page.click("button[name=add_sources]")
    page.wait_for_selector("#sources-1")
    page.select_option("#id_sources-1-kind", "hospital")
    page.fill("#id_sources-1-name", "مستشفى الفلوجة")


def write_second_half(page):
    assert page.input_value("#id_sources-1-name") == "مستشفى الفلوجة"
    assert page.input_value("#id_claims-0-maximum") == "٧"
    page.fill("#id_sources-0-identity", WITNESS)
    page.select_option("#id_location_precision", "within_25km")
    page.select_option("#id_basis", "informed")
    page.check("#id_store")
    page.select_option("#id_licence", "CC-BY-4.0")


def test_a_report_with_its_picture_arrives(
    committed_db,
    evidence_folder,  # noqa: F811
    ready,  # noqa: F811
    watched,
):
    page = ready(make_member(Role.SUBMITTER), **look_options("ar", "light", "phone"))
    write_first_half(page)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("form[data-offline]:not([hidden])")
    assert page.is_visible("[data-down]")
    write_second_half(page)
    keep(page)
    page.context.set_offline(False)
    page.wait_for_selector("#waiting .tag.good")
    assert page.is_hidden("[data-down]")
    page.click("#waiting [data-receipt]")
    page.wait_for_url("**/receipts/*/")
    file = {"name": "صورة الشارع.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.set_input_files("#id_file", file)
    page.click("#evidence button")
    page.wait_for_selector(".message.success")
    assert not overflows(page)
    assert serious_findings(page) == []
    report = Report.objects.get()
    assert (report.time_precision, report.place_name) == ("month", "الفلوجة")
    assert report.claims.get().maximum == 7
    assert report.sources.count() == 2
    assert Evidence.objects.get().name == "صورة الشارع.jpg"
