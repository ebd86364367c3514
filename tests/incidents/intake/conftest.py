"""Files to read, and what every test of intake makes of them."""

import csv

import pytest

from core.errors import InvalidInput
from incidents.intake.mapping import mapping_suggest
from incidents.intake.presets import PRESETS
from incidents.intake.tables import table_open


@pytest.fixture
def table_of(tmp_path):
    """Write bytes or text to a file and open it as a table."""

    def do(content, **options):
        path = tmp_path / "sent"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return table_open(path, **options)

    return do


@pytest.fixture
def csv_of(table_of, tmp_path):
    """Write rows (dicts) to a CSV file and open it."""

    def do(*rows):
        path = tmp_path / "rows.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
            writer.writeheader()
            writer.writerows(rows)
        return table_open(path)

    return do


def read_all(table, preset_name, **mapping):
    """Return the submissions and, by row number, the (field, code) of what is refused."""
    preset = PRESETS[preset_name]
    found = mapping_suggest(table.headers, table.hxl_tags, preset).mapping | mapping
    good, bad = [], {}
    for row in table.rows():
        try:
            good.append(preset.submission_of_row(row, found))
        except InvalidInput as exc:
            bad[row.number] = [(error.field, error.code) for error in exc.errors]
    return good, bad
