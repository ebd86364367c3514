"""Our own reports as JSON lines: each an object as ``POST /api/v1/reports/`` takes it.

A line may have a ``key`` besides, the sender's own idempotency key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from django.utils.translation import gettext as _

from core.canonical import canonical_json, sha256_hex
from core.errors import FieldError, InvalidInput
from incidents.checks import figure_errors, report_errors
from incidents.intake.coordinates import looks_swapped
from incidents.intake.json_reports import draft_convert
from incidents.intake.presets.base import Preset
from incidents.intake.table_types import TableRow
from incidents.types import Place, Submission

_LONGEST_KEY = 150


def submission_of_row(row: TableRow, _mapping: Mapping[str, str]) -> Submission:
    """Turn one line into a submission; ``InvalidInput`` naming the members that do not fit."""
    if row.error is not None:
        raise InvalidInput(errors=[row.error])
    try:
        return _submission(row)
    except InvalidInput as exc:
        errors = [replace(error, row=row.number) for error in exc.errors]
        raise InvalidInput(errors=errors) from None


def _submission(row: TableRow) -> Submission:
    content = dict(row.cells)
    key = content.pop("key", "")
    if not isinstance(key, str) or len(key) > _LONGEST_KEY or not key.isprintable():
        message = _("A key is at most 150 printable characters.")
        raise InvalidInput(errors=[FieldError("key", message, "id")])
    draft = draft_convert(content)
    errors = chain(
        report_errors(draft), figure_errors(draft.claims), _swapped_errors(draft.location)
    )
    if found := list(errors):
        raise InvalidInput(errors=found)
    digest = sha256_hex(canonical_json(content))
    return Submission(
        draft=draft,
        idempotency_key=f"reports:{key or f'sha256:{digest}'}",
        body_sha256=digest,
    )


def _swapped_errors(place: Place) -> Iterator[FieldError]:
    if place.longitude is None or place.latitude is None:
        return
    if looks_swapped(place.longitude, place.latitude, place.country):
        message = _("Longitude and latitude look swapped. Please check and exchange them.")
        yield FieldError("location", message, "swapped")


REPORTS = Preset("reports", "Harmwatch reports as JSON lines", (), submission_of_row)
