"""Importing many reports. Each chunk is one transaction; importing again adds nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import FieldError
from incidents.checks import report_errors
from incidents.models import Report
from incidents.services.reports import keys_lock, reports_store
from incidents.types import Submission

CHUNK = 2000


@dataclass(slots=True)
class ImportResult:
    """How an import went, in rows."""

    new: int = 0
    known: int = 0
    refused: list[FieldError] = field(default_factory=list)

    def __iadd__(self, other: "ImportResult") -> "ImportResult":
        self.new += other.new
        self.known += other.known
        self.refused += other.refused
        return self


def reports_import(
    *,
    actor: Actor,
    submissions: Iterable[tuple[int, Submission | FieldError]],
    progress: Callable[[int], object] = lambda rows: None,
) -> ImportResult:
    """Store the good rows of a file. ``submissions`` gives each row's number, from 1, and content.

    A row whose key is known with the same content is passed over; with other content it is refused.
    """
    result = ImportResult()
    rows = iter(submissions)
    while chunk := list(islice(rows, CHUNK)):
        result += _import_chunk(actor, chunk)
        progress(len(chunk))
    return result


@transaction.atomic
def _import_chunk(
    actor: Actor, chunk: Sequence[tuple[int, Submission | FieldError]]
) -> ImportResult:
    result = ImportResult()
    readable = [row for _, row in chunk if isinstance(row, Submission)]
    keys_lock(actor.organisation_id, [])
    hashes = _known_hashes(actor, readable)
    new: list[Submission] = []
    for number, row in chunk:
        if isinstance(row, FieldError):
            result.refused.append(row)
        elif error := _refusal(number, row, hashes):
            result.refused.append(error)
        elif row.idempotency_key in hashes:
            result.known += 1
        else:
            hashes[row.idempotency_key] = row.body_sha256
            new.append(row)
    reports_store(actor=actor, submissions=new)
    result.new = len(new)
    return result


def _known_hashes(actor: Actor, submissions: list[Submission]) -> dict[str, str]:
    """Return the content hash of each key that this organisation used before."""
    keys = [submission.idempotency_key for submission in submissions]
    rows = Report.objects.filter(organisation_id=actor.organisation_id, idempotency_key__in=keys)
    return dict(rows.values_list("idempotency_key", "content_sha256"))


def _refusal(number: int, row: Submission, hashes: dict[str, str]) -> FieldError | None:
    if hashes.get(row.idempotency_key, row.body_sha256) != row.body_sha256:
        message = _("This id was imported before with other content.")
        return FieldError(row.idempotency_key, message, "conflict", number)
    if wrong := next(report_errors(row.draft), None):
        return FieldError(wrong.field, wrong.message, wrong.code, number)
    return None
