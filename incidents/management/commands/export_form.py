"""``manage.py export_form strike.xlsx``: the phone form as the workbook that KoBoToolbox takes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from openpyxl import Workbook
from pyxform.xls2json_backends import md_to_dict

from incidents.forms import SOURCE

SHEETS = ("survey", "choices", "settings")


class Command(BaseCommand):
    help = "Write the strike form, an XLSForm kept as Markdown, as an .xlsx workbook."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        content, workbook = md_to_dict(SOURCE.read_text()), Workbook()
        workbook.remove(workbook.worksheets[0])
        for name in SHEETS:
            rows, sheet = content[name], workbook.create_sheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.append(columns)
            for row in rows:
                sheet.append([row.get(column) for column in columns])
        workbook.save(options["file"])
        self.stdout.write(f"{options['file']}: form and its choices in English and Arabic.")
