"""Who and what the tests are about: alice submits, bob monitors, charlie is the outsider."""

import copy
import itertools
from typing import Any

import msgspec

from accounts.actors import Actor, actor_of
from accounts.members import member_add
from accounts.models import Membership, Organisation, Role
from accounts.services import token_issue
from incidents.intake.json_reports import submission_parse
from incidents.models import Incident, MergeRecord
from incidents.services.merging import incident_merge
from incidents.services.reports import report_receive

_numbers = itertools.count(1)

FALLUJAH = (43.7841, 33.3497)
REPORT: dict[str, Any] = {
    "title": "Barrel bombs on Fallujah",
    "description": "Two barrel bombs fell on a residential quarter.",
    "occurred": {"start": "2014-05-11"},
    "location": {
        "longitude": FALLUJAH[0],
        "latitude": FALLUJAH[1],
        "precision": "exact",
        "place_name": "Fallujah",
        "country": "IQ",
    },
    "weapon": "barrel_bomb",
    "alleged_actor": "Government forces",
    "targets": ["residential"],
    "sources": [
        {"ref": "h", "kind": "hospital", "name": "Fallujah hospital"},
        {"ref": "w", "kind": "witness", "description": "resident", "identity": "Umm Ahmed"},
    ],
    "claims": [
        {
            "source": "h",
            "outcome": "killed",
            "minimum": 4,
            "best": 5,
            "maximum": 7,
            "civilian_status": "civilian",
        }
    ],
    "licence": "CC-BY-4.0",
    "may_republish": True,
    "consent": {"basis": "informed", "store": True, "share": True, "publish": True},
}


# The changes that make a context event of it.
CONTEXT: dict[str, Any] = {
    "kind": "displacement",
    "title": "People flee Mosul",
    "description": "",
    "weapon": None,
    "targets": None,
    "claims": [{"source": "h", "outcome": "displaced", "minimum": 50_000}],
}


def report_body(**changes: Any) -> dict[str, Any]:
    """Return a good report with changes; ``a__b=…`` reaches inside, None takes a member away."""
    body = copy.deepcopy(REPORT)
    for path, value in changes.items():
        *parents, name = path.split("__")
        target: Any = body
        for parent in parents:
            target = target[int(parent) if parent.isdigit() else parent]
        if value is None:
            target.pop(name)
        else:
            target[name] = value
    return body


def context_body(**changes: Any) -> dict[str, Any]:
    """Return a good report of a context event with changes, as ``report_body``."""
    return report_body(**(CONTEXT | changes))


def make_member(
    role: Role = Role.SUBMITTER, organisation: Organisation | None = None, name: str = ""
) -> Membership:
    """Return a new member of an organisation, a new one if none is given."""
    number = next(_numbers)
    home = organisation or Organisation.objects.create(name=f"Organisation {number}")
    return member_add(
        actor=None,
        email=f"member{number}@test.example",
        name=name or f"Member {number}",
        organisation=home,
        role=role,
    )


def make_actor(role: Role = Role.SUBMITTER, organisation: Organisation | None = None) -> Actor:
    """Return the actor of a new member."""
    return actor_of(make_member(role, organisation))


def bearer(membership: Membership, **options: Any) -> dict[str, str]:
    """Return the request header of a new token, as the test client takes it."""
    _, secret = token_issue(actor=None, membership=membership, name="test", **options)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def make_incident(actor: Actor | None = None, **changes: Any) -> Incident:
    """Return the incident that a new report opened."""
    body = msgspec.json.encode(report_body(**changes))
    submission = submission_parse(body, f"key-{next(_numbers)}")
    received = report_receive(actor=actor or make_actor(), submission=submission)
    return Incident.objects.get(id=received.incident_id)


def merge_incidents(
    into: Incident, *others: Incident, actor: Actor | None = None, reason: str = "The same strike."
) -> MergeRecord:
    """Merge incidents into the first, whatever their versions are by now."""
    known = Incident.objects.in_bulk([into.id, *(other.id for other in others)])
    return incident_merge(
        actor=actor or make_actor(Role.MONITOR),
        into_id=into.id,
        from_ids=[other.id for other in others],
        versions={id_: incident.version for id_, incident in known.items()},
        reason=reason,
    )
