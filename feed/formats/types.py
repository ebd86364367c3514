"""What a format is: a name, a media type and a function that yields rows of the log as bytes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from feed.formats.columns import Column


class LogRow(NamedTuple):
    """One version of one object, as its audience may see it.

    ``feature`` is the GeoJSON Feature on one line (degrees WGS 84), never empty: what is withdrawn
    or redacted is no row. ``sealed_at`` is in UTC.
    """

    seq: int
    sealed_at: datetime
    kind: str
    object_id: UUID
    version: int
    change: str
    feature: str


@dataclass(frozen=True, slots=True)
class Format:
    """A file format that the feed is served in and releases are made in.

    ``chunks`` yields the bytes of a file of rows of one kind, in the order given, with these
    columns (of no matter where the stored features are passed on). It reads the rows once, holds no
    more than some thousands of them, and yields the same bytes for the same rows: a release's
    checksums depend on it.
    """

    name: str
    media_type: str
    extension: str
    chunks: Callable[[Iterable[LogRow], tuple[Column, ...]], Iterator[bytes]]
