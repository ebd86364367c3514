"""JSON without half characters: the parser garbles some, and for others gives up the file."""

import codecs
import re
from typing import Protocol

HALF = "\ufffe"  # what stands for half a character: Unicode gives it to nobody
_HALF = HALF.encode()
_UNDECODABLE = re.compile("[\udc80-\udcff]")
# An escape of another kind is matched so that its second byte begins none.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\[^u]"
)
_LONGEST_ESCAPE, _ONE_HALF, _MORE = 12, 6, 4096


class Readable(Protocol):
    """Something to read bytes from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes; none at the end."""


class WholeCharacters:
    """JSON in UTF-8 with ``HALF`` for each byte that is none and for each lone surrogate.

    A byte order mark is left out.
    """

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, not exactly as many; none at the end alone."""
        while True:
            raw = bytearray(self._file.read(size))
            is_end = not raw
            while b"\\" in raw[-_LONGEST_ESCAPE:] and (more := self._file.read(_MORE)):
                raw += more  # no escape lies across two pieces
            text = self._decoder.decode(bytes(raw), is_end)
            data = _UNDECODABLE.sub(HALF, text).encode()
            if data or is_end:
                return _ESCAPE.sub(_whole, data) if b"\\u" in data else data


def _whole(escape: re.Match[bytes]) -> bytes:
    found = escape[0]
    return _HALF if len(found) == _ONE_HALF else found
