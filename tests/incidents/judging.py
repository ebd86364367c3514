"""What monitors do, in the words of the tests."""

from incidents.models import Incident
from tests.factories import make_incident


def url(incident, step=""):
    return f"/api/v1/incidents/{getattr(incident, 'id', incident)}/{step}"


def fresh(incident):
    return Incident.objects.get(id=incident.id)


def based_on(version):
    """Return the request header of a write that is based on a version."""
    return {"HTTP_IF_MATCH": f'"{version}"'}


def merge(client, into, *others, reason="The same strike.", version=None, **changes):
    body = {
        "incidents": [{"id": str(one.id), "version": fresh(one).version} for one in others],
        "reason": reason,
    }
    return client.post(url(into, "merge/"), body | changes, **_seen(into, version))


def undo(client, record, into, reason="Not the same.", version=None):
    path = f"/api/v1/merges/{record['id']}/undo/"
    return client.post(path, {"reason": reason}, **_seen(into, version))


def split(client, incident, *reports, reason="Another strike.", version=None):
    body = {"reports": [str(report.id) for report in reports], "reason": reason}
    return client.post(url(incident, "split/"), body, **_seen(incident, version))


def _seen(incident, version):
    return based_on(fresh(incident).version if version is None else version)


def relayed_incident(number):
    """Return an incident of one report: an outlet relays an agency relaying a soldier."""
    sources = [
        {"ref": "o", "kind": "article", "name": f"Outlet {number}", "relays": ["a"]},
        {"ref": "a", "kind": "agency", "name": "Agency", "relays": ["s"]},
        {"ref": "s", "kind": "belligerent", "description": "anonymous soldier"},
    ]
    claims = [{"source": "o", "outcome": "killed", "best": number}]
    return make_incident(sources=sources, claims=claims)
