"""Canonical JSON (RFC 8785) and hashing, so that one content has one hash everywhere and for good.

What is hashed must hash alike after a stay in a jsonb column. PostgreSQL writes a large float with
all its digits and Python then reads a whole number, so such a number counts as the float it was.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785

_LARGEST_EXACT = 2**53 - 1


def utc_text(moment: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC, with microseconds where there are any, and Z.

    Raises ``ValueError`` for a datetime without a zone: it names no moment.
    """
    if moment.utcoffset() is None:
        raise ValueError("a datetime without a time zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON-like value (datetimes as UTC text, UUIDs as text).

    Raises ``ValueError`` for what JSON cannot hold: nan, whole numbers that no float holds exactly,
    text that is no Unicode, other types.
    """
    if _is_simple(value):
        return _ENCODER.encode(value).encode()
    return rfc8785.dumps(_plain(value))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def _is_simple(value: Any) -> bool:
    """Tell whether the standard library writes ``value`` just so: most we have, and it is quicker.

    It differs in fractions, in large numbers, and in the order of keys beyond ASCII.
    """
    kind = type(value)
    if kind is str or value is None:
        return True
    if kind is dict:
        return all(
            type(key) is str and key.isascii() and _is_simple(item) for key, item in value.items()
        )
    if kind is int:
        return -_LARGEST_EXACT <= value <= _LARGEST_EXACT
    if kind is list:
        return all(map(_is_simple, value))
    return kind is bool or kind is UUID or kind is datetime


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and abs(value) > _LARGEST_EXACT:
        return _as_written_float(value)
    return value


def _as_written_float(number: int) -> int | float:
    """Return the float of which ``number`` is the shortest way to write it; else ``number``."""
    try:
        written = Decimal(repr(float(number)))
    except OverflowError:
        return number
    return float(number) if written == number else number


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain
)
