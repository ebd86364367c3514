"""Taking files and links that belong to a report."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.canonical import canonical_json, sha256_hex
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from core.ids import uuid7
from incidents.evidence_storage import ORIGINALS
from incidents.file_kinds import HEAD, content_type_of
from incidents.models import Evidence, EvidenceLink, Report, ReportWithdrawal
from incidents.receipts import evidence_receipt_issue
from incidents.selectors.incidents import report_owned_by
from ledger.services import audit_record, event_emit


@dataclass(frozen=True, slots=True)
class ReceivedEvidence:
    """What the sender of a file gets back."""

    evidence: Evidence
    is_new: bool


@transaction.atomic
def evidence_receive(
    *, actor: Actor, report_id: UUID, name: str, content: File, sha256: str | None = None
) -> ReceivedEvidence:
    """Store one file of a report of one's own organisation.

    ``sha256`` (hex) is what the sender says of the content. The same file again gives the same
    receipt. Raises ``NotAllowed``, ``NotFound``, ``InvalidInput`` for a file that is empty, of no
    known kind or not what the sender hashed, and ``Conflict`` for other content of that name or a
    withdrawn report.
    """
    demand(actor, Action.REPORT_SUBMIT)
    report = _own_report(actor, report_id)
    digest = _sha256(content)
    if sha256 is not None and sha256 != digest:
        message = _("What arrived has the SHA-256 %s: send the file again.") % digest
        raise InvalidInput(errors=[FieldError("sha256", message, "mismatch")])
    known = report.evidence.filter(name=name).first()
    if known is None:
        _demand_standing(report)
        return ReceivedEvidence(_store(actor, report, name, digest, content), is_new=True)
    if known.sha256 != digest:
        message = _("A file “%s” with other content was received before.") % name
        raise Conflict(message, errors=[FieldError(name, message, "conflict")])
    return ReceivedEvidence(known, is_new=False)


@transaction.atomic
def link_record(
    *,
    actor: Actor,
    report_id: UUID,
    url: str,
    captured_at: datetime | None,
    archive_url: str,
    note: str,
) -> tuple[EvidenceLink, bool]:
    """Record where something can be seen; return it and whether it is new. Nothing is fetched.

    Raises ``NotAllowed``, ``NotFound``, and ``Conflict`` for a withdrawn report.
    """
    demand(actor, Action.REPORT_SUBMIT)
    report = _own_report(actor, report_id)
    said = {
        "url": url,
        "captured_at": captured_at,
        "archive_url": archive_url,
        "note": note,
    }
    known = report.links.filter(**said).first()
    if known is not None:
        return known, False
    _demand_standing(report)
    link = EvidenceLink.objects.create(report=report, added_by_id=actor.id, **said)
    audit_record(
        actor=actor,
        action="link.recorded",
        object_type="link",
        object_id=link.id,
        data={"report": str(report.id), "link_sha256": sha256_hex(canonical_json(said))},
    )
    return link, True


def _own_report(actor: Actor, report_id: UUID) -> Report:
    """Return a report of the actor's organisation, locked against being withdrawn meanwhile."""
    own = report_owned_by(actor).select_for_update(of=("self",))
    report = own.filter(id=report_id).first()
    if report is None:
        raise NotFound()
    return report


def _demand_standing(report: Report) -> None:
    if ReportWithdrawal.objects.filter(report=report).exists():
        raise Conflict(_("This report was withdrawn; nothing is added to it."))


def _sha256(content: File) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _content_type(name: str, content: File) -> str:
    content.seek(0)
    found = content_type_of(content.read(HEAD))
    if found is None:
        message = _("This is no picture, film, recording or PDF that is known here.")
        raise InvalidInput(errors=[FieldError(name, message, "content_type")])
    return found


def _store(actor: Actor, report: Report, name: str, digest: str, content: File) -> Evidence:
    evidence_id, received_at = uuid7(), timezone.now()
    content_type = _content_type(name, content)
    # The file comes first: one without a row is only a waste of space, the reverse a loss.
    storage_name = storages[ORIGINALS].save(f"{digest[:2]}/{digest[2:4]}/{digest}", content)
    evidence = Evidence.objects.create(
        id=evidence_id,
        report=report,
        name=name,
        sha256=digest,
        size=content.size,
        content_type=content_type,
        storage_name=storage_name,
        received_at=received_at,
        receipt=evidence_receipt_issue(
            evidence_id=evidence_id,
            report_id=report.id,
            organisation_id=report.organisation_id,
            received_at=received_at,
            name=name,
            sha256=digest,
            size=content.size,
            content_type=content_type,
        ),
    )
    audit_record(
        actor=actor,
        action="evidence.received",
        object_type="evidence",
        object_id=evidence.id,
        data={"report": str(report.id), "sha256": digest, "size": content.size},
    )
    event_emit(kind="evidence.received", object_type="evidence", object_id=evidence.id)
    return evidence
