"""Whether a receipt still holds: its signature, its report, its entry in the ledger."""

from dataclasses import dataclass
from typing import Any

import msgspec

from core.canonical import canonical_json, sha256_hex, utc_text
from incidents.models import Report
from incidents.types import ReportDraft
from ledger import signing
from ledger.selectors import entries_about


@dataclass(frozen=True, slots=True)
class ReceiptFindings:
    """What was found. ``is_recorded``: the ledger has this receipt; ``is_sealed``: for good."""

    signature_is_good: bool
    content_is_kept: bool
    is_recorded: bool
    is_sealed: bool

    @property
    def holds(self) -> bool:
        """Tell whether everything is as it was when the receipt was given."""
        return self.signature_is_good and self.content_is_kept and self.is_recorded


def receipt_findings(report: Report) -> ReceiptFindings:
    """Check the receipt of a report against the keys, the record and the ledger."""
    receipt = report.receipt
    statement = {name: value for name, value in receipt.items() if name != "signature"}
    digest = sha256_hex(canonical_json(receipt))
    entries = entries_about([report.id]).filter(action="report.received")
    entry = next((one for one in entries if one.data.get("receipt_sha256") == digest), None)
    return ReceiptFindings(
        signature_is_good=signing.signature_is_good(
            statement, str(receipt.get("signature", "")), str(receipt.get("key_id", ""))
        ),
        content_is_kept=_stated(receipt) == _stored(report),
        is_recorded=entry is not None,
        is_sealed=entry is not None and entry.seq is not None,
    )


def draft_of_receipt(receipt: dict[str, Any]) -> ReportDraft:
    """Return the report that a receipt speaks of; what is sealed in it is left blank."""
    content = dict(receipt["report"])
    content.pop("reporter", None)
    content["sources"] = [source | {"identity": ""} for source in content["sources"]]
    return msgspec.convert(content, ReportDraft)


def _stated(receipt: dict[str, Any]) -> dict[str, Any]:
    draft = draft_of_receipt(receipt)
    place = draft.location
    is_sealed = [bool(source.get("identity")) for source in receipt["report"]["sources"]]
    return {
        "receipt": tuple(
            receipt[name] for name in ("report_id", "organisation_id", "received_at", "body_sha256")
        ),
        "when": (draft.occurred.first_moment(), draft.occurred.last_moment()),
        "where": (place.longitude, place.latitude, place.precision, place.place_name, place.pcode),
        "country": place.country or "",
        "weapon": draft.weapon or "",
        "sources": {
            (one.ref, one.kind, one.name, one.description, one.url, one.published_on, sealed)
            for one, sealed in zip(draft.sources, is_sealed, strict=True)
        },
        "claims": sorted(
            (one.source, one.outcome, str((one.minimum, one.best, one.maximum)))
            for one in draft.claims
        ),
        **{name: getattr(draft, name) for name in _PLAIN},
    }


_PLAIN = (
    *("title", "description", "language", "kind", "alleged_actor", "targets", "damage"),
    *("licence", "may_republish"),
)


def _stored(report: Report) -> dict[str, Any]:
    point = report.location
    return {
        "receipt": (
            str(report.id),
            str(report.organisation_id),
            utc_text(report.received_at),
            report.content_sha256,
        ),
        "when": (report.time_start, report.time_end),
        "where": (
            point.x if point else None,
            point.y if point else None,
            report.location_precision,
            report.place_name,
            report.pcode,
        ),
        "country": report.country,
        "weapon": report.weapon,
        "sources": {
            (
                *(one.ref, one.kind, one.name, one.description, one.url, one.published_on),
                one.identity_sealed is not None,
            )
            for one in report.sources.all()
        },
        "claims": sorted(
            (one.source.ref, one.outcome, str((one.minimum, one.best, one.maximum)))
            for one in report.claims.all()
        ),
        **{name: getattr(report, name) for name in _PLAIN},
    }
