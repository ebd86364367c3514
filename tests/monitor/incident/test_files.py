"""Files on the page: copies to look at, originals with an entry in the ledger."""

import pytest
from django.core.files.base import ContentFile

from accounts.models import Role
from incidents.models import Report
from incidents.services.evidence import evidence_receive
from incidents.services.working_copies import working_copy_make
from ledger.models import AuditEntry
from tests.factories import make_actor, make_incident, make_member
from tests.incidents.evidence.making import jpeg
from tests.monitor.signing_in import signed_in
from tests.support.payloads import FILE_NAMES


@pytest.fixture
def picture(db, evidence_folder):
    alice = make_actor()
    report = Report.objects.get(incident=make_incident(alice))
    received = evidence_receive(
        actor=alice, report_id=report.id, name=FILE_NAMES[0], content=ContentFile(jpeg())
    )
    working_copy_make(evidence_id=received.evidence.id)
    return received.evidence


def test_a_picture_is_there_and_its_name_is_a_text(picture):
    bob = signed_in(make_member(Role.MONITOR))
    page = bob.get(f"/incidents/{picture.report.incident_id}/").content.decode()
    assert f"/evidence/{picture.id}/copy/" in page
    assert FILE_NAMES[0] not in page
    assert 'class="shade"' in page
    answer = bob.get(f"/evidence/{picture.id}/copy/")
    assert answer["Content-Type"].startswith("image/")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.getvalue()
    assert not AuditEntry.objects.filter(action="evidence.original_read").exists()


def test_the_original_is_asked_for_by_a_button_and_entered(picture):
    bob = signed_in(make_member(Role.MONITOR))
    path = f"/evidence/{picture.id}/original/"
    assert bob.get(path).status_code == 405
    answer = bob.post(path)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.getvalue()
    assert AuditEntry.objects.filter(action="evidence.original_read").count() == 1


@pytest.mark.parametrize("part", ["copy", "original"])
def test_outsiders_get_no_file(picture, client, part):
    path = f"/evidence/{picture.id}/{part}/"
    for caller in (client, signed_in(make_member(Role.SUBMITTER))):
        assert caller.post(path).status_code in (302, 403)
        assert caller.get(path).status_code in (302, 403)
    assert not AuditEntry.objects.filter(action="evidence.original_read").exists()
