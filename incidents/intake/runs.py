"""Reading the file of an import: what its headers mean, and its rows as submissions."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import FieldError, InvalidInput
from incidents.import_files import file_path
from incidents.intake.presets import PRESETS, Preset
from incidents.intake.tables import Table, table_open
from incidents.models import ImportRun
from incidents.selectors.imports import mapping_saved
from incidents.services.import_chunks import RowRead
from incidents.services.imports import Asked, Understood
from incidents.vocab import TableFormat


def file_understand(path: Path, *, actor: Actor, asked: Asked) -> Understood:
    """Return what a file is and what its headers mean: as said now, as said before, or by name.

    ``InvalidInput`` where a column is missing, with the mapping that is suggested.
    """
    preset = PRESETS[asked.preset]
    table = table_open(path, format=asked.format)
    suggested = _suggested(table, preset)
    mapping = asked.mapping
    if mapping is None:
        mapping = mapping_saved(actor.organisation_id, preset.name, table.headers) or suggested
    if errors := [*_mapping_errors(table, preset, mapping)]:
        unknown = [header for header in table.headers if header not in mapping.values()]
        raise InvalidInput(errors=errors, unknown_headers=unknown, suggested_mapping=suggested)
    return Understood(table.format, table.headers, mapping)


def _suggested(table: Table, preset: Preset) -> dict[str, str]:
    return {c.name: c.name for c in preset.columns if c.name in table.headers}


def _mapping_errors(
    table: Table, preset: Preset, mapping: dict[str, str]
) -> Iterator[FieldError]:
    names = {column.name for column in preset.columns}
    for column, header in mapping.items():
        if column not in names:
            message = _("The preset has no such column.")
            yield FieldError(f"mapping.{column}", message, "unknown_field")
        elif header not in table.headers:
            message = _("The file has no header “%s”.") % header
            yield FieldError(f"mapping.{column}", message, "no_header")
    for wanted in preset.columns:
        if wanted.required and wanted.name not in mapping:
            message = _("Column missing. Add it, or say in the mapping which header it is.")
            yield FieldError(wanted.name, message, "missing")


class FileReader:
    """Reads the files of imports."""

    def last_number(self, run: ImportRun) -> int:
        """Return the number of the last row."""
        last = 0
        for row in _table(run).rows():
            last = row.number
        return last

    def rows(self, run: ImportRun, start: int) -> Iterator[RowRead]:
        """Yield the rows after number ``start`` as submissions, or with all that is wrong."""
        submission_of_row = PRESETS[run.preset].submission_of_row
        for row in _table(run).rows(start):
            try:
                yield RowRead(row.number, submission_of_row(row, run.mapping))
            except InvalidInput as exc:
                yield RowRead(row.number, None, exc.errors)


def _table(run: ImportRun) -> Table:
    return table_open(file_path(run.storage_name), format=TableFormat(run.format))
