"""One chunk of an import: which rows are new, known or refused, and storing the new ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import FieldError
from incidents.checks import outline_errors
from incidents.models import Report
from incidents.services.report_rows import ReportRows
from incidents.services.reports import KeyTaken, keys_lock, reports_store
from incidents.types import Submission

# No sender can have it as a key: it is not printable.
_IMPORTS_KEY = "\x00imports"
_RACES_LOST_AT_MOST = 20


class RowRead(NamedTuple):
    """A row as it was read: what it says, or why it cannot be taken."""

    number: int
    submission: Submission | None
    errors: Sequence[FieldError] = ()
    place_header: str = "location"


class Chunk(NamedTuple):
    """Some rows of a file, and of those that were read what would be stored, by number."""

    rows: Sequence[RowRead]
    made: Mapping[int, ReportRows]


@dataclass(slots=True)
class Sorted:
    """What becomes of some rows."""

    new: list[RowRead] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[int, Sequence[FieldError]]] = field(default_factory=list)


def rows_sort(rows: Iterable[RowRead], hashes: Mapping[str, str]) -> Sorted:
    """Sort rows by the content hashes of the keys that were used before.

    A row whose key was used with the same content, in this file or earlier, is known; with other
    content it is refused.
    """
    result, seen = Sorted(), dict(hashes)
    for row in rows:
        number, submission, errors, _place_header = row
        if submission is None:
            result.refused.append((number, errors))
            continue
        before = seen.get(submission.idempotency_key)
        if before is None:
            seen[submission.idempotency_key] = submission.body_sha256
            result.new.append(row)
        elif before == submission.body_sha256:
            result.known += 1
        else:
            message = _("This id was used before, in this file or earlier, with other content.")
            result.refused.append((number, [FieldError("id", message, "conflict", number)]))
    return result


def hashes_of_known(organisation_id: UUID, rows: Iterable[RowRead]) -> dict[str, str]:
    """Return the content hash of each of the rows' keys that the organisation used before."""
    keys = [row.submission.idempotency_key for row in rows if row.submission]
    known = Report.objects.filter(organisation_id=organisation_id, idempotency_key__in=keys)
    return dict(known.values_list("idempotency_key", "content_sha256"))


def rows_judge(rows: Sequence[RowRead], hashes: Mapping[str, str]) -> list[RowRead]:
    """Refuse rows whose place lies far outside its country, but none that was taken before."""
    asked = [
        (row, row.submission.draft.location)
        for row in rows
        if row.submission and row.submission.idempotency_key not in hashes
    ]
    found = zip(asked, outline_errors([place for _row, place in asked]), strict=True)
    refused = {
        row.number: RowRead(
            row.number, None, [replace(error, field=row.place_header, row=row.number)]
        )
        for (row, _place), error in found
        if error
    }
    return [refused.get(row.number, row) for row in rows]


def chunk_make(actor: Actor, rows: Sequence[RowRead]) -> Chunk:
    """Make what is to be stored of some rows, without the database."""
    now = timezone.now()
    made = {row.number: ReportRows(actor, row.submission, now) for row in rows if row.submission}
    return Chunk(rows, made)


def chunk_store(*, actor: Actor, chunk: Chunk) -> Sorted:
    """Store the new rows of a chunk; the caller's transaction counts them.

    Where somebody submits one of its keys at the same moment, the chunk is sorted anew.
    """
    # One lock for an organisation, not one a row: a million would fill the server's lock table.
    keys_lock(actor.organisation_id, [_IMPORTS_KEY])
    for attempt in range(1, _RACES_LOST_AT_MOST + 1):
        hashes = hashes_of_known(actor.organisation_id, chunk.rows)
        result = rows_sort(rows_judge(chunk.rows, hashes), hashes)
        try:
            with transaction.atomic():
                reports_store(actor=actor, batch=[chunk.made[row.number] for row in result.new])
            break
        except KeyTaken:
            if attempt == _RACES_LOST_AT_MOST:
                raise
    return result
