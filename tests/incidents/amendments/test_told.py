"""What is said afterwards of a report stands in its incident's timeline, without who it was."""

from uuid import UUID

from incidents.selectors.timeline import timeline_of
from tests.factories import report_body
from tests.incidents.amendments.saying import consent, publish, withdraw


def test_the_timeline_tells_of_consent_and_withdrawal(alice, report):
    publish(report.incident_id)
    consent(alice, report, publish=False, reason="Their house was watched.")
    withdraw(alice, report)
    told = [line for line in timeline_of(report.incident_id) if line.version is not None]
    assert [(line.action, line.version) for line in told[-2:]] == [
        ("incident.consent_changed", 3),
        ("incident.report_withdrawn", 4),
    ]
    assert {line.by for line in told[-2:]} == {report.organisation.name}
    states = [(one["before"], one["after"]) for line in told[-2:] for one in line.changes]
    assert ("published", "in_review") in states
    assert ("in_review", "withdrawn") in states


def test_that_identities_were_read_is_told_and_not_which(alice):
    made = alice.post("/api/v1/reports/", report_body()).json()
    path = f"/api/v1/reports/{made['id']}/sealed/"
    assert alice.post(path, {"reason": "To ask again."}).status_code == 200
    lines = timeline_of(UUID(made["incident"]))
    assert [line.action for line in lines] == ["report.received", "sealed.read"]
    assert "Umm Ahmed" not in str([line.as_json() for line in lines])
