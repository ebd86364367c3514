"""What an NGO types into the form becomes the report that the API would have taken."""

import pytest
from django.test import Client

from accounts.models import Role
from incidents.models import Report
from tests.factories import make_member
from tests.monitor.signing_in import signed_in
from tests.monitor.submit.filling import KEY, filled

pytestmark = pytest.mark.django_db


def test_the_page_opens_with_a_key_of_its_own(alice, django_assert_max_num_queries):
    client = signed_in(alice)
    with django_assert_max_num_queries(20):
        first = client.get("/submit/")
    again = client.get("/submit/")
    keys = {page.context["form"]["key"].value() for page in (first, again)}
    assert len(keys) == 2


def test_a_report_is_received_as_typed(alice):
    answer = signed_in(alice).post("/submit/", filled())
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/receipts/{report.id}/")
    assert report.organisation_id == alice.organisation_id
    assert (report.location.x, report.location.y) == pytest.approx((43.7841, 33.3497))
    assert (report.time_start.isoformat(), report.time_precision) == (
        "2014-06-10T00:00:00+00:00",
        "few_days",
    )
    assert report.time_end.date().isoformat() == "2014-06-12"
    assert (report.weapon, report.targets) == ("barrel_bomb", ["market", "residential"])
    assert report.idempotency_key == KEY
    assert (report.consent_share, report.consent_publish) == (True, False)
    ngo, witness = report.sources.order_by("ref")
    assert [source.ref for source in ngo.relays.all()] == [witness.ref]
    assert witness.identity_sealed is not None
    claim = report.claims.get()
    assert (claim.minimum, claim.best, claim.maximum) == (5, None, None)
    assert claim.source == witness


