"""Copies are made by the worker, once, and made anew where they are lost or old."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from incidents.models import WorkingCopy
from incidents.services import working_copies
from incidents.services.working_copies import working_copy_make
from ledger.dispatch import dispatch
from tests.incidents.evidence.making import evidence_with_copy, jpeg, opened, scene, upload
from tests.incidents.openrosa.sending import MP4, form

PHOTO = jpeg()
CONSUMER = "incidents.working_copies"


@pytest.fixture
def copies(evidence_folder):
    return evidence_folder.parent / "copies"


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_worker_makes_the_copy(alice, report, copies):
    copy = evidence_with_copy(alice, report, PHOTO).working_copy
    (stored,) = files_in(copies)
    assert opened(stored.read_bytes()).size == (copy.width, copy.height) == scene().size
    assert copy.size == stored.stat().st_size
    assert copy.content_type == "image/jpeg"


def test_photos_from_phones_get_one_too(phone):
    phone.post(form(), {"1399800000001.jpg": PHOTO})
    assert dispatch(CONSUMER) == 1
    assert WorkingCopy.objects.get().no_copy == ""


def test_films_and_documents_get_none_and_it_is_said(alice, report):
    for name, content in (("a.mp4", MP4), ("a.pdf", b"%PDF-1.7\n" + bytes(100))):
        evidence = evidence_with_copy(alice, report, content, name)
        assert evidence.working_copy.no_copy == "not_a_picture"
    shown = alice.get(f"/api/v1/reports/{report}/").json()["evidence"]
    assert [(row["working_copy"], row["no_copy"]) for row in shown] == [
        (None, "not_a_picture"),
        (None, "not_a_picture"),
    ]


def test_done_again_it_is_the_same(alice, report):
    evidence = evidence_with_copy(alice, report, PHOTO)
    before = evidence.working_copy
    working_copy_make(evidence_id=evidence.id)
    assert WorkingCopy.objects.get().made_at == before.made_at


def test_a_lost_copy_is_made_anew(alice, report, copies):
    evidence = evidence_with_copy(alice, report, PHOTO)
    (stored,) = files_in(copies)
    stored.unlink()
    call_command("make_working_copies", stdout=io.StringIO())
    dispatch(CONSUMER)
    assert files_in(copies) == [stored]
    again = WorkingCopy.objects.get(evidence=evidence)
    assert again.sha256 == evidence.working_copy.sha256


def test_a_copy_of_an_older_maker_is_made_anew(alice, report, monkeypatch):
    evidence = evidence_with_copy(alice, report, PHOTO)
    monkeypatch.setattr(working_copies, "MAKER", "2")
    working_copy_make(evidence_id=evidence.id)
    assert WorkingCopy.objects.get().maker == "2"


def test_two_reports_with_one_file_share_the_copy(alice, report, charlie, other_report, copies):
    one = evidence_with_copy(alice, report, PHOTO).working_copy
    two = evidence_with_copy(charlie, other_report, PHOTO).working_copy
    assert one.storage_name == two.storage_name
    assert len(files_in(copies)) == 1


def test_an_original_that_cannot_be_opened_is_tried_again(alice, report, evidence_folder):
    upload(alice, report, PHOTO)
    (original,) = files_in(evidence_folder)
    hidden = original.rename(original.with_name("hidden"))
    assert dispatch(CONSUMER) == 0
    assert not WorkingCopy.objects.exists()
    hidden.rename(original)
    working_copy_make(evidence_id=upload(alice, report, PHOTO).json()["id"])
    assert WorkingCopy.objects.get().no_copy == ""


def test_the_database_takes_a_copy_or_a_reason_never_neither(alice, report):
    evidence = evidence_with_copy(alice, report, PHOTO)
    with pytest.raises(IntegrityError):
        WorkingCopy.objects.filter(evidence=evidence).update(storage_name="")


def test_what_the_api_tells_of_a_copy_is_not_where_it_lies(alice, report):
    evidence = evidence_with_copy(alice, report, PHOTO)
    shown = alice.get(f"/api/v1/evidence/{evidence.id}/").json()
    assert shown["working_copy"]["width"] == scene().width
    assert "storage" not in json.dumps(shown)
