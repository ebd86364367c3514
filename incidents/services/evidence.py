"""Taking files that belong to a report."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import puremagic
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from core.ids import uuid7
from incidents.evidence_storage import STORAGE
from incidents.models import Evidence, Report
from incidents.receipts import evidence_receipt_issue
from ledger.services import audit_record

# Pictures, films, recordings and documents. Nothing that a browser could run, SVG included.
_IMAGES = ("jpeg", "png", "webp", "gif", "heif", "heic", "tiff", "bmp")
_FILMS = ("mp4", "3gpp", "3gpp2", "quicktime", "webm", "x-matroska", "mpeg", "x-msvideo")
_SOUNDS = ("mpeg", "mp4", "x-m4a", "ogg", "wav", "x-wav", "amr")
CONTENT_TYPES = frozenset(
    f"{kind}/{name}"
    for kind, names in (("image", _IMAGES), ("video", _FILMS), ("audio", _SOUNDS))
    for name in names
) | {"application/pdf"}
_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedEvidence:
    """What the sender of a file gets back."""

    evidence: Evidence
    is_new: bool


@transaction.atomic
def evidence_receive(
    *, actor: Actor, report_id: UUID, name: str, content: File
) -> ReceivedEvidence:
    """Store one file that a report of one's own organisation announced.

    The same file again gives the same receipt. Raises ``NotFound``, ``InvalidInput`` for a file
    that is empty, of no known kind or not announced, ``Conflict`` for other content of that name.
    """
    report = (
        Report.objects.select_for_update(of=("self",))
        .filter(id=report_id, organisation_id=actor.organisation_id)
        .first()
    )
    if report is None:
        raise NotFound()
    if name not in report.attachments:
        message = _("The report does not name a file “%s”.") % name
        raise InvalidInput(errors=[FieldError(name, message, "not_announced")])
    digest = _sha256(content)
    known = report.evidence.filter(name=name).first()
    if known is None:
        return ReceivedEvidence(_store(actor, report, name, digest, content), is_new=True)
    if known.sha256 != digest:
        message = _("A file “%s” with other content was received before.") % name
        raise Conflict(message, errors=[FieldError(name, message, "conflict")])
    return ReceivedEvidence(known, is_new=False)


def _sha256(content: File) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _content_type(name: str, content: File) -> str:
    """Return what the bytes themselves say the file is; what the sender calls it is not asked."""
    content.seek(0)
    try:
        found = puremagic.from_string(content.read(_HEAD), mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found not in CONTENT_TYPES:
        message = _("This is no picture, film, recording or PDF that is known here.")
        raise InvalidInput(errors=[FieldError(name, message, "content_type")])
    return str(found)


def _store(actor: Actor, report: Report, name: str, digest: str, content: File) -> Evidence:
    evidence_id, received_at = uuid7(), timezone.now()
    content_type = _content_type(name, content)
    # The file comes first: one without a row is only a waste of space, the reverse a loss.
    storage_name = storages[STORAGE].save(f"{digest[:2]}/{digest[2:4]}/{digest}", content)
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
    return evidence
