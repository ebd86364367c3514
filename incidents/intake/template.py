"""Our own template to download: the columns with an example, and what each of them means."""

import csv
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from incidents.intake.presets.harmwatch_columns import COLUMNS

_ROWS_VALIDATED = 10_000
_BOLD = Font(bold=True)


def template_csv() -> bytes:
    """Return the template as CSV in UTF-8 with a mark, which spreadsheets recognise."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(column.name for column in COLUMNS)
    writer.writerow(column.example for column in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def codebook() -> list[dict[str, Any]]:
    """Return what each column means, in the template's order."""
    return [
        {
            "name": column.name,
            "required": column.required,
            "description": column.description,
            "allowed": list(column.allowed),
            "several": column.several,
            "example": column.example,
            "hxl": column.hxl,
        }
        for column in COLUMNS
    ]


def template_xlsx() -> bytes:
    """Return the template as a workbook: reports with lists to choose from, and the codebook."""
    workbook = Workbook()
    reports = workbook.active
    reports.title = "reports"
    reports.append([column.name for column in COLUMNS])
    reports.append([column.example for column in COLUMNS])
    reports.freeze_panes = "B2"
    _codebook_fill(workbook.create_sheet("codebook"))
    _lists_fill(workbook.create_sheet("lists"), reports)
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        reports.column_dimensions[letter].width = max(12, len(column.name) + 2)
        reports.cell(1, place).font = _BOLD
        # Text, so that no spreadsheet turns a date round or a number into a date.
        reports.column_dimensions[letter].number_format = "@"
        reports.cell(2, place).number_format = "@"
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _codebook_fill(sheet: Worksheet) -> None:
    sheet.append(["column", "required", "description", "allowed values", "several", "example"])
    for entry in codebook():
        sheet.append(
            [
                entry["name"],
                "yes" if entry["required"] else "",
                entry["description"],
                ", ".join(entry["allowed"]),
                "separated by ;" if entry["several"] else "",
                entry["example"],
            ]
        )
    for letter, width in zip("ABCDEF", (24, 10, 70, 60, 16, 30), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = _BOLD
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _lists_fill(lists: Worksheet, reports: Worksheet) -> None:
    """Give each column of codes its list; in cells, since a list in words is cut at 255 letters."""
    lists.sheet_state = "hidden"
    chosen = [(place, c) for place, c in enumerate(COLUMNS, start=1) if c.allowed]
    for number, (place, column) in enumerate(chosen, start=1):
        source = get_column_letter(number)
        for row, code in enumerate(column.allowed, start=1):
            lists.cell(row, number, code)
        validation = DataValidation(
            type="list",
            formula1=f"lists!${source}$1:${source}${len(column.allowed)}",
            allow_blank=not column.required,
            showErrorMessage=not column.several,  # several codes are written by hand
        )
        letter = get_column_letter(place)
        validation.add(f"{letter}2:{letter}{_ROWS_VALIDATED}")
        reports.add_data_validation(validation)
