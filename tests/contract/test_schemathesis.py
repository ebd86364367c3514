"""Every operation of openapi.yaml, fed with what hypothesis can think of: never a 5xx."""

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from accounts.models import Role
from config.wsgi import application
from tests.factories import bearer, make_incident, make_member

SCHEMA_FILE = Path(__file__).parents[2] / "openapi.yaml"
schema = schemathesis.openapi.from_path(SCHEMA_FILE)
schema.app = application
# /readyz says 503 while nothing else runs, and takes no input.
OPERATIONS = [
    operation
    for operation in (result.ok() for result in schema.get_all_operations())
    if operation.path != "/readyz"
]
CHECKS = (not_a_server_error, content_type_conformance, status_code_conformance)


@pytest.fixture
def token(committed_db):
    """A lead monitor may call everything."""
    make_incident()
    return bearer(make_member(Role.LEAD_MONITOR))["HTTP_AUTHORIZATION"]


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    """Have the change feed answer at once: what is thought of would wait half a minute each."""
    monkeypatch.setattr("feed.api.changes.LONGEST_WAIT_S", 0)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_input_breaks_the_server(operation, token):
    @given(case=operation.as_strategy())
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def probe(case):
        answer = case.call(headers={"Authorization": token})
        case.validate_response(answer, checks=CHECKS)

    probe()
