"""Bytes for a parser that holds one row at a time, and would hold any row whatever its size."""

from types import TracebackType
from typing import IO

from django.utils.translation import gettext as _

LONGEST_ROW_BYTES = 8_000_000  # with all that surrounds it


class BoundedReader:
    """A file of which no one row may take more than ``LONGEST_ROW_BYTES``.

    Who parses tells of each row that is over; ``read`` raises ``ValueError`` for one without end.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        chunk = self._file.read(size)
        self._since += len(chunk)
        if self._since > LONGEST_ROW_BYTES:
            raise ValueError(_("One row has more than %d bytes.") % LONGEST_ROW_BYTES)
        return chunk

    def row_over(self) -> None:
        """Begin to count anew."""
        self._since = 0

    def __enter__(self) -> "BoundedReader":
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._file.close()
