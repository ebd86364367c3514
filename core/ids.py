"""Public identifiers: UUID version 7 (RFC 9562 §5.7), ordered by time, telling no count."""

import os
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    Within one process each is greater than the one before by a random step (RFC 9562 §6.2, method
    2), so that what one transaction writes keeps its order, and none tells the next.
    """
    global _last
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(14), "big")
    drawn = (millis & (1 << 48) - 1) << 74 | random >> 38
    step = 1 + (random & 0xFFFFFFFF)
    with _lock:
        _last = drawn = max(drawn, _last + step)
    value = (drawn >> 74) << 80 | 0x7 << 76
    value |= (drawn >> 62 & 0xFFF) << 64 | 0b10 << 62 | drawn & (1 << 62) - 1
    return uuid.UUID(int=value)


def uuid7_floor(moment: datetime) -> uuid.UUID:
    """Return what every UUIDv7 made at that moment or later is above, to a millisecond."""
    return uuid.UUID(int=(int(moment.timestamp() * 1000) - 1) << 80)
