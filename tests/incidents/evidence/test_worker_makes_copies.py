"""The whole way: a file by REST, a real worker, and the copy served."""

import pytest

from tests.factories import make_member, report_body
from tests.incidents.conftest import ApiClient
from tests.incidents.evidence.making import jpeg, opened, scene, upload
from tests.support.processes import wait_until

pytestmark = pytest.mark.celery


@pytest.fixture
def worker_folders(monkeypatch, evidence_folder):
    """Let the worker's process use the folders of the test."""
    monkeypatch.setenv("EVIDENCE_DIR", str(evidence_folder))
    monkeypatch.setenv("WORKING_COPIES_DIR", str(evidence_folder.parent / "copies"))


def test_a_worker_makes_what_is_served(worker_folders, celery_worker):
    celery_worker()
    alice = ApiClient(make_member())
    report = alice.post("/api/v1/reports/", report_body()).json()["id"]
    url = f"/api/v1/evidence/{upload(alice, report, jpeg()).json()['id']}/"
    wait_until(lambda: alice.get(url).json()["working_copy"], "the copy")
    assert opened(alice.get(f"{url}file/").getvalue()).size == scene().size
