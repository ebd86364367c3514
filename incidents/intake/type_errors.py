"""What msgspec finds wrong with a value, in words for who sent it.

msgspec says it in the words of Python, and in English only.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.types import LINK, MOMENT, NO_NUL

# By what msgspec begins with; {name} is what it puts there.
_SENTENCES: dict[re.Pattern[str], Any] = {
    re.compile(said + r"\Z", re.DOTALL): words
    for said, words in {
        "Object contains unknown field `.*`": gettext_lazy("This field is not known here."),
        "Object missing required field `.*`": gettext_lazy("This field is missing."),
        "Invalid enum value (?P<value>.*)": gettext_lazy(
            "%(value)s is none of the words that are taken here."
        ),
        "Expected `str` of length >= (?P<number>.*)": gettext_lazy(
            "It needs %(number)s characters or more."
        ),
        "Expected `str` of length <= (?P<number>.*)": gettext_lazy(
            "It may have %(number)s characters at most."
        ),
        "Expected `array` of length >= (?P<number>.*)": gettext_lazy(
            "The list needs %(number)s entries or more."
        ),
        "Expected `array` of length <= (?P<number>.*)": gettext_lazy(
            "The list may have %(number)s entries at most."
        ),
        "Expected `[a-z]+` >= (?P<number>.*)": gettext_lazy("It must be %(number)s or more."),
        "Expected `[a-z]+` <= (?P<number>.*)": gettext_lazy("It must be %(number)s or less."),
        "Expected `(?P<wanted>[^`]*)`, got `(?P<given>[^`]*)`": gettext_lazy(
            "It must be %(wanted)s, and not %(given)s."
        ),
    }.items()
}
_TYPES = {
    "str": gettext_lazy("a text"),
    "int": gettext_lazy("a whole number"),
    "float": gettext_lazy("a number"),
    "bool": gettext_lazy("true or false"),
    "array": gettext_lazy("a list"),
    "object": gettext_lazy("an object"),
}
_PATTERNS = {
    NO_NUL: gettext_lazy("The text holds a NUL character."),
    LINK: gettext_lazy("A link begins with http:// or https:// and has no spaces."),
    MOMENT: gettext_lazy("Write a date as 2014-06-10, a time as 2014-06-10T14:30:00+03:00."),
}
_PATTERN = re.compile(r"Expected `str` matching regex '(?P<pattern>.*)'\Z", re.DOTALL)


def words_of(said: str) -> str:
    """Return what msgspec said, without its path, in the sender's language."""
    if match := _PATTERN.match(said):
        pattern = match["pattern"].replace("\\\\", "\\")
        general = _("It is not written as it must be: %s") % pattern
        return str(_PATTERNS.get(pattern, general))
    for begins, words in _SENTENCES.items():
        if match := begins.match(said):
            return str(words) % {name: _named(value) for name, value in match.groupdict().items()}
    return said


def _named(value: str) -> str:
    """Return types in words, null as it is written, and everything else as it stands."""
    return _(" or ").join(str(_TYPES.get(part, part)) for part in value.split(" | "))
