"""Files are added to a report from its receipt, by its organisation alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actors import actor_of
from accounts.models import Role
from incidents.models import Evidence, Report
from incidents.services.amendments import report_withdraw
from tests.factories import make_incident, make_member
from tests.incidents.conftest import evidence_folder  # noqa: F401 - a fixture
from tests.incidents.openrosa.sending import MP4
from tests.monitor.signing_in import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence_folder")]


@pytest.fixture
def report(alice):
    return Report.objects.get(incident=make_incident(actor_of(alice)))


def add(client, report, content=MP4, name="street.mp4"):
    file = {"file": SimpleUploadedFile(name, content)}
    return client.post(f"/receipts/{report.id}/evidence/", file)


def test_a_file_is_received_and_stands_on_the_receipt(alice, report):
    client = signed_in(alice)
    answer = add(client, report)
    assert (answer.status_code, answer["Location"]) == (302, f"/receipts/{report.id}/#evidence")
    file = Evidence.objects.get(report=report)
    page = client.get(f"/receipts/{report.id}/").content.decode()
    assert "street.mp4" in page
    assert file.sha256 in page
    add(client, report)  # by mistake
    assert Evidence.objects.count() == 1


def test_what_is_no_evidence_is_refused_in_words(alice, report):
    client = signed_in(alice)
    answer = add(client, report, b"MZ rubbish")
    assert answer.status_code == 400
    assert "no picture, film, recording or PDF" in answer.content.decode()
    assert "Choose a file" in client.post(f"/receipts/{report.id}/evidence/").content.decode()
    add(client, report)
    again = add(client, report, MP4 + b"more")
    assert again.status_code == 409
    assert "with other content" in again.content.decode()


def test_too_large_a_file_is_not_read(alice, report, settings):
    settings.EVIDENCE_MAX_BYTES = 10
    answer = add(signed_in(alice), report, MP4 * 10_000)
    assert answer.status_code == 413
    assert not Evidence.objects.exists()


def test_nothing_is_added_to_what_was_withdrawn(alice, report):
    report_withdraw(actor=actor_of(alice), report_id=report.id, reason="A mistake.")
    client = signed_in(alice)
    assert "Add the file" not in client.get(f"/receipts/{report.id}/").content.decode()
    assert add(client, report).status_code == 409


def test_outsiders_add_nothing(report):
    assert add(Client(), report).status_code == 302
    assert add(signed_in(make_member(Role.SUBMITTER)), report).status_code == 404
    assert add(signed_in(make_member(Role.ADMINISTRATOR)), report).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(report.submitted_by)
    assert add(strict, report).status_code == 403
    assert not Evidence.objects.exists()
