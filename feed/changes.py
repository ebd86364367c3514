"""What changed, entry by entry: the publication log as followers read it, and its digest.

An entry is written as one line of JSON whose last member is the feature, byte for byte as it is
served everywhere and as its hash covers it.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.canonical import utc_text
from core.cursors import cursor_decode, cursor_encode
from core.errors import FieldError, InvalidInput
from feed.models import Audience, Kind, LogEntry
from feed.sealing import CHAIN_START
from feed.selectors import latest_seq, log_visible_to
from ledger import signing

DIGEST_TYPE = "harmwatch.log-digest.v1"
_ROWS_AT_ONCE = 1_000
_COLUMNS = (
    "seq",
    "sealed_at",
    "kind",
    "object_id",
    "object_version",
    "change",
    "reason",
    "merged_into",
    "hash",
    "chain",
    "salt",
    "feature",
)


class _Properties(msgspec.Struct):
    license: str = ""


class _Feature(msgspec.Struct):
    properties: _Properties


_LICENSE_OF = msgspec.json.Decoder(_Feature)


@dataclass(frozen=True, slots=True)
class Changes:
    """Some entries as lines of JSON, and the last entry that was looked at."""

    lines: Sequence[str]
    last_seq: int
    digest: str | None
    at_head: bool


def cursor_of(audience: Audience, kinds: Collection[Kind], seq: int) -> str:
    """Return the cursor of who has read up to ``seq``: for this audience and these kinds."""
    return cursor_encode("changes", audience, ",".join(sorted(kinds)), seq)


def cursor_parse(cursor: str, audience: Audience, kinds: Collection[Kind]) -> int:
    """Return the ``seq`` in a cursor.

    Raises ``InvalidInput`` for one of another audience or other kinds, and for one that lies ahead
    of the log, as after the database was restored: who has it must begin anew.
    """
    what, whose, which, seq = cursor_decode(cursor, (str, str, str, int))
    if (what, whose, which) != ("changes", audience, ",".join(sorted(kinds))) or seq < 0:
        message = _("Use the cursor of an earlier answer to the same question as it was given.")
        raise InvalidInput(errors=[FieldError("since", message, "cursor")])
    if seq > latest_seq(audience):
        message = _("This cursor lies ahead of the log. Begin anew, without a cursor.")
        raise InvalidInput(errors=[FieldError("since", message, "ahead")])
    return seq


def changes_after(audience: Audience, seq: int, limit: int, kinds: Collection[Kind]) -> Changes:
    """Return up to ``limit`` entries behind ``seq``, in order; of these kinds only, where any.

    ``digest`` is the chain at the last of them, None where kinds leave others out.
    """
    head = latest_seq(audience)
    rows = list(_entries(audience, seq, head, kinds).values(*_COLUMNS)[:limit])
    at_head = len(rows) < limit
    last_seq = max(head, seq) if at_head else rows[-1]["seq"]
    digest = None if kinds else rows[-1]["chain"] if rows else digest_at(audience, seq)
    return Changes([line_of(row) for row in rows], last_seq, digest, at_head)


def changes_streamed(
    audience: Audience, seq: int, limit: int, kinds: Collection[Kind]
) -> Iterator[Changes]:
    """Yield up to ``limit`` entries behind ``seq`` in handfuls, up to the head as it is now.

    Each handful is a query of its own: no transaction is open while a slow reader reads.
    """
    while limit > 0:
        handful = changes_after(audience, seq, min(limit, _ROWS_AT_ONCE), kinds)
        yield handful
        if handful.at_head:
            return
        limit -= len(handful.lines)
        seq = handful.last_seq


def _entries(
    audience: Audience, seq: int, head: int, kinds: Collection[Kind]
) -> QuerySet[LogEntry]:
    entries = log_visible_to(audience).filter(seq__gt=seq, seq__lte=head).order_by("seq")
    return entries.filter(kind__in=kinds) if kinds else entries


def lines_by_seq(audience: Audience, seqs: Collection[int]) -> dict[int, str]:
    """Return the lines of some entries by their number; what the log has not is left out."""
    rows = log_visible_to(audience).filter(seq__in=seqs).values(*_COLUMNS)
    return {row["seq"]: line_of(row) for row in rows}


def line_of(row: dict[str, Any]) -> str:
    """Return one entry as a line of JSON without its end.

    Without a salt its content was redacted: the hash stays and cannot be checked any more.
    """
    feature = row["feature"]
    about = {
        "seq": row["seq"],
        "sealed_at": utc_text(row["sealed_at"]),
        "kind": row["kind"],
        "id": str(row["object_id"]),
        "version": row["object_version"],
        "change": row["change"],
        "reason": row["reason"],
        "merged_into": str(row["merged_into"]) if row["merged_into"] else None,
        "license": _LICENSE_OF.decode(feature).properties.license if feature else None,
        "redacted": row["salt"] is None,
        "salt": row["salt"],
        "hash": row["hash"],
    }
    start = json.dumps(about, ensure_ascii=False, separators=(",", ":"))[:-1]
    return f'{start},"feature":{feature or "null"}}}'


def digest_at(audience: Audience, seq: int) -> str | None:
    """Return the chain at an entry; that of the empty log at 0, None where there is no entry."""
    if seq == 0:
        return CHAIN_START
    found = log_visible_to(audience).filter(seq=seq)
    return found.values_list("chain", flat=True).first()


def digest_statement(audience: Audience, seq: int) -> dict[str, Any] | None:
    """Return the signed digest of a log up to an entry; None where there is no such entry."""
    digest = digest_at(audience, seq)
    if digest is None:
        return None
    statement = {
        "type": DIGEST_TYPE,
        "audience": str(audience),
        "seq": seq,
        "sealed_at": _sealed_at(audience, seq),
        "digest": digest,
    }
    return {
        "statement": statement,
        "key_id": signing.key_id(),
        "signature": signing.sign(statement),
    }


def _sealed_at(audience: Audience, seq: int) -> str | None:
    found = log_visible_to(audience).filter(seq=seq)
    moment: datetime | None = found.values_list("sealed_at", flat=True).first()
    return utc_text(moment) if moment else None
