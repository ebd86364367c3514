"""Half characters in JSON cost the row they stand in, whatever the pieces that are read."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.intake.whole_characters import HALF, WholeCharacters
from tests.incidents.intake.test_json_tables import collection, feature


def whole(content, size=1 << 16):
    file = WholeCharacters(io.BytesIO(content))
    return b"".join(iter(lambda: file.read(size), b"")).decode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rb"x\ud800y", f"x{HALF}y"),
        (rb"\udc00", HALF),
        (rb"\ud800\ud800", HALF * 2),
        (rb"\ud800\u0041", rf"{HALF}\u0041"),
        (rb"\uD83D\uDE00", r"\uD83D\uDE00"),
        (rb"\\ud800", r"\\ud800"),
        (rb"\\\ud800", rf"\\{HALF}"),
        (b"a\xffb", f"a{HALF}b"),
        (b"\xed\xa0\x80", HALF * 3),
        (b"\xef\xbb\xbf{}", "{}"),
        (b"{}\xe2\x82", "{}" + HALF * 2),
        ("\u0641".encode(), "\u0641"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_what_is_half_is_marked_and_the_rest_is_as_it_was(content, expected, size):
    assert whole(content, size) == expected


@given(st.text(), st.integers(1, 20), st.booleans())
def test_good_json_says_the_same(text, size, ascii_only):
    content = json.dumps(text, ensure_ascii=ascii_only).encode(errors="replace")
    assert json.loads(whole(content, size)) == json.loads(content)


@pytest.mark.parametrize("half", [rb"\ud800", rb"\udc00", rb"\ud800\ud800", b"\xff"])
def test_one_half_character_costs_its_row_alone(table_of, half):
    content = collection(feature({"a": "one"}), feature({"a": "HALF"}), feature({"a": "three"}))
    rows = list(table_of(content.encode().replace(b"HALF", half)).rows())
    assert [row.cells["a"] for row in rows][::2] == ["one", "three"]
    assert [row.error and (row.error.field, row.error.code) for row in rows] == [
        None,
        ("a", "encoding"),
        None,
    ]
