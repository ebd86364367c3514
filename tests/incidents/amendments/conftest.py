import pytest

from incidents.models import Report
from tests.factories import report_body


@pytest.fixture
def report(alice):
    """A report of alice's organisation, in an incident of its own."""
    made = alice.post("/api/v1/reports/", report_body()).json()
    return Report.objects.select_related("incident").get(id=made["id"])
