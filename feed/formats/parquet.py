"""GeoParquet 1.1: WKB in CRS84 (the standard's own), a covering of boxes, written by row groups."""

import json
import struct
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from shapely.geometry import shape

from feed.formats.columns import Column, Type
from feed.formats.reading import Geometry, values_read
from feed.formats.types import Format, LogRow

_ROWS_A_GROUP = 10_000
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_TYPES = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.TEXTS: pa.list_(pa.string()),
    Type.JSON: pa.string(),
    Type.MOMENT: pa.timestamp("us", tz="UTC"),
}
_GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {
        "geometry": {
            "encoding": "WKB",
            "geometry_types": [],  # not known before the last row
            "covering": {"bbox": {edge: ["bbox", edge] for edge in _EDGES}},
        }
    },
}
_POINT = struct.Struct("<BIdd")


class _Buffer:
    """A file that is only written to; what was written is taken out piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _schema(columns: tuple[Column, ...]) -> pa.Schema:
    fields = [
        pa.field(one.name, _TYPES[one.type], metadata={"description": one.description})
        for one in columns
    ]
    box = pa.struct([(edge, pa.float64()) for edge in _EDGES])
    shown = [*fields, pa.field("bbox", box), pa.field("geometry", pa.binary())]
    return pa.schema(shown, metadata={"geo": json.dumps(_GEO)})


def _shape(geometry: Geometry) -> tuple[bytes | None, dict[str, float] | None]:
    """Return a geometry as WKB, and its box."""
    if geometry is None:
        return None, None
    if geometry["type"] == "Point":
        x, y = geometry["coordinates"][:2]
        return _POINT.pack(1, 1, x, y), {"xmin": x, "ymin": y, "xmax": x, "ymax": y}
    made = shape(geometry)
    return made.wkb, dict(zip(_EDGES, made.bounds, strict=True))


def _batch(handful: list[tuple[tuple[Any, ...], Geometry]], schema: pa.Schema) -> pa.RecordBatch:
    values = zip(*(values for values, _ in handful), strict=True)
    shapes, boxes = zip(*(_shape(geometry) for _, geometry in handful), strict=True)
    arrays = [
        pa.array(column, field.type)
        for column, field in zip((*values, boxes, shapes), schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _parquet(rows: Iterable[LogRow], columns: tuple[Column, ...]) -> Iterator[bytes]:
    schema, buffer = _schema(columns), _Buffer()
    read = values_read(rows, columns)
    with pq.ParquetWriter(
        pa.PythonFile(buffer, mode="w"), schema, compression="zstd", version="2.6"
    ) as writer:
        while handful := list(islice(read, _ROWS_A_GROUP)):
            writer.write_batch(_batch(handful, schema), row_group_size=_ROWS_A_GROUP)
            yield buffer.taken()
    yield buffer.taken()


PARQUET = Format("parquet", "application/vnd.apache.parquet", "parquet", _parquet)
