"""The file formats of the feed: rows of the publication log in, bytes out, streamed."""

from feed.formats.geojson import GEOJSON, GEOJSONSEQ
from feed.formats.types import Format, LogRow

# By the name that `f=` and the files of a release go by.
FORMATS = {format_.name: format_ for format_ in (GEOJSON, GEOJSONSEQ)}

__all__ = ["FORMATS", "Format", "LogRow"]
