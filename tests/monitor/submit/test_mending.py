"""Refused rows are mended on the page and sent again by themselves, once."""

import pytest
from django.test import Client

from accounts.actors import actor_of
from accounts.models import Role
from incidents.import_files import file_path
from incidents.intake import mending
from incidents.models import ImportRun, Report
from tests.factories import make_member
from tests.incidents.imports.files import ALL_OR_NOTHING, ROW, carry_out, counts, imported, table
from tests.monitor.signing_in import signed_in
from tests.support.inert import wrongs_of
from tests.support.payloads import BREAKOUT, MARK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imports_folder")]
HEADERS = list(ROW)
EVIL = '"><script>alert(1)</script>'


def cell(number, header):
    return f"cell-{number}-{HEADERS.index(header)}"


@pytest.fixture
def run(alice):
    content = table({}, {"latitude": "x"}, {"low": "many", "where_prec": "9"}, {})
    return imported(actor_of(alice), content)


def page_of(run):
    return f"/imports/{run.id}/mend/"


def newest():
    return ImportRun.objects.order_by("-created_at").first()


def test_the_wrong_cells_of_the_refused_rows_are_shown_with_what_is_wrong(
    alice, run, django_assert_max_num_queries
):
    client = signed_in(alice)
    assert page_of(run) in client.get(f"/imports/{run.id}/").content.decode()
    with django_assert_max_num_queries(20):
        page = client.get(page_of(run))
    rows = page.context["rows"]
    assert [(row["number"], [c["header"] for c in row["cells"]]) for row in rows] == [
        (2, ["latitude"]),
        (3, ["where_prec", "low"]),
    ]
    assert f'name="{cell(2, "latitude")}"' in page.content.decode()


def test_mended_rows_are_a_small_import_and_the_same_again_is_the_same(alice, run):
    client = signed_in(alice)
    sent = {cell(2, "latitude"): "33.3", cell(3, "where_prec"): "1", cell(3, "low"): "8"}
    first = client.post(page_of(run), sent)
    mended = carry_out(newest())
    assert first["Location"] == f"/imports/{mended.id}/"
    assert counts(mended) == (2, 0, 0)
    assert Report.objects.count() == 4
    assert client.post(page_of(run), sent)["Location"] == first["Location"]
    assert ImportRun.objects.count() == 2


def test_only_rows_in_which_something_was_changed_are_sent(alice, run):
    sent = {cell(2, "latitude"): "33.3", cell(3, "where_prec"): "9", cell(3, "low"): "many"}
    signed_in(alice).post(page_of(run), sent)
    assert counts(carry_out(newest())) == (1, 0, 0)


def test_what_is_still_wrong_is_refused_again_and_can_be_mended_again(alice, run):
    client = signed_in(alice)
    client.post(page_of(run), {cell(2, "latitude"): "y"})
    again = carry_out(newest())
    assert counts(again) == (0, 0, 1)
    client.post(page_of(again), {cell(1, "latitude"): "33.3"})
    assert counts(carry_out(newest())) == (1, 0, 0)


def test_nothing_changed_is_said_and_nothing_sent(alice, run):
    for sent in ({}, {cell(2, "latitude"): "x"}, {cell(1, "latitude"): "1"}, {"cell-2-999": "1"}):
        answer = signed_in(alice).post(page_of(run), sent)
        assert answer.status_code == 400
        assert "Nothing was changed yet." in answer.content.decode()
    assert ImportRun.objects.count() == 1


def test_a_cell_that_is_right_is_not_rewritten(alice, run):
    sent = {cell(2, "latitude"): "33.3", cell(2, "id"): "77", cell(2, "where_coordinates"): "Else"}
    signed_in(alice).post(page_of(run), sent)
    carry_out(newest())
    assert Report.objects.filter(idempotency_key__endswith=":2").exists()
    assert not Report.objects.filter(place_name="Else").exists()


@pytest.mark.parametrize("text", ["=1+1", "'=1", "\x00", "x" * 20_001, "\u202e33.3", EVIL])
def test_rubbish_in_a_cell_costs_its_row_alone(alice, run, text):
    client = signed_in(alice)
    client.post(page_of(run), {cell(2, "latitude"): text, cell(3, "where_prec"): "1"})
    again = carry_out(newest())
    assert counts(again) == (0, 0, 2)
    page = client.get(page_of(again)).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("asked", [{"mode": ALL_OR_NOTHING}, {"dry_run": True}])
def test_where_the_good_rows_are_not_stored_the_file_is_sent_again(alice, asked):
    run = imported(actor_of(alice), table({}, {"latitude": "x"}), **asked)
    client = signed_in(alice)
    assert page_of(run) not in client.get(f"/imports/{run.id}/").content.decode()
    assert client.get(page_of(run)).status_code == 404


def test_rows_too_far_down_are_left_to_the_file(alice, run, monkeypatch):
    monkeypatch.setattr(mending, "FARTHEST_ROW", 2)
    page = signed_in(alice).get(page_of(run))
    assert [row["number"] for row in page.context["rows"]] == [2]
    assert "One more refused row is not shown here." in page.content.decode()


def test_a_file_that_is_gone_is_said(alice, run):
    file_path(run.storage_name).unlink()
    assert signed_in(alice).get(page_of(run)).status_code == 400


def test_another_organisation_finds_none_of_it(charlie, run):
    client = signed_in(charlie)
    assert client.get(page_of(run)).status_code == 404
    assert client.post(page_of(run), {cell(2, "latitude"): "33.3"}).status_code == 404
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.PARTNER])
def test_strangers_are_turned_away(run, role):
    client = signed_in(make_member(role)) if role else Client()
    wanted = 403 if role else 302
    assert client.get(page_of(run)).status_code == wanted
    assert client.post(page_of(run), {}).status_code == wanted


def test_cells_that_no_field_can_hold_are_left_as_they_are_until_written_anew(alice):
    content = table({"low": "many\nmore", "where_prec": "9"}).replace(b"many", b"\xff\xfe\x00many")
    run = imported(actor_of(alice), content)
    client = signed_in(alice)
    page = client.get(page_of(run))
    assert page.status_code == 200
    shown = {c["name"]: c["text"] for row in page.context["rows"] for c in row["cells"]}
    assert client.post(page_of(run), shown).status_code == 400
    client.post(page_of(run), shown | dict.fromkeys(shown, "8"))
    assert carry_out(newest()).total_rows == 1


def test_hostile_cells_are_shown_as_words(alice):
    run = imported(actor_of(alice), table({}, {"latitude": BREAKOUT, "low": BREAKOUT}))
    page = signed_in(alice).get(page_of(run)).content.decode()
    assert MARK in page
    assert wrongs_of(page) == []
