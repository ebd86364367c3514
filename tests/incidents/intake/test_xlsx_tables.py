"""Workbooks: values as text, formulas refused, and nothing that unpacks without end."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from core.errors import InvalidInput
from incidents.vocab import TableFormat


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def changed(content, name, change):
    """Return a workbook with one of its files changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            data = old.read(member)
            new.writestr(member, change(data) if member == name else data)
    return out.getvalue()


def test_values_become_text_and_dates_iso(table_of):
    table = table_of(
        workbook(
            ["a", "b", "c", "d", "e"],
            ["#x", None, "#geo+lat", None, None],
            [1, 2.5, date(2024, 11, 8), True, "قصف"],
            [],
            [None, 3.0, datetime(2024, 11, 8, 14, 30), None, None],
        )
    )
    assert table.format == TableFormat.XLSX
    assert table.hxl_tags == {"a": "#x", "c": "#geo+lat"}
    assert [(row.number, list(row.cells.values())) for row in table.rows()] == [
        (1, ["1", "2.5", "2024-11-08", "yes", "قصف"]),
        (3, ["", "3", "2024-11-08T14:30:00", "", ""]),
    ]
    assert [row.number for row in table.rows(1)] == [3]


def test_a_formula_costs_its_row_only(table_of):
    table = table_of(workbook(["a", "b"], [1, "=1+1"], [2, "x"]))
    bad, good = table.rows()
    assert (bad.error.field, bad.error.code) == ("b", "formula")
    assert good.error is None


def test_more_cells_than_the_header_are_refused(table_of):
    (row,) = table_of(workbook(["a"], [1, None, 3])).rows()
    assert row.error.code == "too_wide"


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", workbook(["a"], [1])[:900]])
def test_a_broken_workbook_is_refused(table_of, content):
    with pytest.raises(InvalidInput) as refused:
        table_of(content)
    assert refused.value.errors[0].code == "unreadable"


def test_an_empty_workbook_is_refused(table_of):
    with pytest.raises(InvalidInput) as refused:
        table_of(workbook())
    assert refused.value.errors[0].code == "empty"


def test_a_bomb_is_refused_before_it_is_unpacked(table_of):
    bomb = changed(
        workbook(["a"], [1]), "xl/worksheets/sheet1.xml", lambda data: data + b" " * 50_000_000
    )
    with pytest.raises(InvalidInput) as refused:
        table_of(bomb)
    assert refused.value.errors[0].code == "bomb"


def test_what_must_be_in_memory_as_a_whole_has_a_limit(table_of):
    def many(data):
        return data + b"".join(b"<!--%d-->" % number for number in range(3_000_000))

    with pytest.raises(InvalidInput) as refused:
        table_of(changed(workbook(["a"], [1]), "xl/styles.xml", many))
    assert refused.value.errors[0].code == "too_large"


def test_a_row_without_end_is_not_kept_in_memory(table_of):
    def wide(data):
        cells = b"".join(b'<c t="n"><v>%d</v></c>' % number for number in range(400_000))
        return data.replace(b"</row></sheetData>", cells + b"</row></sheetData>")

    table = table_of(changed(workbook(["a"], [1], [2]), "xl/worksheets/sheet1.xml", wide))
    with pytest.raises(InvalidInput):
        list(table.rows())


def test_entities_are_not_expanded(table_of):
    def with_entity(data):
        head, _, rest = data.partition(b"<worksheet")
        return head + b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet' + rest

    with pytest.raises(InvalidInput) as refused:
        table_of(changed(workbook(["a"], [1]), "xl/worksheets/sheet1.xml", with_entity))
    assert refused.value.errors[0].code == "unreadable"


def test_a_row_number_without_end_is_not_walked_to(table_of):
    def far(data):
        return data.replace(b'<row r="2"', b'<row r="99999999999"').replace(
            b'"A2"', b'"A99999999999"'
        )

    table = table_of(changed(workbook(["a"], [1]), "xl/worksheets/sheet1.xml", far))
    assert list(table.rows()) == []


def test_a_workbook_of_the_old_kind_is_named_so(table_of):
    with pytest.raises(InvalidInput) as refused:
        table_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more")
    assert refused.value.errors[0].code == "old_excel"
