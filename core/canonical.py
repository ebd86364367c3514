"""Canonical JSON (RFC 8785) and hashing, so that one content has one hash everywhere and for good.

What is hashed must hash alike after a stay in a jsonb column. PostgreSQL writes a large float with
all its digits and Python then reads a whole number, so such a number counts as the float it was.
"""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import rfc8785

_LARGEST_EXACT = 2**53 - 1
_STR = {str}
_ENCODER = msgspec.json.Encoder(order="sorted")


def utc_text(moment: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC, with microseconds where there are any, and Z.

    Raises ``ValueError`` for a datetime without a zone: it names no moment.
    """
    if moment.utcoffset() is None:
        raise ValueError("a datetime without a time zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON-like value (datetimes as UTC text, UUIDs as text).

    A ``msgspec.Raw`` in it is canonical already and stands as it is.

    Raises ``ValueError`` for what JSON cannot hold: nan, whole numbers that no float holds exactly,
    text that is no Unicode, other types.
    """
    try:
        return _ENCODER.encode(_quick(value))
    except _NotQuick:
        return rfc8785.dumps(_plain(value))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


class _NotQuick(Exception):
    """Something that msgspec would write in another way than RFC 8785."""


def _quick(value: Any) -> Any:
    """Return ``value`` so that msgspec writes it canonically: much quicker, and most we have.

    It differs in whole, large and small fractions, and in the order of keys beyond ASCII.
    """
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is dict:
        if not {*map(type, value)} <= _STR or not "".join(value).isascii():
            raise _NotQuick
        return {
            key: item if item is None or type(item) is str else _quick(item)
            for key, item in value.items()
        }
    if kind is list:
        return [item if type(item) is str else _quick(item) for item in value]
    if kind is int and -_LARGEST_EXACT <= value <= _LARGEST_EXACT:
        return value
    if kind is float and -_LARGEST_EXACT <= value <= _LARGEST_EXACT:
        return _quick_float(value)
    if kind is UUID:
        return str(value)
    if kind is datetime:
        return utc_text(value)
    if kind is msgspec.Raw:
        return value
    raise _NotQuick


def _quick_float(value: float) -> int | float:
    if value.is_integer():
        return int(value)
    if abs(value) < 0.001:
        raise _NotQuick
    return value


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
    if isinstance(value, msgspec.Raw):
        return _plain(msgspec.json.decode(value))
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
