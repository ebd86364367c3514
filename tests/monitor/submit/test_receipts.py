"""Receipts are one's organisation's alone, can be checked here, and taken away to be checked."""

import json
import subprocess
import sys

import pytest
from django.test import Client

from accounts.models import Role
from config.env import BASE_DIR
from incidents.models import Report
from incidents.selectors.receipts import receipt_findings
from ledger import signing
from tests.factories import make_member
from tests.monitor.signing_in import signed_in
from tests.monitor.submit.filling import filled

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def sent(member, **changes):
    answer = signed_in(member).post("/submit/", filled(**changes))
    assert answer.status_code == 302, answer.context["typed"].general
    return Report.objects.get(id=answer["Location"].split("/")[2])


def test_it_says_what_was_understood(alice, django_assert_max_num_queries):
    report, client = sent(alice), signed_in(alice)
    with django_assert_max_num_queries(20):
        page = client.get(f"/receipts/{report.id}/").content.decode()
    assert "33.34970, 43.78410" in page
    assert "at least 5" in page
    assert report.content_sha256 in page
    assert "Umm Ahmed" not in page
    assert "Abu Samir" not in page


def test_it_is_verified_here(alice):
    report = sent(alice)
    page = signed_in(alice).get(f"/receipts/{report.id}/", {"verify": "1"})
    assert page.context["findings"].holds
    assert "The receipt holds." in page.content.decode()
    part = signed_in(alice).get(f"/receipts/{report.id}/?verify=1", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def test_what_was_changed_does_not_verify(alice):
    report = sent(alice)
    report.title = "Something else"
    assert not receipt_findings(report).content_is_kept
    report = Report.objects.get(id=report.id)
    report.receipt["report"]["title"] = "Something else"
    found = receipt_findings(report)
    assert (found.signature_is_good, found.content_is_kept, found.is_recorded) == (False,) * 3
    assert not found.holds


def test_its_file_is_checked_offline(alice, tmp_path):
    report = sent(alice)
    answer = signed_in(alice).get(f"/receipts/{report.id}/file/")
    assert answer["Content-Disposition"].startswith("attachment;")
    (tmp_path / "answer.json").write_bytes(answer.content)
    (tmp_path / "keys.json").write_text(json.dumps(signing.public_keys()))
    program = BASE_DIR / "clients" / "harmwatch_verify.py"
    command = [sys.executable, program, "receipt", "answer.json", "--keys", "keys.json"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_salts_go_to_the_sender_alone(alice):
    report = sent(alice)
    colleague = make_member(Role.SUBMITTER, alice.organisation)
    path = f"/receipts/{report.id}/file/"
    assert set(signed_in(alice).get(path).json()["salts"]) == {"sources[1].identity", "reporter"}
    assert "salts" not in signed_in(colleague).get(path).json()


def test_the_list_has_ones_organisations_own(alice, charlie, django_assert_max_num_queries):
    report, other = sent(alice), sent(charlie, title="Of charlie")
    monitor = make_member(Role.MONITOR, alice.organisation)
    for member in (alice, monitor):
        client = signed_in(member)
        with django_assert_max_num_queries(20):
            page = client.get("/receipts/").content.decode()
        assert f"/receipts/{report.id}/" in page
        assert str(other.id) not in page
        for path in (f"/receipts/{other.id}/", f"/receipts/{other.id}/file/"):
            assert signed_in(member).get(path).status_code == 404


def test_pages_follow_each_other(alice, monkeypatch):
    monkeypatch.setattr("monitor.submit.receipts.PAGE", 2)
    client = signed_in(alice)
    numbers = [f"5f0c0b1e-3f5a-4a62-9d0e-1f6d2b7c8a9{n}" for n in range(5)]
    sent_ids = [sent(alice, key=number).id for number in numbers]
    seen, path = [], "/receipts/"
    while path:
        context = client.get(path).context
        seen += [report.id for report in context["reports"]]
        path = context["following"] and f"/receipts/?cursor={context['following']}"
    assert seen == sent_ids[::-1]


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd", "WyIyMDE0LTA2LTEwIiwiYiJd", "%00"])
def test_a_forged_cursor_is_refused(alice, cursor):
    assert signed_in(alice).get(f"/receipts/?cursor={cursor}").status_code == 400


def test_words_of_a_report_are_inert(alice):
    texts = dict.fromkeys(("title", "description", "alleged_actor", "place_name"), EVIL)
    texts |= {"sources_0_name": EVIL, "sources_1_description": EVIL}
    report = sent(alice, **texts)
    for path in ("/receipts/", f"/receipts/{report.id}/?verify=1"):
        page = signed_in(alice).get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.PARTNER])
def test_strangers_see_none(alice, role):
    report = sent(alice)
    client = signed_in(make_member(role)) if role else Client()
    for path in ("/receipts/", f"/receipts/{report.id}/", f"/receipts/{report.id}/file/"):
        assert client.get(path).status_code == (403 if role else 302)
