"""The stored copies of population layers: written once, named by their checksum, then only read."""

import hashlib
import math
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
from django.conf import settings
from rasterio.windows import Window

from scoring.engine.grids import KIND_TAG, Layer, LayerReader, open_layer
from scoring.models import PopulationGroup, PopulationLayer

Progress = Callable[[float], None]

_TILE = 512
# Columns read at a time, so that memory does not grow with the grid: 34 MB as float64.
_MAX_COLUMNS = 16 * _TILE


class NobodyThere(ValueError):
    """A grid in which nobody lives: the wrong band, or all of it without data."""


class LayerDamaged(RuntimeError):
    """A stored layer is not what was stored: its bytes or its total have changed."""


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """A finished copy: its checksum, and the people counted in the source and in the copy."""

    sha256: str
    file_name: str
    source_total: float
    total: float


def layers_dir() -> Path:
    """Return the folder of the stored copies, made if need be."""
    folder = Path(settings.LAYERS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store_copy(source: Layer, progress: Progress) -> StoredLayer:
    """Write a tiled, compressed copy of a layer's band under its own checksum, whole or not at all.

    Cell values are copied as they are. ``progress`` is told the share done, from 0 to 1. Raises
    ``NobodyThere``, or ``rasterio.errors.RasterioError`` where the source ends early.
    """
    handle, name = tempfile.mkstemp(prefix=".import-", suffix=".tif", dir=layers_dir())
    os.close(handle)
    temporary = Path(name)
    try:
        source_total = _copy(source, temporary, lambda share: progress(share * 0.7))
        total = people_in_file(open_layer(temporary), lambda share: progress(0.7 + share * 0.3))
        if not math.isclose(total, source_total, rel_tol=1e-12):
            raise LayerDamaged(f"the copy holds {total} people, the source {source_total}")
        if total == 0:
            raise NobodyThere
        sha256 = file_sha256(temporary)
        temporary.chmod(0o644)
        _flush(temporary)
        temporary.replace(layers_dir() / f"{sha256}.tif")
        _flush(layers_dir())
        return StoredLayer(sha256, f"{sha256}.tif", source_total, total)
    finally:
        temporary.unlink(missing_ok=True)


def people_in_file(layer: Layer, progress: Progress = lambda share: None) -> float:
    """Return the people in all cells of a layer."""
    sums = []
    with layer.reader() as reader:
        for window in _windows(layer, progress):
            sums.append(_people(reader, window))
    return math.fsum(sums)


def layer_open(layer: PopulationLayer) -> Layer:
    """Return the stored copy for reading; its checksum is compared once in a process.

    Raises ``FileNotFoundError`` where the file is missing, ``LayerDamaged`` where it has changed.
    """
    return _open_stored(layer)


def groups_open(layer: PopulationLayer) -> dict[str, Layer]:
    """Return the groups of a layer by label, in their order; raise as ``layer_open`` does."""
    groups = layer.groups.order_by("sex", "age_group")
    return {group.label: _open_stored(group) for group in groups}


def _open_stored(stored: PopulationLayer | PopulationGroup) -> Layer:
    path = layers_dir() / stored.file_name
    facts = path.stat()
    return _open_checked(path, stored.sha256, (facts.st_ino, facts.st_size, facts.st_mtime_ns))


@lru_cache(maxsize=32)
def _open_checked(path: Path, sha256: str, facts: tuple[int, int, int]) -> Layer:
    # ``facts`` are different once the file was replaced, which is then checked anew.
    found = file_sha256(path)
    if found != sha256:
        raise LayerDamaged(f"{path.name} has the checksum {found}, not {sha256}")
    return open_layer(path)


def _copy(source: Layer, target: Path, progress: Progress) -> float:
    """Copy the band tile by tile; return the people in the source."""
    sums = []
    with rasterio.open(source.path, driver="GTiff") as read, source.reader() as reader:
        dtype = np.dtype(read.dtypes[source.band - 1])
        profile = {
            "driver": "GTiff",
            "dtype": dtype,
            "count": 1,
            "width": source.columns,
            "height": source.rows,
            "crs": "EPSG:4326",
            "transform": read.transform,
            "nodata": source.nodata,
            "tiled": True,
            "blockxsize": _TILE,
            "blockysize": _TILE,
            "compress": "deflate",
            "predictor": 3 if dtype.kind == "f" else 2,
            "bigtiff": "if_safer",
        }
        with rasterio.open(target, "w", **profile) as written:
            written.update_tags(**{KIND_TAG: source.kind})
            for window in _windows(source, progress):
                written.write(read.read(source.band, window=window), 1, window=window)
                sums.append(_people(reader, window))
    return math.fsum(sums)


def _windows(layer: Layer, progress: Progress) -> Iterator[Window]:
    """Yield windows that cover the grid, whole tiles each, and report the share done."""
    for row in range(0, layer.rows, _TILE):
        for column in range(0, layer.columns, _MAX_COLUMNS):
            width = min(_MAX_COLUMNS, layer.columns - column)
            yield Window(column, row, width, min(_TILE, layer.rows - row))
        progress(min(row + _TILE, layer.rows) / layer.rows)


def _people(reader: LayerReader, window: Window) -> float:
    counts = reader.counts(window.row_off, window.col_off, window.height, window.width)
    return float(np.nansum(counts))


def _flush(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk before anything points to them."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
