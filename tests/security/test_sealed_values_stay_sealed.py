"""What identifies a source, in good and in bad requests, comes back in no answer and in no log."""

import json
import logging

import pytest

from accounts.models import Role
from tests.factories import make_member, report_body
from tests.incidents.conftest import ApiClient, evidence_folder  # noqa: F401 - a fixture
from tests.incidents.openrosa.sending import Phone, plain_form

NAME, PHONE, EMAIL = "Umm Yusuf al-Planted", "+9647901234567", "yusuf@planted.example"
PLANTED = {
    "reporter": {"name": NAME, "contact": EMAIL},
    "sources__1__identity": f"{NAME}, {PHONE}",
}
SPOILT = [
    {"occurred__start": "yesterday"},
    {"claims__0__source": "nobody"},
    {"location__longitude": 999},
    {"colour": NAME},
    {"sources__1__identity": [NAME]},
    {"sources__1__identity": {"name": NAME, "phone": PHONE}},
    {"reporter": NAME},
    {"reporter": {"name": NAME, "contact": {"mail": EMAIL}}},
    {"reporter": {"name": NAME, "telephone": PHONE}},
    {"sources__1__identity": NAME * 500},
    {"sources__1__identity": f"{NAME}\x00"},
    {"consent__store": False},
]


@pytest.fixture
def hidden_in(caplog):
    """Return a function that looks for what was planted in an answer and in all that was logged."""
    caplog.set_level(logging.DEBUG)

    def look(answer):
        heard = f"{caplog.text}{answer.headers}{answer.content.decode()}"
        for value in (NAME, PHONE, PHONE[1:], EMAIL, json.dumps(NAME)[1:-1]):
            assert value not in heard

    return look


@pytest.fixture
def alice(db):
    return ApiClient(make_member(Role.SUBMITTER))


def test_a_good_report(alice, hidden_in):
    answer = alice.post("/api/v1/reports/", report_body(**PLANTED))
    assert answer.status_code == 201
    hidden_in(answer)
    made = answer.json()
    for path in ("", f"{made['id']}/"):
        hidden_in(alice.get(f"/api/v1/reports/{path}"))


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_report(alice, hidden_in, spoilt):
    body = report_body(**PLANTED)
    for path, value in spoilt.items():
        *parents, name = path.split("__")
        target = body
        for parent in parents:
            target = target[int(parent) if parent.isdigit() else parent]
        target[name] = value
    answer = alice.post("/api/v1/reports/", body)
    assert answer.status_code == 400
    hidden_in(answer)


def test_the_same_key_with_other_identities(alice, hidden_in):
    key = {"HTTP_IDEMPOTENCY_KEY": "k"}
    alice.post("/api/v1/reports/", report_body(), **key)
    answer = alice.post("/api/v1/reports/", report_body(**PLANTED), **key)
    assert answer.status_code == 409
    hidden_in(answer)


def test_a_form_from_a_phone(db, hidden_in):
    phone = Phone(make_member())
    named = ("<reporter_name>Abu Sami<", f"<reporter_name>{NAME}<")
    told = ("<source_identity/>", f"<source_identity>{PHONE}</source_identity>")
    mail = ("<reporter_contact/>", f"<reporter_contact>{EMAIL}</reporter_contact>")
    good = phone.post(plain_form(named, told, mail))
    assert good.status_code == 201
    hidden_in(good)
    bad = phone.post(plain_form(named, told, mail, ("2014-05-11", "soon"), instance="uuid:2"))
    assert bad.status_code == 400
    hidden_in(bad)
    torn = phone.post(plain_form(named, told, mail)[:-40])
    assert torn.status_code == 400
    hidden_in(torn)
