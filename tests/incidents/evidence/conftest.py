import pytest

from tests.factories import make_member, report_body
from tests.incidents.openrosa.sending import Phone


@pytest.fixture
def report(alice):
    """The id of a report of alice's organisation."""
    return alice.post("/api/v1/reports/", report_body()).json()["id"]


@pytest.fixture
def other_report(charlie):
    """The id of a report of charlie's organisation."""
    return charlie.post("/api/v1/reports/", report_body()).json()["id"]


@pytest.fixture
def phone(db):
    """The phone of an organisation."""
    return Phone(make_member())
