"""Refused rows of a file mended on the page, and sent again as a small file of their own."""

import re
import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import NotFound
from incidents.intake.mending import MOST_ROWS, RowToMend, mended_write, rows_to_mend
from incidents.intake.runs import file_understand
from incidents.models import ImportRun
from incidents.services.imports import Asked, Created, import_create
from incidents.vocab import TableFormat
from monitor.submit.imports import OneImport, can_be_mended

_CELL = re.compile(r"cell-([0-9]{1,9})-([0-9]{1,4})\Z")
Texts = dict[tuple[int, int], str]  # by the row's number and the place of the cell's header


class Mend(OneImport):
    """The cells that are wrong, to be written anew."""

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        """Show them. ``NotFound`` for an import with nothing to mend."""
        run = self._run_to_mend(import_id)
        return self._show(run, rows_to_mend(run, actor=self.actor), {})

    def post(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        """Send the rows in which something was changed; the same again is the same import."""
        run = self._run_to_mend(import_id)
        rows = rows_to_mend(run, actor=self.actor)
        typed = _typed(request)
        mended = _mended(rows, typed)
        if not mended:
            return self._show(run, rows, typed, _("Nothing was changed yet."))
        return redirect("monitor:import", import_id=self._send(run, mended).run.id)

    def _run_to_mend(self, import_id: UUID) -> ImportRun:
        run = self.run(import_id)
        if not can_be_mended(run):
            raise NotFound(_("There is nothing here that could be mended."))
        return run

    def _send(self, run: ImportRun, mended: dict[int, dict[int, str]]) -> Created:
        asked = Asked(preset=run.preset, format=TableFormat(run.format), mapping=run.mapping)
        with tempfile.NamedTemporaryFile() as file:
            path = Path(file.name)
            mended_write(run, path, mended, actor=self.actor)
            with path.open("rb") as content:
                return import_create(
                    actor=self.actor,
                    content=File(content),
                    name=f"mended-{run.file_name}",
                    asked=asked,
                    understand=partial(file_understand, actor=self.actor, asked=asked),
                )

    def _show(
        self, run: ImportRun, rows: list[RowToMend], typed: Texts, refused: str = ""
    ) -> HttpResponse:
        context = {
            "run": run,
            "rows": [_shown(row, typed) for row in rows],
            "refused": refused,
            "left": run.refused - len(rows),
            "most_rows": MOST_ROWS,
        }
        return self.page("monitor/submit/mend.html", context, 400 if refused else 200)


def _typed(request: HttpRequest) -> Texts:
    found: Texts = {}
    for name, text in request.POST.items():
        if match := _CELL.match(name):
            found[int(match[1]), int(match[2])] = str(text)
    return found


def _mended(rows: list[RowToMend], typed: Texts) -> dict[int, dict[int, str]]:
    """Return the new texts of what was changed, by row; cells that are right are none of it."""
    mended: dict[int, dict[int, str]] = {}
    for row in rows:
        for cell in row.cells:
            text = typed.get((row.number, cell.place), cell.text)
            if text != cell.text:
                mended.setdefault(row.number, {})[cell.place] = text
    return mended


def _shown(row: RowToMend, typed: Texts) -> dict[str, Any]:
    cells = []
    for cell in row.cells:
        text = typed.get((row.number, cell.place), cell.text)
        cells.append(cell._asdict() | {"text": text, "name": f"cell-{row.number}-{cell.place}"})
    return row._asdict() | {"cells": cells}
