"""What a value of the wrong type or form is refused with."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from incidents.intake.type_errors import words_of
from incidents.types import Link, Moment, Name, Persons, Reference

BAD = [
    (5, Name, "It must be a text, and not a whole number."),
    ("5", float | None, "It must be a number or null, and not a text."),
    (-1, Persons, "It must be 0 or more."),
    (10**9, Persons, "It must be 100000000 or less."),
    ("x" * 301, Name, "It may have 300 characters at most."),
    ([], Annotated[list[int], Meta(min_length=1)], "The list needs 1 entries or more."),
    ("a\x00b", Name, "The text holds a NUL character."),
    ("ftp://x", Link, "A link begins with http:// or https:// and has no spaces."),
    ("May", Moment, "Write a date as 2014-06-10, a time as 2014-06-10T14:30:00+03:00."),
    ("a b", Reference, "It is not written as it must be: ^[A-Za-z0-9_.-]{1,60}\\Z"),
]


@pytest.mark.parametrize(("value", "wanted", "words"), BAD)
def test_it_says_what_to_mend(value, wanted, words):
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(value, wanted)
    assert words_of(str(refused.value)) == words


def test_what_is_not_known_is_passed_on():
    assert words_of("Something new % `x`") == "Something new % `x`"


def test_a_value_that_looks_like_a_placeholder_is_harmless():
    said = words_of("Invalid enum value '%(value)s %s'")
    assert said == "'%(value)s %s' is none of the words that are taken here."
