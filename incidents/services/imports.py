"""Taking a file to be imported: stored, understood, and put on its way once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.canonical import canonical_json, sha256_hex
from incidents.import_files import (
    StoredFile,
    file_delete,
    file_path,
    file_store,
    harmless_name,
)
from incidents.models import HeaderMapping, ImportRun
from incidents.models.imports import UNDER_WAY
from incidents.selectors.imports import headers_hash, imports_to_carry_out
from incidents.services.reports import keys_lock
from incidents.vocab import ImportMode, ImportState, TableFormat
from ledger.services import audit_record
from ledger.wake import send

QUEUE, TASK = "imports", "incidents.tasks.import_carry_out"


class Asked(NamedTuple):
    """What a sender asked for. ``mapping`` is from the preset's columns to the file's headers."""

    preset: str
    mode: ImportMode = ImportMode.GOOD_ROWS
    dry_run: bool = False
    format: TableFormat | None = None
    mapping: dict[str, str] | None = None


class Understood(NamedTuple):
    """What a file turned out to be."""

    format: TableFormat
    headers: list[str]
    mapping: dict[str, str]


class Created(NamedTuple):
    """The import of a file; ``is_new`` is False where it had been sent before."""

    run: ImportRun
    is_new: bool


def import_create(
    *,
    actor: Actor,
    content: File,
    name: str,
    asked: Asked,
    understand: Callable[[Path], Understood],
    wake: bool = True,
) -> Created:
    """Store a file to be imported; the same file again, asked for alike, is the same import.

    A worker begins at once, unless ``wake`` is False: then the caller does. Raises ``NotAllowed``,
    and what ``understand`` raises; nothing is kept then.
    """
    demand(actor, Action.REPORT_IMPORT)
    stored = file_store(content)
    try:
        understood = understand(file_path(stored.storage_name))
        created = _create(actor, stored, name, asked, understood)
    except BaseException:
        file_delete(stored.storage_name)
        raise
    if not created.is_new:
        file_delete(stored.storage_name)
    if wake and created.run.state in UNDER_WAY:
        transaction.on_commit(partial(import_wake, created.run.id))
    return created


@transaction.atomic
def _create(
    actor: Actor, stored: StoredFile, name: str, asked: Asked, understood: Understood
) -> Created:
    about = [stored.sha256, asked.preset, understood.format, asked.mode, asked.dry_run]
    fingerprint = sha256_hex(canonical_json([*map(str, about), understood.mapping]))
    keys_lock(actor.organisation_id, [f"\x00import {fingerprint}"])
    if before := _still_good(actor.organisation_id, fingerprint):
        return Created(before, is_new=False)
    run = ImportRun.objects.create(
        organisation_id=actor.organisation_id,
        created_by_id=actor.id,
        preset=asked.preset,
        format=understood.format,
        mode=asked.mode,
        dry_run=asked.dry_run,
        headers=understood.headers,
        mapping=understood.mapping,
        file_name=harmless_name(name),
        storage_name=stored.storage_name,
        sha256=stored.sha256,
        fingerprint=fingerprint,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    if asked.mapping is not None:
        _mapping_save(actor.organisation_id, asked.preset, understood)
    # Without the file's name: it may name a source.
    audit_record(
        actor=actor,
        action="import.created",
        object_type="import",
        object_id=run.id,
        data={
            "sha256": run.sha256,
            "preset": run.preset,
            "mode": str(run.mode),
            "dry_run": run.dry_run,
        },
    )
    return Created(run, is_new=True)


def _still_good(organisation_id: UUID, fingerprint: str) -> ImportRun | None:
    """Return the same import where it is under way, or took the whole file.

    One that refused rows, stored nothing or failed is tried anew: the cause may be gone.
    """
    runs = ImportRun.objects.filter(organisation_id=organisation_id, fingerprint=fingerprint)
    whole = runs.filter(state=ImportState.DONE, refused=0, dry_run=False)
    return (runs.filter(state__in=UNDER_WAY) | whole).order_by("-created_at").first()


def _mapping_save(organisation_id: UUID, preset: str, understood: Understood) -> None:
    HeaderMapping.objects.update_or_create(
        organisation_id=organisation_id,
        preset=preset,
        headers_sha256=headers_hash(understood.headers),
        defaults={"mapping": understood.mapping, "saved_at": timezone.now()},
    )


def import_wake(run_id: UUID) -> None:
    """Tell the workers that there is an import to carry out."""
    send(TASK, str(run_id), queue=QUEUE)


def imports_sweep() -> None:
    """Have imports carried on that nobody is at, and let go of files that were kept long enough."""
    for run_id in imports_to_carry_out():
        import_wake(run_id)
    before = timezone.now() - timedelta(days=settings.IMPORT_FILES_KEPT_DAYS)
    for run in ImportRun.objects.filter(finished_at__lt=before).exclude(storage_name=""):
        file_delete(run.storage_name)
        run.storage_name = ""
        run.save(update_fields=["storage_name"])
