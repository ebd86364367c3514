"""Who reads which file: the copy freely among those who may, the original by name."""

import pytest

from accounts.models import Role
from ledger.models import AuditEntry
from tests.factories import make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.evidence.making import evidence_with_copy, jpeg, upload
from tests.incidents.openrosa.sending import MP4

PHOTO = jpeg()


def url(evidence, rest=""):
    return f"/api/v1/evidence/{getattr(evidence, 'id', evidence)}/{rest}"


def readings():
    return AuditEntry.objects.filter(action="evidence.original_read")


@pytest.fixture
def evidence(alice, report):
    return evidence_with_copy(alice, report, PHOTO, name="Umm Ahmed.jpg")


def test_the_copy_is_what_is_served(alice, bob, evidence):
    for reader in (alice, bob):
        answer = reader.get(url(evidence, "file/"))
        assert answer.status_code == 200
        content = answer.getvalue()
        assert len(content) == evidence.working_copy.size == int(answer["Content-Length"])
        assert b"TestPhone" not in content
    assert not readings().exists()


def test_the_original_is_served_to_who_asks_for_it_and_that_is_recorded(alice, bob, evidence):
    for count, reader in enumerate((alice, bob), start=1):
        answer = reader.get(url(evidence, "file/?original=true"))
        assert answer.getvalue() == PHOTO
        assert readings().count() == count
    entry = readings().get(actor_id=bob.membership.user_id)
    assert (entry.object_id, entry.data["sha256"]) == (evidence.id, evidence.sha256)


def test_a_file_is_kept_nowhere_and_bears_no_name_of_its_senders(alice, evidence):
    answer = alice.get(url(evidence, "file/"))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="{evidence.id}.jpg"'
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    answer.getvalue()


def test_any_media_type_may_be_asked_for(alice, evidence):
    for accept in ("image/jpeg", "image/*", "text/html", "*/*"):
        answer = alice.get(url(evidence, "file/"), HTTP_ACCEPT=accept)
        assert answer["Content-Type"] == "image/jpeg"
        answer.getvalue()
        refused = alice.get(url(evidence, "file/?original=2"), HTTP_ACCEPT=accept)
        assert refused.status_code == 400
        wanted = "text/html; charset=utf-8" if accept == "text/html" else "application/problem+json"
        assert refused["Content-Type"] == wanted


def test_without_a_copy_it_is_said_why(alice, report):
    waiting = upload(alice, report, PHOTO).json()["id"]
    answer = alice.get(url(waiting, "file/")).json()
    assert (answer["status"], answer["reason"]) == (404, "awaited")
    film = evidence_with_copy(alice, report, MP4, name="a.mp4")
    answer = alice.get(url(film, "file/")).json()
    assert answer["type"] == "urn:harmwatch:problem:no-working-copy"
    assert answer["reason"] == "not_a_picture"
    assert alice.get(url(film, "file/?original=true")).getvalue() == MP4


def test_outsiders_read_neither_file_nor_what_is_known_of_it(evidence, charlie, nobody):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (partner, 403), (admin, 403), (nobody, 401)):
        for path in ("", "file/", "file/?original=true"):
            answer = who.get(url(evidence, path))
            assert answer.status_code == status
            assert b"jpg" not in answer.content
    assert not readings().exists()


def test_a_withdrawn_reports_files_stay_readable(alice, bob, report, evidence):
    alice.post(f"/api/v1/reports/{report}/withdraw/", {"reason": "Mistaken."})
    for reader in (alice, bob):
        assert reader.get(url(evidence)).status_code == 200
        assert reader.get(url(evidence, "file/?original=true")).getvalue() == PHOTO


def test_the_receipt_is_given_again(alice, report):
    sent = upload(alice, report, PHOTO).json()
    assert alice.get(url(sent["id"])).json()["receipt"] == sent["receipt"]
