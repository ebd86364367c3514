"""One file of one's own organisation's report: checked, stored whole, and acknowledged."""

import json

import pytest

from accounts.models import Role
from core.canonical import sha256_hex
from incidents.models import Evidence
from ledger import signing
from ledger.models import AuditEntry, DomainEvent
from tests.factories import make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.evidence.making import jpeg, scene, upload
from tests.incidents.openrosa.sending import MP4

PHOTO = jpeg()
OTHER = jpeg(scene(2))


def test_a_file_is_stored_by_its_content_and_acknowledged(alice, report, evidence_folder):
    answer = upload(alice, report, PHOTO)
    assert answer.status_code == 201
    evidence = Evidence.objects.get()
    assert answer["Location"].endswith(f"/api/v1/evidence/{evidence.id}/")
    digest = sha256_hex(PHOTO)
    assert (evidence_folder / digest[:2] / digest[2:4] / digest).read_bytes() == PHOTO
    receipt = answer.json()["receipt"]
    assert receipt["type"] == "harmwatch.evidence-receipt.v1"
    assert (receipt["report_id"], receipt["sha256"]) == (report, digest)
    assert (
        signing.sign({k: v for k, v in receipt.items() if k != "signature"})
        == (receipt["signature"])
    )


def test_the_same_file_again_gets_the_same_receipt(alice, report):
    first, again = (upload(alice, report, PHOTO) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert AuditEntry.objects.filter(action="evidence.received").count() == 1
    assert DomainEvent.objects.filter(kind="evidence.received").count() == 1


def test_other_content_under_the_same_name_is_409(alice, report):
    upload(alice, report, PHOTO)
    answer = upload(alice, report, OTHER)
    assert answer.status_code == 409
    assert "a.jpg" in answer.json()["errors"][0]["message"]


def test_what_is_not_what_the_sender_hashed_is_refused_and_not_stored(
    alice, report, evidence_folder
):
    answer = upload(alice, report, PHOTO, sha256=sha256_hex(OTHER))
    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert (error["field"], error["code"]) == ("sha256", "mismatch")
    assert sha256_hex(PHOTO) in error["message"]
    assert not Evidence.objects.exists()
    assert not evidence_folder.exists()


def test_a_hash_in_capitals_is_the_same_hash(alice, report):
    assert upload(alice, report, PHOTO, sha256=sha256_hex(PHOTO).upper()).status_code == 201


def test_a_large_file_goes_by_way_of_the_disk(alice, report):
    film = MP4 + bytes(6 * 1024 * 1024)
    assert upload(alice, report, film, "a.mp4").status_code == 201
    assert Evidence.objects.get().size == len(film)


def test_a_file_above_the_limit_is_413(alice, report, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    answer = upload(alice, report, MP4 + bytes(1024 * 1024 + 70_000), "a.mp4")
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["detail"]
    assert not Evidence.objects.exists()


def test_neither_name_nor_place_of_it_is_in_the_ledger(alice, report):
    upload(alice, report, PHOTO, name="Umm Ahmed.jpg")
    written = [entry.data for entry in AuditEntry.objects.all()]
    written += [event.payload for event in DomainEvent.objects.all()]
    assert "Umm Ahmed" not in json.dumps(written)


def test_a_report_shows_what_came_without_being_announced(alice, report):
    upload(alice, report, PHOTO)
    (shown,) = alice.get(f"/api/v1/reports/{report}/").json()["evidence"]
    assert (shown["name"], shown["awaited"], shown["working_copy"]) == ("a.jpg", False, None)


def test_a_withdrawn_report_takes_nothing_new_but_knows_what_it_has(alice, report):
    first = upload(alice, report, PHOTO)
    alice.post(f"/api/v1/reports/{report}/withdraw/", {"reason": "Mistaken."})
    assert upload(alice, report, PHOTO).json() == first.json()
    answer = upload(alice, report, OTHER, name="b.jpg")
    assert answer.status_code == 409
    assert "withdrawn" in answer.json()["detail"]


def test_an_outsider_uploads_nothing(alice, charlie, bob, nobody, report):
    partner, admin = (ApiClient(make_member(role)) for role in (Role.PARTNER, Role.ADMINISTRATOR))
    for who, status in ((charlie, 404), (bob, 404), (partner, 403), (admin, 403), (nobody, 401)):
        assert upload(who, report, PHOTO).status_code == status
    assert not Evidence.objects.exists()


def test_a_token_that_only_reads_uploads_nothing(report, alice):
    reader = ApiClient(alice.membership, scopes=["report.read_own"])
    assert upload(reader, report, PHOTO).status_code == 403


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_files_are_only_added(alice, report, method):
    call = getattr(alice._client, method)
    assert call(f"/api/v1/reports/{report}/evidence/", **alice._headers).status_code == 405
