"""A filter's text, as the tree that CQL2 JSON writes. Whatever is wrong raises InvalidInput."""

import json
import re
from enum import StrEnum
from typing import Any

import cql2
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput

MOST_CHARACTERS = 8_000
# The parser descends once for each bracket, and a stack that overflows takes the process along.
DEEPEST_BRACKETS = 32
# One that is left open ends with the text: so none is read twice.
_QUOTED = re.compile(r"'(?:[^'\\]|''|\\.?)*(?:'|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CHARACTERS = {"'": "''", **dict(zip("abtnvfr", "\a\b\t\n\v\f\r", strict=True))}


class Language(StrEnum):
    """How a filter is written."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


def refused(message: str) -> InvalidInput:
    """Return the refusal of a filter."""
    return InvalidInput(errors=[FieldError("filter", message, "filter")])


def filter_read(text: str, language: Language) -> Any:
    """Return the filter's tree: dicts of ``op`` and ``args``, properties and literals."""
    if len(text) > MOST_CHARACTERS:
        raise refused(_("A filter has at most %(most)d characters.") % {"most": MOST_CHARACTERS})
    if language is Language.JSON:
        return _json(text)
    if _depth(text) > DEEPEST_BRACKETS:
        raise refused(_("This filter is nested too deeply."))
    try:
        return cql2.parse_text(_QUOTED.sub(_unescaped, text)).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError):
        raise refused(_("This is no CQL2 text.")) from None


def _unescaped(literal: re.Match[str]) -> str:
    """Put in the characters that escapes stand for; those of LIKE stay for the database."""
    return _ESCAPED.sub(lambda found: _CHARACTERS.get(found[1], found[0]), literal[0])


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise refused(_("This is no JSON.")) from None


def _no_number(name: str) -> None:
    raise ValueError(name)


def _depth(text: str) -> int:
    """Count brackets, also those in quotes: one too many is refused, one too few would kill."""
    deepest = depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
