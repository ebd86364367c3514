"""Characters that are not seen and make a text read otherwise than it is written.

Whoever types words here is refused them. What a report says is evidence and keeps its every
character in the record; what is published of it is without them.
"""

import re
from typing import Any

from django.utils.translation import get_language_bidi

# Control characters but tab and line ends; soft hyphen, word joiners and other invisible signs,
# marks of byte order and of annotations, tags; and what turns the direction of writing around.
# Allowed, since Arabic, Kurdish and Persian need them: U+200C and U+200D, which join letters or
# keep them apart, and the marks U+200E, U+200F and U+061C, which turn nothing but themselves.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def hidden_in(text: str) -> str | None:
    """Return the first such character of a text as ``U+202E``; None where there is none."""
    found = _HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def isolated(text: str) -> str:
    """Return a text that keeps its own direction within a sentence written from right to left.

    There a date, a range or a name in other letters would be turned around. Elsewhere it is as is.
    """
    return f"\u2068{text}\u2069" if text and get_language_bidi() else text


def legible(value: Any) -> Any:
    """Return plain JSON data with every text in it as it may be shown, without such characters."""
    if isinstance(value, str):
        return _HIDDEN.sub("", value)
    if isinstance(value, dict):
        return {name: legible(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [legible(inner) for inner in value]
    return value
