"""People expected within reach of any of many strikes known vaguely, each once."""

from collections.abc import Sequence

import numpy as np
import shapely

from scoring.engine.discs import disc_reach, disc_shares
from scoring.engine.geodesy import FloatArray, circles
from scoring.engine.grids import Layer, LayerReader
from scoring.engine.inputs import Area, Polygon
from scoring.engine.places import neighbours, place_cells, point_of, some_point, weights_of
from scoring.engine.windows import work_share
from scoring.engine.zones import cell_shares

# Cells of a strike, each with the probability that it is within reach: row, column, share.
Reach = tuple[int, int, FloatArray]
ALPHA = 1.0


def expected_union(
    layer: Layer, strikes: Sequence[tuple[Area, float]], within: Polygon | None
) -> float:
    """Return Σ people(c) · (1 − Π(1 − pᵢ(c))), pᵢ(c) the share of cell c in reach of strike i.

    strikes: where each may have been, with density ∝ people, and how far it reaches, metres.
    Strikes are taken to be independent of each other, and each person of a cell to be anywhere in
    it.
    """
    reaches: list[Reach | None] = [None] * len(strikes)

    def work(reader: LayerReader, some: Sequence[int]) -> None:
        for i in some:
            area, radius = strikes[i]
            reaches[i] = _reach(reader, area, float(radius))

    areas = [area for area, _ in strikes]
    work_share(layer, work, neighbours(layer, areas, range(len(areas))), None)
    known = [reach for reach in reaches if reach is not None]
    with layer.reader() as reader:
        return sum(_group_people(reader, group, within) for group in _groups(known))


def _reach(reader: LayerReader, area: Area, radius: float) -> Reach:
    layer = reader.layer
    place = place_cells(layer, area)
    point = point_of(layer, area)
    if point is None and not place.inside.any():
        point = some_point(area)
    if point is not None:
        shape = circles(*(np.array([number]) for number in (*point, radius)))[0]
        return cell_shares(layer, shape)
    rows, columns = place.inside.shape
    people = np.nan_to_num(reader.counts(place.row, place.column, rows, columns))
    weights = np.zeros(place.inside.shape)
    weights[place.inside] = weights_of(people[place.inside], ALPHA)
    cell = {"cell_height": layer.cell_height, "cell_width": layer.cell_width}
    pad = disc_reach(radius, place.lat, **cell)
    shares = disc_shares(weights / weights.sum(), place.lat, radius, pad=pad, **cell)
    return place.row - pad[0], place.column - pad[1], shares


def _groups(reaches: Sequence[Reach]) -> list[list[Reach]]:
    """Return the strikes in groups whose blocks of cells do not overlap those of others."""
    boxes = [
        shapely.box(column, row, column + shares.shape[1], row + shares.shape[0])
        for row, column, shares in reaches
    ]
    blocks = shapely.get_parts(shapely.union_all(boxes))
    _, first = shapely.STRtree(blocks).query(boxes, predicate="intersects")
    groups: dict[int, list[Reach]] = {}
    for block, reach in zip(first.tolist(), reaches, strict=True):
        groups.setdefault(block, []).append(reach)
    return list(groups.values())


def _group_people(reader: LayerReader, group: Sequence[Reach], within: Polygon | None) -> float:
    top, left = min(row for row, _, _ in group), min(column for _, column, _ in group)
    bottom = max(row + shares.shape[0] for row, _, shares in group)
    right = max(column + shares.shape[1] for _, column, shares in group)
    missed = np.ones((bottom - top, right - left))
    for row, column, shares in group:
        rows, columns = shares.shape
        missed[row - top : row - top + rows, column - left : column - left + columns] *= 1 - shares
    people = np.nan_to_num(reader.counts(top, left, bottom - top, right - left))
    if within is not None:
        people *= _clip(reader.layer, within, top, left, missed.shape)
    return float((people * (1 - missed)).sum())


def _clip(layer: Layer, within: Polygon, top: int, left: int, size: tuple[int, int]) -> FloatArray:
    """Return the share of each cell of a block that lies in a polygon."""
    row, column, shares = cell_shares(layer, within)
    clip = np.zeros(size)
    first, last = max(row, top), min(row + shares.shape[0], top + size[0])
    start, stop = max(column, left), min(column + shares.shape[1], left + size[1])
    if first < last and start < stop:
        clip[first - top : last - top, start - left : stop - left] = shares[
            first - row : last - row, start - column : stop - column
        ]
    return clip
