"""Texts neither hide characters nor turn around what is read."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.texts import hidden_in, isolated, legible

# Arabic, Kurdish and Persian as they are written, with joiners and marks; emoji joined by U+200D.
GOOD = [
    "حلب",
    "كه\u200cركووك",
    "می\u200cخواهم",
    "\u200fقصف\u200e 3",
    "ه\u200d",
    "👩\u200d⚕️",
    "a\tb\r\nc",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_languages_need_stays(text: str) -> None:
    assert hidden_in(text) is None
    assert legible(text) == text


@pytest.mark.parametrize(
    "code",
    [0, 7, 0x1B, 0x85, 0xAD, 0x200B, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF, 0xE0041],
)
def test_what_hides_or_turns_is_named_and_left_out(code: int) -> None:
    text = f"Ministry{chr(code)}ecneled"
    assert hidden_in(text) == f"U+{code:04X}"
    assert legible(text) == "Ministryecneled"


@given(st.text())
def test_what_is_shown_hides_nothing_and_keeps_every_visible_character(text: str) -> None:
    shown = legible(text)
    assert hidden_in(shown) is None
    assert legible(shown) == shown
    kept = {"Cc", "Cf", "Cn"}
    assert [c for c in shown if unicodedata.category(c) not in kept] == [
        c for c in text if unicodedata.category(c) not in kept
    ]


def test_whole_documents_are_made_legible() -> None:
    value = {"party": "A\u202eB", "n": [1, None, True, {"x": "\u2066y"}]}
    assert legible(value) == {"party": "AB", "n": [1, None, True, {"x": "y"}]}


def test_within_arabic_a_text_keeps_its_own_direction_and_elsewhere_it_is_as_it_is() -> None:
    with translation.override("ar"):
        assert isolated("2014-05-11") == "\u20682014-05-11\u2069"
        assert isolated("") == ""
    with translation.override("en"):
        assert isolated("2014-05-11") == "2014-05-11"
