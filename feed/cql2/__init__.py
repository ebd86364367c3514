"""Filters in CQL2 (OGC 21-065r2), as SQL over the log's typed columns."""

from feed.cql2.compiling import Filter, filter_compile
from feed.cql2.reading import Language, filter_read, refused

__all__ = ["Filter", "Language", "filter_compile", "filter_read", "refused"]
