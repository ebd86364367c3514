"""Originals: stored whole, once, under an opaque name, and never changed."""

import json
import stat

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from accounts.actors import actor_of
from accounts.models import Role
from core.canonical import sha256_hex
from core.errors import NotFound
from incidents.models import Evidence, Report
from incidents.services.evidence import evidence_receive
from ledger import signing
from ledger.models import AuditEntry
from tests.factories import make_actor, make_member
from tests.incidents.conftest import ApiClient
from tests.incidents.openrosa.sending import FILES, form, told

NAME = next(iter(FILES))


@pytest.fixture
def evidence(phone):
    phone.post(form(), {NAME: FILES[NAME]})
    return Evidence.objects.get()


def test_the_original_lies_under_its_own_hash(evidence, evidence_folder):
    digest = sha256_hex(FILES[NAME])
    stored = evidence_folder / digest[:2] / digest[2:4] / digest
    assert stored.read_bytes() == FILES[NAME]
    assert stat.S_IMODE(stored.stat().st_mode) == 0o440
    assert (evidence.sha256, evidence.size) == (digest, len(FILES[NAME]))
    assert NAME not in evidence.storage_name


def test_the_receipt_of_a_file_is_signed_and_names_its_report(phone):
    answer = phone.post(form(), {NAME: FILES[NAME]})
    receipt = json.loads(told(answer, "evidence")[0])["receipt"]
    assert receipt["report_id"] == str(Report.objects.get().id)
    assert (receipt["name"], receipt["sha256"]) == (NAME, sha256_hex(FILES[NAME]))
    signature = receipt.pop("signature")
    assert signing.sign(receipt) == signature


def test_the_same_file_of_two_reports_is_stored_once(phone, other_phone, evidence_folder):
    for sender in (phone, other_phone):
        assert sender.post(form(), {NAME: FILES[NAME]}).status_code == 201
    assert Evidence.objects.count() == 2
    assert len([path for path in evidence_folder.rglob("*") if path.is_file()]) == 1


def test_each_file_has_its_audit_entry_without_its_name(evidence):
    entry = AuditEntry.objects.get(action="evidence.received")
    assert entry.data["sha256"] == evidence.sha256
    assert NAME not in json.dumps(entry.data)


def test_the_row_never_changes_nor_goes(evidence):
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(name="other")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_evidence")


def test_the_storage_deletes_and_replaces_nothing(evidence):
    storage = storages["evidence"]
    with pytest.raises(PermissionError):
        storage.delete(evidence.storage_name)
    assert storage.save(evidence.storage_name, ContentFile(b"other")) == evidence.storage_name
    with storage.open(evidence.storage_name) as stored:
        assert stored.read() == FILES[NAME]


def test_a_write_that_fails_leaves_no_part_behind(evidence_folder):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        storages["evidence"].save("ab/cd/abcd", Broken(b"whole"))
    assert [path for path in evidence_folder.rglob("*") if path.is_file()] == []


def test_what_has_not_come_is_listed_as_awaited(phone):
    phone.post(form(), {NAME: FILES[NAME]}, incomplete=True)
    reader = ApiClient(phone.membership)
    shown = reader.get(f"/api/v1/reports/{Report.objects.get().id}/").json()["evidence"]
    assert [(row["name"], row["awaited"]) for row in shown] == [
        (name, name != NAME) for name in FILES
    ]
    assert shown[0]["receipt"]["sha256"] == shown[0]["sha256"] == sha256_hex(FILES[NAME])
    assert "sha256" not in shown[1]


def test_nobody_adds_a_file_to_another_organisations_report(evidence):
    content = ContentFile(FILES[NAME])
    for outsider in (make_actor(), make_actor(Role.MONITOR), actor_of(make_member())):
        with pytest.raises(NotFound):
            evidence_receive(
                actor=outsider, report_id=evidence.report_id, name=NAME, content=content
            )
