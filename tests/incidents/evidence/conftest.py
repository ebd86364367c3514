import pytest

from tests.factories import report_body


@pytest.fixture
def report(alice):
    """The id of a report of alice's organisation."""
    return alice.post("/api/v1/reports/", report_body()).json()["id"]


@pytest.fixture
def other_report(charlie):
    """The id of a report of charlie's organisation."""
    return charlie.post("/api/v1/reports/", report_body()).json()["id"]
