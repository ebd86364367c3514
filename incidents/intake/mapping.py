"""Which of the sender's headers is which column of a preset."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from incidents.intake.presets.base import Column, Preset

_NO_LETTERS = re.compile(r"[\W_]+")
_IGNORED_ATTRIBUTES = re.compile(r"(v_.*|i_.*|num|text|label)\Z")  # they say how, not what


@dataclass(frozen=True, slots=True)
class MappingSuggestion:
    """What was found: from column to header, headers that are no column, columns that miss."""

    mapping: dict[str, str]
    unknown: list[str]
    missing: list[str]


def mapping_suggest(
    headers: Iterable[str], hxl_tags: Mapping[str, str], preset: Preset
) -> MappingSuggestion:
    """Find each column's header: by its name, its name written otherwise, its tag, a synonym."""
    free = list(headers)
    mapping: dict[str, str] = {}
    matches: tuple[Callable[[Column, str], bool], ...] = (
        lambda column, header: header == column.name,
        lambda column, header: _letters(header) == _letters(column.name),
        lambda column, header: _tags_equal(column.hxl, hxl_tags.get(header, "")),
        lambda column, header: _letters(header) in set(map(_letters, column.synonyms)),
    )
    for is_match in matches:
        for column in preset.columns:
            if column.name in mapping:
                continue
            found = next((header for header in free if is_match(column, header)), None)
            if found is not None:
                mapping[column.name] = found
                free.remove(found)
    missing = [c.name for c in preset.columns if c.required and c.name not in mapping]
    return MappingSuggestion(mapping, free, missing)


def _letters(text: str) -> str:
    """Return a name's letters and digits, without case, accents and the Arabic article's hamza."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NO_LETTERS.sub("", plain)


def _tags_equal(ours: str, theirs: str) -> bool:
    return bool(ours) and _tag_parts(ours) == _tag_parts(theirs)


def _tag_parts(tag: str) -> tuple[str, frozenset[str]]:
    hashtag, *attributes = tag.lower().replace(" ", "").split("+")
    return hashtag, frozenset(a for a in attributes if not _IGNORED_ATTRIBUTES.match(a))