def test_sent_twice_it_is_one_report(alice):
    client = signed_in(alice)
    first, second = (client.post("/submit/", filled()) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_sent_with_other_words_it_is_asked_about_and_can_be_a_new_report(alice):
    client = signed_in(alice)
    client.post("/submit/", filled())
    other = client.post("/submit/", filled(title="Another"))
    assert other.status_code == 409
    assert "Another" in other.content.decode()
    assert Report.objects.count() == 1
    assert client.post("/submit/", filled(title="Another", send_as_new="1")).status_code == 302
    assert Report.objects.count() == 2


@pytest.mark.parametrize("rows", ["sources", "claims"])
def test_a_row_is_added_and_nothing_typed_is_lost(alice, rows):
    answer = signed_in(alice).post("/submit/", filled(first="rubbish", **{f"add_{rows}": "1"}))
    page = answer.content.decode()
    count = {"sources": 3, "claims": 2}[rows]
    assert answer.status_code == 200
    assert f'name="{rows}-{count - 1}-' in page
    assert 'value="rubbish"' in page
    assert "errorlist" not in page
    assert not Report.objects.exists()


def test_rows_left_empty_are_no_part_of_it(alice):
    signed_in(alice).post("/submit/", filled(sources="4", claims="3"))
    report = Report.objects.get()
    assert (report.sources.count(), report.claims.count()) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first": "08/11/2014"}, "first"),
        ({"last": "2999-01-02"}, "last"),
        ({"last": None}, "last"),
        ({"clock": "25:00"}, "clock"),
        ({"where": "95, 43"}, "where"),
        ({"where": "somewhere"}, "where"),
        ({"where": "", "place_name": ""}, "where"),
        ({"location_precision": ""}, "location_precision"),
        ({"location_precision": "nonsense"}, "location_precision"),
        ({"weapon": ""}, "weapon"),
        ({"kind": "ceasefire"}, "weapon"),
        ({"licence": ""}, "licence"),
        ({"licence": "all-rights-reserved"}, "may_republish"),
        ({"basis": ""}, "basis"),
        ({"store": None}, "store"),
        ({"title": "x" * 301}, "title"),
        ({"reporter_name": "x" * 301}, "reporter_name"),
        ({"sources_1_kind": ""}, "sources-1-kind"),
        ({"sources_1_url": "javascript:alert(1)"}, "sources-1-url"),
        ({"sources_0_published_on": "yesterday"}, "sources-0-published_on"),
        ({"sources_0_relays": ["s9"]}, "sources-0-relays"),
        ({"claims_0_minimum": "many"}, "claims-0-minimum"),
        ({"claims_0_best": "-1"}, "claims-0-best"),
        ({"claims_0_minimum": "9", "claims_0_maximum": "3"}, "claims-0-minimum"),
        ({"claims_0_minimum": ""}, "claims-0-minimum"),
        ({"claims_0_outcome": ""}, "claims-0-outcome"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(alice, changes, field):
    answer = signed_in(alice).post("/submit/", filled(**changes))
    assert answer.status_code == 400
    context = answer.context
    forms = [context["form"], *context["sources"], *context["claims"]]
    wrong = [form.add_prefix(name) for form in forms for name in form.errors]
    assert wrong == [field]
    assert context["typed"].general == []
    assert "It fell at noon." in answer.content.decode()
    assert not Report.objects.exists()


def test_errors_keep_to_their_rows_where_rows_between_are_empty(alice):
    sent = filled(sources="3", sources_2_kind="photo", sources_2_url="nowhere")
    sent |= {"sources-0-relays": ["s3"], "sources-1-kind": "", "sources-1-identity": ""}
    sent |= {"sources-1-description": "", "claims-0-source": "s3"}
    answer = signed_in(alice).post("/submit/", sent)
    assert [bool(form.errors) for form in answer.context["sources"]] == [False, False, True]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"key": "x", "sources": "-1", "claims": "many"},
        filled(sources="999999", claims="9" * 500),
        filled(title="\x00", description="\x00"),
        filled(first="٩" * 300, clock="\u202e", offset="+99:99"),
        filled(targets=["nothing"] * 50, damage=["x"]),
        filled(language="<b>"),
        filled(country="ZZ"),
        filled(time_precision="week", first="9999-12-31"),
    ],
)
def test_rubbish_is_refused_as_a_page(alice, sent):
    answer = signed_in(alice).post("/submit/", sent)
    assert answer.status_code == 400
    assert "was not sent" in answer.content.decode()


def test_words_are_shown_again_as_words(alice):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}'
    texts = dict.fromkeys(
        ("title", "description", "alleged_actor", "first", "where", "place_name"), evil
    )
    texts |= {"sources-0-name": evil, "sources-1-identity": evil, "claims-0-minimum": evil}
    page = signed_in(alice).post("/submit/", filled() | texts).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_is_not_signed_in_goes_to_the_login():
    for answer in (Client().get("/submit/"), Client().post("/submit/", filled())):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
    assert not Report.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNER])
def test_roles_without_the_action_are_told_so(role):
    client = signed_in(make_member(role))
    assert client.get("/submit/").status_code == 403
    assert client.post("/submit/", filled()).status_code == 403
    assert not Report.objects.exists()


def test_a_form_of_somebody_elses_page_is_refused(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    assert client.post("/submit/", filled()).status_code == 403


def test_as_many_rows_are_shown_as_a_draft_needs(alice):
    client = signed_in(alice)
    page = client.get("/submit/?sources=3&claims=2")
    assert (len(page.context["sources"]), len(page.context["claims"])) == (3, 2)
    rubbish = client.get("/submit/?sources=-1&claims=9999")
    assert (len(rubbish.context["sources"]), len(rubbish.context["claims"])) == (1, 1)


def test_empty_rows_at_the_end_of_a_refused_form_are_taken_away(alice):
    sent = filled(sources="8", claims="8", title="", where="95, 43", claims_2_best="7")
    page = signed_in(alice).post("/submit/", sent)
    assert page.status_code == 400
    assert (len(page.context["sources"]), len(page.context["claims"])) == (2, 3)
