"""Incidents with a past, made by the services, and the bundles that prove them."""

import itertools
import json
from typing import Any

import msgspec
from django.core.files.base import ContentFile

from accounts.actors import Actor
from accounts.models import Role
from core.canonical import canonical_json
from incidents.intake.json_reports import submission_parse
from incidents.models import Incident, MergeRecord, Report
from incidents.selectors.proof import proof_bundle
from incidents.services.amendments import report_withdraw
from incidents.services.evidence import evidence_receive, link_record
from incidents.services.judging import incident_assess, incident_publish
from incidents.services.merging import incident_split, merge_undo
from incidents.services.reports import report_receive
from incidents.vocab import Grade
from ledger import sealing, signing
from tests.factories import make_actor, make_incident, merge_incidents, report_body
from tests.incidents.judging import fresh, relayed_incident

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(200)
_keys = itertools.count(1)


def bundle_of(incident: Incident, purpose: str = "record") -> bytes:
    """Seal the ledger and return the incident's proof as it is handed out."""
    sealing.seal()
    monitor = make_actor(Role.MONITOR)
    bundle = proof_bundle(actor=monitor, incident_id=incident.id, purpose=purpose)
    return canonical_json(bundle)


def signed_again(bundle: bytes | dict[str, Any], **changes: Any) -> bytes:
    """Return a bundle with changes, signed as a lying server would."""
    statement = (json.loads(bundle) if isinstance(bundle, bytes) else bundle) | changes
    statement.pop("signature", None)
    return canonical_json(statement | {"signature": signing.sign(statement)})


def send(actor: Actor, corrects: str = "", **changes: Any) -> tuple[str, Report]:
    """Return the key and the report of a submission."""
    key = f"story-{next(_keys)}"
    submission = submission_parse(msgspec.json.encode(report_body(**changes)), key)
    submission = msgspec.structs.replace(submission, corrects=corrects)
    received = report_receive(actor=actor, submission=submission)
    return key, Report.objects.get(id=received.report_id)


def undo(actor: Actor, record: MergeRecord) -> None:
    version = fresh(record.survivor).version
    merge_undo(actor=actor, merge_id=record.id, version=version, reason="Not the same.")


def split(actor: Actor, incident: Incident, *reports: Report) -> Incident:
    return incident_split(
        actor=actor,
        incident_id=incident.id,
        report_ids=[report.id for report in reports],
        version=fresh(incident).version,
        reason="Another crater.",
    )


def assess(actor: Actor, incident: Incident, grade: Grade) -> None:
    version = fresh(incident).version
    incident_assess(
        actor=actor, incident_id=incident.id, version=version, grade=grade, reason="Said so."
    )


def publish(actor: Actor, incident: Incident) -> None:
    incident_publish(actor=actor, incident_id=incident.id, version=fresh(incident).version)


def small() -> Incident:
    """One report, nothing judged."""
    return make_incident()


def merged_twice() -> Incident:
    """Others merged into one that was merged into another, one merge undone and made again."""
    monitor = make_actor(Role.MONITOR)
    one, two, three, four = (relayed_incident(number) for number in range(1, 5))
    assess(monitor, one, Grade.WEAK)
    merge_incidents(one, two, actor=monitor)
    undo(monitor, merge_incidents(three, four, actor=monitor))
    merge_incidents(three, one, four, actor=monitor)
    return fresh(three)


def split_off() -> Incident:
    """What was left of an incident when a report was split from it."""
    monitor, alice = make_actor(Role.MONITOR), make_actor()
    _, report = send(alice)
    merge_incidents(report.incident, make_incident(alice), make_incident(), actor=monitor)
    split(monitor, report.incident, report)
    return fresh(report.incident)


def split_away() -> Incident:
    """What a split made."""
    monitor, alice = make_actor(Role.MONITOR), make_actor()
    _, report = send(alice)
    merge_incidents(report.incident, make_incident(alice), actor=monitor)
    return fresh(split(monitor, report.incident, report))


def corrected() -> Incident:
    """A report, and the newer one that replaces its figures."""
    alice = make_actor()
    key, report = send(alice)
    send(alice, corrects=key, claims__0__best=6)
    return fresh(report.incident)


def empty() -> Incident:
    """An incident of which no report counts any more."""
    alice = make_actor()
    _, report = send(alice)
    report_withdraw(actor=alice, report_id=report.id, reason="It was a mistake.")
    return fresh(report.incident)


def judged() -> Incident:
    """Graded by two, published, contested; with a file, a link and a report that was withdrawn."""
    alice, bob, beth = make_actor(), make_actor(Role.MONITOR), make_actor(Role.MONITOR)
    _, report = send(alice, title="قصف بالبراميل", location__uncertainty_m=1e-7)
    evidence_receive(actor=alice, report_id=report.id, name="حفرة.jpg", content=ContentFile(JPEG))
    link_record(
        actor=alice,
        report_id=report.id,
        url="https://outlet.example/1",
        captured_at=report.received_at,
        archive_url="",
        note="",
    )
    _, other = send(alice)
    merge_incidents(report.incident, other.incident, actor=bob)
    report_withdraw(actor=alice, report_id=other.id, reason="Told twice.")
    assess(bob, report.incident, Grade.CONFIRMED)
    assess(beth, report.incident, Grade.CONFIRMED)
    publish(bob, report.incident)
    assess(beth, report.incident, Grade.CONTESTED)
    return fresh(report.incident)


def displacement() -> Incident:
    """No strike: people who fled, "more than 50,000"."""
    claims = [{"source": "h", "outcome": "displaced", "minimum": 50_000}]
    return make_incident(kind="displacement", weapon=None, targets=None, claims=claims)


STORIES = (small, displacement, merged_twice, split_off, split_away, corrected, empty, judged)
