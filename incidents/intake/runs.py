"""Reading the file of an import: what its headers mean, and its rows as submissions."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, demand
from core.errors import FieldError, InvalidInput, NotFound
from incidents.import_files import file_path
from incidents.intake.mapping import mapping_suggest
from incidents.intake.presets import PRESETS, Preset
from incidents.intake.presets.harmwatch import HARMWATCH
from incidents.intake.rejected import rejected_writer
from incidents.intake.row_reading import DATE_ORDER
from incidents.intake.tables import Table, table_open
from incidents.models import ImportRun
from incidents.selectors.imports import import_visible_to, mapping_saved, rejected_errors
from incidents.services.import_chunks import RowRead
from incidents.services.imports import Asked, Understood
from incidents.vocab import TableFormat


def file_understand(path: Path, *, actor: Actor, asked: Asked) -> Understood:
    """Return what a file is and what its headers mean: as said now, as said before, or by name.

    ``InvalidInput`` where a column is missing, with the mapping that is suggested.
    """
    preset = PRESETS[asked.preset]
    table = table_open(path, format=asked.format)
    suggestion = mapping_suggest(table.headers, table.hxl_tags, preset)
    mapping = asked.mapping
    if mapping is None:
        mapping = mapping_saved(actor.organisation_id, preset.name, table.headers)
    errors = [*_mapping_errors(table, preset, suggestion.mapping if mapping is None else mapping)]
    if mapping is None and preset is HARMWATCH:
        # These are all the columns there are: what is no such column would be lost unseen.
        errors += [_unknown(header) for header in suggestion.unknown]
    if errors:
        raise InvalidInput(
            errors=errors,
            unknown_headers=suggestion.unknown,
            suggested_mapping=suggestion.mapping,
        )
    return Understood(table.format, table.headers, mapping or suggestion.mapping)


def _mapping_errors(
    table: Table, preset: Preset, mapping: Mapping[str, str]
) -> Iterator[FieldError]:
    names = {column.name for column in preset.columns}
    for column, header in mapping.items():
        if column == DATE_ORDER:
            continue
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


def _unknown(header: str) -> FieldError:
    message = _("The template has no such column. Say in a mapping which of the headers count.")
    return FieldError(header, message, "unknown_header")


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
        place_header = run.mapping.get("latitude", "location")
        for row in _table(run).rows(start):
            try:
                submission = submission_of_row(row, run.mapping)
                yield RowRead(row.number, submission, place_header=place_header)
            except InvalidInput as exc:
                yield RowRead(row.number, None, exc.errors)


def rejected_write(run: ImportRun, path: Path, *, actor: Actor) -> None:
    """Write a run's refused rows with the reasons, in the format of its file.

    Raises what ``run_table`` raises.
    """
    table = run_table(run, actor=actor)
    rows = table.rows()
    with rejected_writer(path, table) as write:
        for number, errors in rejected_errors(run):
            row = next(row for row in rows if row.number == number)
            write(row.cells, "; ".join(f"{error.field}: {error.message}" for error in errors))


def run_table(run: ImportRun, *, actor: Actor) -> Table:
    """Return a run's file, open.

    Raises ``NotAllowed``, ``NotFound`` for an import that the actor may not see, and
    ``InvalidInput`` where the file is gone.
    """
    demand(actor, Action.REPORT_IMPORT)
    if not import_visible_to(actor).filter(id=run.id).exists():
        raise NotFound()
    return _table(run)


def _table(run: ImportRun) -> Table:
    try:
        return table_open(file_path(run.storage_name), format=TableFormat(run.format))
    except FileNotFoundError:
        message = _("The file is gone. Please send it again.")
        raise InvalidInput(errors=[FieldError("file", message, "gone")]) from None
