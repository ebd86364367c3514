"""The file formats of the feed: rows of the publication log in, bytes out, streamed."""

from feed.formats.columns import columns_of, properties_of
from feed.formats.geojson import GEOJSON, GEOJSONSEQ
from feed.formats.parquet import PARQUET
from feed.formats.table import CSV, CSV_HXL
from feed.formats.types import Format, LogRow

# By the name that `f=` and the files of a release go by.
FORMATS = {format_.name: format_ for format_ in (GEOJSON, GEOJSONSEQ, CSV, CSV_HXL, PARQUET)}

__all__ = ["FORMATS", "Format", "LogRow", "columns_of", "properties_of"]
