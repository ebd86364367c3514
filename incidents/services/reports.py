"""Receiving reports: the one place where they are written, alone or by the thousand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.canonical import canonical_json, sha256_hex
from core.copying import Row, row_of, rows_copy
from core.errors import IdempotencyConflict
from incidents.models import Claim, Incident, Relay, Report, Source
from incidents.sealed import salt_of
from incidents.selectors.boundaries import units_at_many
from incidents.services.corrections import (
    demand_rights_kept,
    demand_same_kind,
    incident_follow_correction,
    report_to_correct,
)
from incidents.services.report_rows import ReportRows
from incidents.types import Submission
from ledger.models import AuditEntry, DomainEvent
from ledger.services import audit_record_many, event_emit_many

_ONCE_PER_KEY = "report_once_per_key"


@dataclass(frozen=True, slots=True)
class Received:
    """What the sender gets back: the report's id, its incident, the receipt and the salts."""

    report_id: UUID
    incident_id: UUID
    receipt: dict[str, Any]
    salts: dict[str, dict[str, str]]
    is_new: bool


def report_received_before(
    *, actor: Actor, key: str, body_sha256: str, corrects: str = ""
) -> Received | None:
    """Return what a submission got when it was taken; None for one that is new to us.

    Asked before its content is judged: what is true of a place or a date may have changed since.
    Raises ``IdempotencyConflict`` where the key was used with other content, or to correct another
    report.
    """
    own = Report.objects.filter(organisation_id=actor.organisation_id)
    known = own.select_related("corrects").filter(idempotency_key=key).first()
    if known is None:
        return None
    corrected = known.corrects.idempotency_key if known.corrects else ""
    if known.content_sha256 != body_sha256 or corrected != corrects:
        raise IdempotencyConflict()
    return _received_again(known)


class KeyTaken(Exception):
    """Somebody else stored a report under the same key at the same moment."""


def report_receive(*, actor: Actor, submission: Submission) -> Received:
    """Store one report with all that belongs to it, or return what its key already stands for.

    Raises ``NotAllowed``, ``IdempotencyConflict`` where the key was used with other content, and
    for a correction what ``report_to_correct`` raises.
    """
    demand(actor, Action.REPORT_SUBMIT)
    try:
        return _report_receive(actor, submission)
    except KeyTaken:  # by a file that is being imported: those rows take no lock of their key
        return _report_receive(actor, submission)


@transaction.atomic
def _report_receive(actor: Actor, submission: Submission) -> Received:
    keys_lock(actor.organisation_id, [submission.idempotency_key])
    known = report_received_before(
        actor=actor,
        key=submission.idempotency_key,
        body_sha256=submission.body_sha256,
        corrects=submission.corrects,
    )
    if known is not None:
        return known
    if submission.corrects:
        return _correction_store(actor, submission)
    rows = ReportRows(actor, submission, timezone.now())
    return reports_store(actor=actor, batch=[rows])[0]


def keys_lock(organisation_id: UUID, keys: Iterable[str]) -> None:
    """Make submissions of the same key at once wait for each other, and for nothing else."""
    numbers = []
    for key in keys:
        digest = sha256_hex(canonical_json([str(organisation_id), key]))
        numbers.append(int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True))
    with connection.cursor() as cursor:
        # In one order, so that two who lock some of the same never wait in a ring.
        for number in sorted(set(numbers)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _received_again(report: Report) -> Received:
    salts = {
        f"sources[{index}].identity": {"salt": salt_of(source.identity_sealed)}
        for index, source in enumerate(report.sources.order_by("id"))
        if source.identity_sealed
    }
    if report.reporter_sealed:
        salts["reporter"] = {"salt": salt_of(report.reporter_sealed)}
    return Received(report.id, report.incident_id, report.receipt, salts, is_new=False)


@transaction.atomic
def reports_store(*, actor: Actor, batch: Sequence[ReportRows]) -> list[Received]:
    """Store reports whose keys are known to be new. Each opens its own incident.

    Report, sources, claims, incident, audit entry and event are committed together or not at all.
    Raises ``KeyTaken`` where a key is new no longer; the transaction must then be rolled back.
    """
    _units_find(batch)
    rows_copy(Incident, [vars(rows.incident) for rows in batch])
    _store_rows(actor, batch)
    event_emit_many(events=[_opened_event(rows.incident) for rows in batch])
    return [_received(rows) for rows in batch]


def _correction_store(actor: Actor, submission: Submission) -> Received:
    """Store a report on the incident of the one it corrects, whose figures it replaces."""
    corrected = report_to_correct(actor, submission.corrects)
    demand_same_kind(corrected, submission.draft)
    demand_rights_kept(corrected, submission.draft)
    rows = ReportRows(actor, submission, timezone.now(), corrected)
    _units_find([rows])
    _store_rows(actor, [rows])
    incident_follow_correction(rows)
    return _received(rows)


def _store_rows(actor: Actor, batch: Sequence[ReportRows]) -> None:
    try:
        rows_copy(Report, [vars(rows.report) for rows in batch])
    except IntegrityError as exc:
        if _ONCE_PER_KEY in str(exc):
            raise KeyTaken from exc
        raise
    rows_copy(Source, _all(rows.sources for rows in batch))
    rows_copy(Relay, _all(rows.relays for rows in batch))
    rows_copy(Claim, _all(rows.claims for rows in batch))
    audit_record_many(entries=[_audit_entry(actor, rows) for rows in batch])


def _received(rows: ReportRows) -> Received:
    report = rows.report
    return Received(report.id, rows.incident.id, report.receipt, rows.salts, is_new=True)


def _units_find(batch: Sequence[ReportRows]) -> None:
    """Find the administrative units that each report's point lies in."""
    placed = [rows for rows in batch if rows.point]
    found = units_at_many([rows.point for rows in placed if rows.point])
    for rows, units in zip(placed, found, strict=True):
        rows.lies_in(units)


def _all(lists: Iterable[list[Row]]) -> list[dict[str, Any]]:
    return [vars(row) for rows in lists for row in rows]


def _audit_entry(actor: Actor, rows: ReportRows) -> Row:
    report = rows.report
    corrects = {"corrects": str(report.corrects_id)} if report.corrects_id else {}
    return row_of(
        AuditEntry,
        actor_id=actor.id,
        actor_label=actor.label,
        action="report.received",
        object_type="report",
        object_id=report.id,
        data={
            "incident": str(rows.incident.id),
            "body_sha256": report.content_sha256,
            "receipt_sha256": rows.receipt_sha256,
            **corrects,
        },
    )


def _opened_event(incident: Incident | Row) -> Row:
    return row_of(
        DomainEvent,
        kind="incident.opened",
        object_type="incident",
        object_id=incident.id,
        payload={"version": incident.version},
    )
