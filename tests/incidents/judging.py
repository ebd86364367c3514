"""What monitors do, in the words of the tests."""

from incidents.models import Incident
from tests.factories import make_incident


def url(incident, step=""):
    return f"/api/v1/incidents/{getattr(incident, 'id', incident)}/{step}"


def fresh(incident):
    return Incident.objects.get(id=incident.id)


def merge(client, into, *others, reason="The same strike.", **changes):
    body = {
        "version": fresh(into).version,
        "incidents": [{"id": str(one.id), "version": fresh(one).version} for one in others],
        "reason": reason,
    }
    return client.post(url(into, "merge/"), body | changes)


def undo(client, record, into, reason="Not the same.", **changes):
    body = {"version": fresh(into).version, "reason": reason} | changes
    return client.post(f"/api/v1/merges/{record['id']}/undo/", body)


def split(client, incident, *reports, reason="Another strike.", **changes):
    body = {
        "version": fresh(incident).version,
        "reports": [str(report.id) for report in reports],
        "reason": reason,
    }
    return client.post(url(incident, "split/"), body | changes)


def relayed_incident(number):
    """Return an incident of one report: an outlet relays an agency relaying a soldier."""
    sources = [
        {"ref": "o", "kind": "article", "name": f"Outlet {number}", "relays": ["a"]},
        {"ref": "a", "kind": "agency", "name": "Agency", "relays": ["s"]},
        {"ref": "s", "kind": "belligerent", "description": "anonymous soldier"},
    ]
    claims = [{"source": "o", "outcome": "killed", "best": number}]
    return make_incident(sources=sources, claims=claims)
