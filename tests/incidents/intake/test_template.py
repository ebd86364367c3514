"""Our own template, as it is downloaded and sent back."""

import io

import openpyxl

from incidents.intake.presets.harmwatch_columns import COLUMNS
from incidents.intake.template import codebook, template_csv, template_xlsx
from incidents.vocab import Weapon
from tests.incidents.intake.conftest import read_all


def test_the_filled_example_imports_without_error(table_of):
    for content in (template_csv(), template_xlsx()):
        table = table_of(content)
        assert table.headers == [column.name for column in COLUMNS]
        (submission,), bad = read_all(table, "harmwatch")
        assert bad == {}
        assert submission.idempotency_key == "harmwatch:EXAMPLE-1"


def test_both_formats_hold_the_same_report(table_of):
    (one,), _ = read_all(table_of(template_csv()), "harmwatch")
    (other,), _ = read_all(table_of(template_xlsx()), "harmwatch")
    assert one == other


def test_the_codebook_explains_every_column():
    book = codebook()
    assert [entry["name"] for entry in book] == [column.name for column in COLUMNS]
    assert all(entry["description"] for entry in book)
    weapon = next(entry for entry in book if entry["name"] == "weapon")
    assert weapon["allowed"] == Weapon.values


def test_the_workbook_offers_the_codes_to_choose_from():
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    assert book.sheetnames == ["reports", "codebook", "lists"]
    offered = {}
    for validation in book["reports"].data_validations.dataValidation:
        first, _, last = validation.formula1.removeprefix("lists!").replace("$", "").partition(":")
        column = book["reports"][f"{str(validation.sqref).partition('2:')[0]}1"].value
        offered[column] = [cell.value for row in book["lists"][f"{first}:{last}"] for cell in row]
    assert offered == {column.name: list(column.allowed) for column in COLUMNS if column.allowed}
    assert book["codebook"].max_row == len(COLUMNS) + 1
