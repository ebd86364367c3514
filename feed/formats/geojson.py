"""GeoJSON (RFC 7946) and GeoJSON text sequences (RFC 8142): the stored features as they are."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from feed.formats.columns import Column
from feed.formats.types import Format, LogRow

_ROWS_AT_ONCE = 500
_RECORD_SEPARATOR = "\x1e"


def _features(rows: Iterable[LogRow]) -> Iterator[list[str]]:
    """Yield the features in handfuls: to write each alone would take longer than the rest."""
    features = (row.feature for row in rows)
    while handful := list(islice(features, _ROWS_AT_ONCE)):
        yield handful


def _geojson(rows: Iterable[LogRow], columns: tuple[Column, ...]) -> Iterator[bytes]:
    """Yield one FeatureCollection, a feature a line."""
    yield b'{"type":"FeatureCollection","features":['
    before = "\n"
    for features in _features(rows):
        yield (before + ",\n".join(features)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _geojsonseq(rows: Iterable[LogRow], columns: tuple[Column, ...]) -> Iterator[bytes]:
    """Yield each feature as a record of its own."""
    for features in _features(rows):
        records = chain.from_iterable((_RECORD_SEPARATOR, feature, "\n") for feature in features)
        yield "".join(records).encode()


GEOJSON = Format("geojson", "application/geo+json", "geojson", _geojson)
GEOJSONSEQ = Format("geojsonseq", "application/geo+json-seq", "geojsons", _geojsonseq)
