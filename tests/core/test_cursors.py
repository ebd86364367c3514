"""Cursors give back the position they were made of, and refuse everything else."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cursors import cursor_decode, cursor_encode
from core.errors import InvalidInput

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(st.integers(-(2**63), 2**63 - 1), TEXT, st.floats(allow_nan=False, allow_infinity=False))
def test_a_cursor_gives_its_position_back(number: int, text: str, fraction: float) -> None:
    cursor = cursor_encode(number, text, fraction)
    assert cursor_decode(cursor, (int, str, float)) == [number, text, fraction]
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&? ")


@pytest.mark.parametrize(
    "cursor",
    ["", "!", "a", "é", "\x00", "====", packed(""), packed("{}"), packed("3"), packed('["a"]'),
     packed("[1,2]"), packed("[true]"), packed("[1.5]"), packed("[null]"), packed("[[1]]"),
     packed("[" * 100_000), packed("[9223372036854775808]"), packed("[" + "9" * 5000 + "]"),
     "x" * 100_000],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        cursor_decode(cursor, (int,))
    assert [(error.field, error.code) for error in refusal.value.errors] == [("cursor", "cursor")]


@pytest.mark.parametrize("inside", ['["\\u0000"]', '["\\ud800"]'])
def test_text_that_the_database_would_refuse_is_refused(inside: str) -> None:
    with pytest.raises(InvalidInput):
        cursor_decode(packed(inside), (str,))


@pytest.mark.parametrize("inside", ["[NaN]", "[Infinity]", "[-Infinity]", "[1e999]"])
def test_a_number_that_is_none_is_refused(inside: str) -> None:
    with pytest.raises(InvalidInput):
        cursor_decode(packed(inside), (float,))


@given(st.text(max_size=40), st.sampled_from([(int,), (str, int), (float,)]))
def test_nothing_but_the_refusal_comes_of_rubbish(cursor: str, types: Any) -> None:
    try:
        position = cursor_decode(cursor, types)
    except InvalidInput:
        return
    assert [type(item) for item in position] == list(types)
