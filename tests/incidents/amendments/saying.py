"""What the tests' people say of reports, and how incidents come to be published."""

from accounts.models import Role
from incidents.models import Incident, Report
from incidents.services.judging import incident_assess, incident_publish
from ledger.models import DomainEvent
from tests.factories import make_actor, merge_incidents, report_body


def url(report, step):
    return f"/api/v1/reports/{getattr(report, 'id', report)}/{step}/"


def withdraw(client, report, reason="We were mistaken."):
    return client.post(url(report, "withdraw"), {"reason": reason})


def consent(client, report, reason="They asked us to.", **change):
    return client.post(url(report, "consent"), {"reason": reason} | change)


def correct(client, report, key=None, **changes):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client.post(url(report, "corrections"), report_body(**changes), **headers)


def second_report(client, report, **changes):
    """Return another report of the client's, merged into the incident of the first."""
    made = client.post("/api/v1/reports/", report_body(**changes)).json()
    merge_incidents(report.incident, Report.objects.get(id=made["id"]).incident)
    return Report.objects.get(id=made["id"])


def publish(incident_id):
    """Grade an incident and publish it as it stands."""
    monitor = make_actor(Role.MONITOR)
    incident = Incident.objects.get(id=incident_id)
    incident_assess(
        actor=monitor,
        incident_id=incident_id,
        version=incident.version,
        grade="fair",
        reason="Two sources.",
    )
    return incident_publish(actor=monitor, incident_id=incident_id, version=incident.version + 1)


def kinds_of(incident_id, after=0):
    """Return the kinds of an incident's events, but for the first ``after``."""
    rows = DomainEvent.objects.filter(object_id=incident_id).order_by("id")
    return list(rows.values_list("kind", flat=True))[after:]
