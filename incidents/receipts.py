"""Receipts: what proves to a sender, years later and offline, what was received and when.

A receipt is a JSON object signed with Ed25519 over its RFC 8785 form without the signature. It
holds the whole report with salted digests in place of sealed values, and is checked by
``clients/harmwatch_verify.py``.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from core.canonical import canonical_json, sha256_hex, utc_text
from incidents.sealed import Sealed, seal_text
from incidents.types import ReportDraft
from ledger import signing

RECEIPT_TYPE = "harmwatch.receipt.v1"
EVIDENCE_RECEIPT_TYPE = "harmwatch.evidence-receipt.v1"


class Receipt(NamedTuple):
    """A signed receipt, and the SHA-256 (hex) of its canonical bytes."""

    content: dict[str, Any]
    sha256: str


@dataclass(slots=True)
class SealedReport:
    """A draft as plain JSON with digests, beside what was sealed, by dotted path."""

    content: dict[str, Any]
    sealed: dict[str, Sealed] = field(default_factory=dict)


def report_seal(draft: ReportDraft) -> SealedReport:
    """Seal a draft's identities."""
    result = SealedReport(content=msgspec.to_builtins(draft))
    for index, source in enumerate(result.content["sources"]):
        if source.get("identity"):
            _seal_member(result, source, "identity", f"sources[{index}].identity")
    if result.content.get("reporter") is not None:
        text = msgspec.json.encode(draft.reporter, order="sorted").decode()
        result.content["reporter"] = text
        _seal_member(result, result.content, "reporter", "reporter")
    return result


def _seal_member(report: SealedReport, parent: dict[str, Any], name: str, path: str) -> None:
    sealed = seal_text(parent[name])
    report.sealed[path] = sealed
    parent[name] = {"salted_sha256": sealed.digest}


def receipt_issue(
    *,
    report_id: UUID,
    organisation_id: UUID,
    received_at: datetime,
    body_sha256: str,
    content: dict[str, Any],
    corrects: UUID | None = None,
) -> Receipt:
    """Return the signed receipt of one report."""
    statement = {
        "type": RECEIPT_TYPE,
        "report_id": str(report_id),
        "organisation_id": str(organisation_id),
        "received_at": utc_text(received_at),
        "body_sha256": body_sha256,
        "report": content,
        "key_id": signing.key_id(),
    }
    if corrects:
        statement["corrects"] = str(corrects)
    # The long part is written once, for the signature and for the hash.
    written = statement | {"report": msgspec.Raw(canonical_json(content))}
    signature = {"signature": signing.sign(written)}
    return Receipt(statement | signature, sha256_hex(canonical_json(written | signature)))


def evidence_receipt_issue(
    *,
    evidence_id: UUID,
    report_id: UUID,
    organisation_id: UUID,
    received_at: datetime,
    name: str,
    sha256: str,
    size: int,
    content_type: str,
) -> dict[str, Any]:
    """Return the signed receipt of one file, which names the report it belongs to."""
    statement = {
        "type": EVIDENCE_RECEIPT_TYPE,
        "evidence_id": str(evidence_id),
        "report_id": str(report_id),
        "organisation_id": str(organisation_id),
        "received_at": utc_text(received_at),
        "name": name,
        "sha256": sha256,
        "size": size,
        "content_type": content_type,
        "key_id": signing.key_id(),
    }
    return statement | {"signature": signing.sign(statement)}
