"""Opaque keyset cursors: a JSON list in URL-safe base64."""

import base64
import binascii
import json
import math
from typing import Any

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput

_LARGEST = 2**63 - 1


def cursor_encode(*position: Any) -> str:
    """Return a cursor that holds the given position (JSON values)."""
    text = json.dumps(position, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor_decode(cursor: str, types: tuple[type, ...]) -> list[Any]:
    """Return the position in a cursor.

    Raises ``InvalidInput`` unless it holds just these types, in values that the database takes.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        position = None
    if (
        not isinstance(position, list)
        or [type(item) for item in position] != list(types)
        or not all(map(_can_be_stored, position))
    ):
        message = _("Use the cursor of a next link as it was given.")
        raise InvalidInput(errors=[FieldError("cursor", message, "cursor")])
    return position


def _can_be_stored(item: Any) -> bool:
    """Tell whether PostgreSQL has a bigint, a double or a text for a forged value."""
    if isinstance(item, int):
        return -_LARGEST - 1 <= item <= _LARGEST
    if isinstance(item, float):
        return math.isfinite(item)
    return not any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in item)
