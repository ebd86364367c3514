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
from incidents.intake import ucdp
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
            total = sum(1 for _ in ucdp.rows_read(options["file"]))
            bar = tqdm(total=total, unit="row", disable=None)
            with bar:
                result = reports_import(
                    actor=actor, submissions=_rows(options["file"]), progress=bar.update
                )
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


def _rows(path: Path) -> Iterator[tuple[int, Submission | FieldError]]:
    for number, row in enumerate(ucdp.rows_read(path), start=1):
        try:
            yield number, ucdp.submission_of_row(row)
        except InvalidInput as exc:
            yield number, replace(exc.errors[0], row=number)
        except (ValueError, KeyError) as exc:
            yield number, FieldError("row", f"cannot be read: {exc}", "invalid", number)
