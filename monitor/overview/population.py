"""The active population layer as pictures: people per km² on a tile of the web map grid."""

from io import BytesIO

import numpy as np
from PIL import Image

from core.errors import NotFound
from feed.tiles.grid import Tile
from scoring.engine.densities import densities
from scoring.engine.grids import Layer
from scoring.models import PopulationLayer
from scoring.services.layer_files import layer_open

SIDE = 256
# Persons per km² from which each colour is taken; below the first nothing is drawn.
CLASSES = (1, 10, 100, 1_000, 10_000)
# The same in overview.css, for the legend.
_COLOUR = (140, 96, 200)
_OPACITIES = (0, 38, 77, 115, 153, 204)
# Of more cells than these across, a tile takes too long to be read.
_MOST_CELLS_ACROSS = 2_048


def first_zoom(layer: PopulationLayer) -> int:
    """Return the zoom of the widest tiles that are drawn of a layer."""
    cells_around = 360 * 3600 / layer.resolution_arcsec
    return max(int(np.ceil(np.log2(cells_around / _MOST_CELLS_ACROSS))), 0)


def picture_draw(layer: PopulationLayer, tile: Tile) -> bytes:
    """Return a tile as PNG, ``SIDE`` pixels wide and high, clear where nobody is known to live.

    Raises ``NotFound`` for tiles that hold too much of the layer.
    """
    if not tile.exists() or tile.z < first_zoom(layer):
        raise NotFound()
    bounds = tile.bbox()
    if bounds.south > layer.north or bounds.north < layer.south:
        return _png(np.zeros((SIDE, SIDE), np.uint8))
    return _png(_classes(layer_open(layer), tile))


def _classes(layer: Layer, tile: Tile) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    across = (tile.x + np.arange(SIDE + 1) / SIDE) / 2**tile.z
    down = (tile.y + np.arange(SIDE + 1) / SIDE) / 2**tile.z
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * down))))
    people = np.nan_to_num(densities(layer, across * 360 - 180, lat))
    return np.digitize(people, CLASSES).astype(np.uint8)


def _png(classes: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    picture = Image.fromarray(classes, "P")
    picture.putpalette([*_COLOUR] * len(_OPACITIES))
    written = BytesIO()
    picture.save(written, "PNG", transparency=bytes(_OPACITIES), optimize=True)
    return written.getvalue()
