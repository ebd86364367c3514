"""``manage.py import_reports FILE --preset … --as EMAIL``: an import in the foreground."""

import json
import time
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.actors import Actor
from accounts.selectors import actor_by_email
from core.errors import DomainError
from incidents.intake.presets import PRESETS
from incidents.intake.runs import FileReader, file_understand, rejected_write
from incidents.models import ImportRun
from incidents.selectors.imports import rejected_errors
from incidents.services.import_running import import_run
from incidents.services.imports import Asked, import_create
from incidents.vocab import ImportMode, ImportState, TableFormat

SHOWN_AT_MOST = 1000


class Command(BaseCommand):
    help = "Import a file of reports. Called again, it goes on where it was; nothing comes twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preset", choices=sorted(PRESETS), required=True)
        parser.add_argument("--format", choices=TableFormat.values, help="else by the file itself")
        parser.add_argument("--as", dest="email", required=True, help="the submitter's e-mail")
        parser.add_argument("--dry-run", action="store_true", help="check all, store nothing")
        parser.add_argument("--all-or-nothing", action="store_true", help="else the good rows")
        parser.add_argument(
            "--mapping", type=Path, help="JSON, from the preset's columns to the file's headers"
        )
        parser.add_argument("--rejected", type=Path, help="write refused rows here, with reasons")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = self._run_of(options)
            if run.state == ImportState.DONE:
                self.stdout.write(
                    f"This file was imported before, on {run.created_at:%Y-%m-%d}, with:"
                )
            else:
                run = self._carry_out(run)
        except DomainError as exc:
            raise CommandError(_words(exc)) from exc
        except OSError as exc:
            raise CommandError(f"The file cannot be read: {exc}") from exc
        if run.state == ImportState.FAILED:
            raise CommandError(run.error)
        self._say(run)
        if options["rejected"] and run.refused:
            rejected_write(run, options["rejected"], actor=_actor(options["email"]))

    def _run_of(self, options: dict[str, Any]) -> ImportRun:
        asked = Asked(
            preset=options["preset"],
            mode=ImportMode.ALL_OR_NOTHING if options["all_or_nothing"] else ImportMode.GOOD_ROWS,
            dry_run=options["dry_run"],
            format=TableFormat(options["format"]) if options["format"] else None,
            mapping=_mapping(options["mapping"]),
        )
        actor = _actor(options["email"])
        with options["file"].open("rb") as file:
            created = import_create(
                actor=actor,
                content=File(file),
                name=options["file"].name,
                asked=asked,
                understand=partial(file_understand, actor=actor, asked=asked),
                wake=False,
            )
        return created.run

    def _carry_out(self, run: ImportRun) -> ImportRun:
        started = time.monotonic()
        with tqdm(unit="row", disable=None) as bar:

            def progress(now: ImportRun) -> None:
                bar.total = now.total_rows
                bar.n = now.rows_done or now.rows_checked
                bar.refresh()

            done = import_run(run_id=run.id, reader=FileReader(), progress=progress)
        if done is None:
            raise CommandError(f"A worker is importing this file now, as {run.id}.")
        rate = (done.total_rows or 0) / (time.monotonic() - started)
        self.stdout.write(f"{rate:,.0f} rows/s")
        return done

    def _say(self, run: ImportRun) -> None:
        for place, (number, errors) in enumerate(rejected_errors(run)):
            if place == SHOWN_AT_MOST:
                self.stderr.write(f"… and {run.refused - SHOWN_AT_MOST} more")
                break
            for error in errors:
                self.stderr.write(f"row {number}: {error.field}: {error.message}")
        self.stdout.write(f"{run.new} new, {run.known} known before, {run.refused} refused")


def _actor(email: str) -> Actor:
    actor = actor_by_email(email)
    if actor is None:
        raise CommandError(f"There is no member with the address {email}.")
    return actor


def _mapping(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        content = json.loads(path.read_text())
    except ValueError as exc:
        raise CommandError(f"{path} is not JSON: {exc}") from exc
    if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
        raise CommandError(f"{path} is no object from columns to headers.")
    return content


def _words(error: DomainError) -> str:
    faults = [f"{fault.field}: {fault.message}" for fault in error.errors]
    suggested = error.extra.get("suggested_mapping")
    if suggested is not None:
        faults.append(f"Suggested mapping: {json.dumps(suggested, ensure_ascii=False)}")
    return "\n".join([str(error.detail or error.title), *faults])
