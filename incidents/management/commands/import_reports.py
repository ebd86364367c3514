"""``manage.py import_reports --format ucdp-ged FILE``."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.selectors import actor_by_email
from core.errors import DomainError, FieldError, InvalidInput
from incidents.intake.presets import PRESETS
from incidents.intake.tables import Table, table_open
from incidents.services.imports import reports_import
from incidents.types import Submission


class Command(BaseCommand):
    help = "Import a file of reports. Importing it again adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["ucdp-ged"], required=True)
        parser.add_argument("--as", dest="email", required=True, help="the submitter's e-mail")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = actor_by_email(options["email"])
        except DomainError as exc:
            raise CommandError(str(exc)) from exc
        if actor is None:
            raise CommandError(f"There is no member with the address {options['email']}.")
        started = time.monotonic()
        try:
            table = table_open(options["file"])
            total = sum(1 for _ in table.rows())
            bar = tqdm(total=total, unit="row", disable=None)
            with bar:
                result = reports_import(actor=actor, submissions=_rows(table), progress=bar.update)
        except (OSError, UnicodeDecodeError) as exc:
            raise CommandError(f"The file cannot be read: {exc}") from exc
        except DomainError as exc:
            columns = ", ".join(error.field for error in exc.errors)
            raise CommandError(f"Columns missing from the file: {columns}") from exc
        for error in result.refused:
            self.stderr.write(f"row {error.row}: {error.field}: {error.message}")
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{result.new} new, {result.known} known before, {len(result.refused)} refused; "
            f"{total / seconds:,.0f} rows/s"
        )


def _rows(table: Table) -> Iterator[tuple[int, Submission | FieldError]]:
    preset = PRESETS["ucdp-ged"]
    mapping = {column.name: column.name for column in preset.columns}
    missing = [c.name for c in preset.columns if c.required and c.name not in table.headers]
    if missing:
        raise InvalidInput(errors=[FieldError(name, "Column missing.") for name in missing])
    for row in table.rows():
        try:
            yield row.number, preset.submission_of_row(row, mapping)
        except InvalidInput as exc:
            yield row.number, replace(exc.errors[0], row=row.number)
