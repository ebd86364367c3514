"""Reading imports. An organisation sees its own alone: a file may hold what is sealed later."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.permissions import Action, may
from core.canonical import canonical_json, sha256_hex
from core.errors import FieldError
from incidents.models import HeaderMapping, ImportRun, RejectedRow
from incidents.models.imports import UNDER_WAY

LOCK = 0x494D5054  # "IMPT"; the second key is taken from the run's id
# Who has just sent a file carries it out, or told a worker to.
_JUST_SENT = timedelta(seconds=10)


def import_visible_to(actor: Actor | None) -> QuerySet[ImportRun]:
    """Return the imports that an actor may see: those of their own organisation, or none."""
    if actor is not None and may(actor, Action.REPORT_IMPORT):
        return ImportRun.objects.filter(organisation_id=actor.organisation_id)
    return ImportRun.objects.none()


def rejected_of(run: ImportRun) -> QuerySet[RejectedRow]:
    """Return a run's refused rows with their reasons, in the order of the file."""
    return run.rejected.order_by("number")


def errors_of(rejected: RejectedRow) -> list[FieldError]:
    """Return why a row was refused."""
    return [
        FieldError(one["field"], one["message"], one["code"], rejected.number)
        for one in rejected.errors
    ]


def rejected_errors(run: ImportRun) -> Iterator[tuple[int, list[FieldError]]]:
    """Yield the number of each refused row, and why; a few thousand in memory at a time."""
    for rejected in rejected_of(run).iterator(chunk_size=2000):
        yield rejected.number, errors_of(rejected)


def headers_hash(headers: Iterable[str]) -> str:
    """Return what stands for a set of headers, whatever their order."""
    return sha256_hex(canonical_json(sorted(headers)))


def mapping_saved(organisation_id: UUID, preset: str, headers: Iterable[str]) -> dict | None:
    """Return what the organisation once said that these headers mean; None where it never did."""
    saved = HeaderMapping.objects.filter(
        organisation_id=organisation_id, preset=preset, headers_sha256=headers_hash(headers)
    )
    return saved.values_list("mapping", flat=True).first()


def lock_keys(run_id: UUID) -> tuple[int, int]:
    """Return the keys of the lock that is held by who carries out a run; its id ends at random."""
    return LOCK, run_id.int & 0x7FFFFFFF


def imports_to_carry_out() -> list[UUID]:
    """Return the imports that are not finished and that nobody is at, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK],
        )
        held = {objid for (objid,) in cursor.fetchall()}
    waiting = ImportRun.objects.filter(
        state__in=UNDER_WAY, created_at__lt=timezone.now() - _JUST_SENT
    )
    ids = waiting.order_by("created_at").values_list("id", flat=True)
    return [id_ for id_ in ids if lock_keys(id_)[1] not in held]
