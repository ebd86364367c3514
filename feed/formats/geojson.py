"""GeoJSON (RFC 7946) and GeoJSON text sequences (RFC 8142): the stored features as they are."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from feed.formats.types import Format, LogRow

_ROWS_AT_ONCE = 500
_RECORD_SEPARATOR = "\x1e"


def _features(rows: Iterable[LogRow]) -> Iterator[list[str]]:
    """Yield the features in handfuls: to write each alone would take longer than the rest."""
    features = (row.feature for row in rows)
    while handful := list(islice(features, _ROWS_AT_ONCE)):
        yield handful


def _geojson_write(rows: Iterable[LogRow], out: BinaryIO) -> None:
    """Write one FeatureCollection, a feature a line."""
    out.write(b'{"type":"FeatureCollection","features":[')
    before = "\n"
    for features in _features(rows):
        out.write((before + ",\n".join(features)).encode())
        before = ",\n"
    out.write(b"\n]}\n")


def _geojsonseq_write(rows: Iterable[LogRow], out: BinaryIO) -> None:
    """Write each feature as a record of its own."""
    for features in _features(rows):
        records = chain.from_iterable((_RECORD_SEPARATOR, feature, "\n") for feature in features)
        out.write("".join(records).encode())


GEOJSON = Format("geojson", "application/geo+json", "geojson", _geojson_write)
GEOJSONSEQ = Format("geojsonseq", "application/geo+json-seq", "geojsons", _geojsonseq_write)
