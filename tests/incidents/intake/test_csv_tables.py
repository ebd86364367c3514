"""CSV files as they really come."""

import csv
import tracemalloc
from io import StringIO

import pytest

from core.errors import InvalidInput

PLACE = "حي الشعار في مدينة حلب"


def cells(table):
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1256"])
def test_arabic_is_read_in_any_usual_encoding(table_of, encoding):
    table = table_of(f"id,place\n1,{PLACE}\n".encode(encoding))
    assert cells(table) == [{"id": "1", "place": PLACE}]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1252", "Fallûjah, près de l'école"), ("cp1251", "Удар по жилому дому в Харькове")],
)
def test_western_and_cyrillic_code_pages_are_read(table_of, encoding, text):
    table = table_of(f"id;place\n1;{text}\n".encode(encoding))
    assert cells(table) == [{"id": "1", "place": text}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(table_of, delimiter):
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["a", "b", "c"], ["1,5", "2|3;4\t5", ""]])
    assert cells(table_of(text.getvalue())) == [{"a": "1,5", "b": "2|3;4\t5", "c": ""}]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_is_taken(table_of, ending):
    assert cells(table_of(ending.join(["a,b", '1,"x', 'y"', ""]))) == [
        {"a": "1", "b": f"x{ending}y"}
    ]


def test_an_hxl_row_is_no_data_and_its_tags_are_kept(table_of):
    table = table_of("a,lat\n,#geo+lat\n1,34\n")
    assert table.hxl_tags == {"lat": "#geo+lat"}
    assert [(row.number, row.cells["a"]) for row in table.rows()] == [(1, "1")]


def test_blank_rows_are_left_out_but_counted(table_of):
    table = table_of("\n a ,b\n\n1,2\n , \n3,4\n")
    assert table.headers == ["a", "b"]
    assert [(row.number, row.cells["a"]) for row in table.rows()] == [(2, "1"), (4, "3")]


def test_reading_goes_on_after_any_row(table_of):
    table = table_of("a\n" + "".join(f"{number}\n" for number in range(1, 8)))
    assert [row.number for row in table.rows(4)] == [5, 6, 7]
    assert list(table.rows(7)) == []


def test_short_rows_are_filled_and_unnamed_columns_are_named(table_of):
    table = table_of(",b,c\n1,2\n")
    assert cells(table) == [{"column 1": "1", "b": "2", "c": ""}]


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ("1,2,3", "row", "too_wide"),
        ("1,=1+1", "b", "formula"),
        ("1,a\0b", "b", "nul"),
        ("1," + "x" * 2_000_000, "b", "too_long"),
        ('1,"' + "x\n" * 1_000_000 + '"', "b", "too_long"),
        ("1," + "x" * 4_000_001, "row", "too_long"),
        ('1,"open', "row", "quoting"),
        ('1,"5" gun"', "row", "quoting"),
        (b"1,caf\xe9", "b", "encoding"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_bad_row_is_refused_and_its_neighbours_are_read(table_of, row, field, code):
    row = row if isinstance(row, bytes) else row.encode()
    table = table_of("a,b\n0,قصف\n".encode() + row + b'\n8,"y"\n9,z\n')
    rows = list(table.rows())
    assert [(row.error.field, row.error.code, row.error.row) for row in rows if row.error] == [
        (field, code, 2)
    ]
    assert [row.cells["b"] for row in rows if not row.error] == ["قصف", "y", "z"]


def test_a_field_that_is_too_long_is_kept_to_be_given_back(table_of):
    (row,) = table_of("a,b\n1," + "x" * 2_000_000 + "\n").rows()
    assert len(row.cells["b"]) == 2_000_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("\n" * 2_000 + "a,b\n", "empty"),
        (",,\n", "empty"),
        ("1,2.5\n3,4\n", "no_header"),
        ("a,b,a\n1,2,3\n", "twice"),
        ("a,=b\n1,2\n", "formula"),
        (",".join(f"c{n}" for n in range(1_001)), "too_wide"),
        (b"\xff\xfea\x00,\x00b", "encoding"),
    ],
)
def test_a_file_without_a_usable_header_is_refused_as_a_whole(table_of, content, code):
    with pytest.raises(InvalidInput) as refused:
        table_of(content)
    assert refused.value.errors[0].code == code


def test_memory_stays_flat(table_of):
    table = table_of("a,b\n" + f"1,{'x' * 1_000}\n" * 20_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in table.rows()) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_rows_are_read_as_they_are_asked_for(table_of, tmp_path):
    table = table_of("a\n1\n" + "2\n" * 100_000)
    rows = table.rows()
    assert next(rows).cells == {"a": "1"}
    with (tmp_path / "sent").open("a") as file:
        file.write("last\n")
    assert [row.cells["a"] for row in rows][-1] == "last"
