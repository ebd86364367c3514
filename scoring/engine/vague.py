"""How many people live around places that are known only vaguely."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from scoring.engine.discs import disc_reach, disc_sums
from scoring.engine.geodesy import FloatArray
from scoring.engine.grids import Layer, LayerLike, LayerReader, open_layer
from scoring.engine.inputs import Area, area_checked, areas_distinct, points_checked, radii_checked
from scoring.engine.places import (
    PlaceCells,
    neighbours,
    place_cells,
    point_of,
    some_point,
    weights_of,
)
from scoring.engine.windows import work_share
from scoring.engine.within import discs

Spread = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
SpreadWithCoverage = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]

PERCENTILES = (0.10, 0.50, 0.90)
MAX_DISC_RADIUS_M = 100_000.0
MAX_ALPHA = 10.0


@overload
def exposure_under_uncertainty(
    layer: LayerLike,
    areas: Iterable[Area],
    radii_m: npt.ArrayLike,
    alpha: float = 1,
    *,
    with_coverage: Literal[False] = False,
    places_by: LayerLike | None = None,
) -> Spread: ...
@overload
def exposure_under_uncertainty(
    layer: LayerLike,
    areas: Iterable[Area],
    radii_m: npt.ArrayLike,
    alpha: float = 1,
    *,
    with_coverage: Literal[True],
    places_by: LayerLike | None = None,
) -> SpreadWithCoverage: ...
def exposure_under_uncertainty(
    layer: LayerLike,
    areas: Iterable[Area],
    radii_m: npt.ArrayLike,
    alpha: float = 1,
    *,
    with_coverage: bool = False,
    places_by: LayerLike | None = None,
) -> Spread | SpreadWithCoverage:
    """Return low, best, high and expected people within each radius of strikes known vaguely.

    Each is float64[n, len(radii_m)] in persons. The strike's true point is taken for a random one
    of the cell middles inside its area, with weight (persons of the cell)**alpha, equal weights
    where nobody lives there. low, best and high are the 10th, 50th and 90th percentile of the
    people around it: the smallest value whose cumulated weight reaches that share. expected is the
    mean, the only one that may be added up. Cell middles beyond 85° N or S are left out; an area
    without any counts as its own point. An uncertainty below half a cell counts as none.
    ``with_coverage`` adds the expected share of each disc that has data. ``places_by``: another
    layer on the same grid, whose persons say where the strike may have been; so the parts of a
    population are summed around the same places as the whole, and their means add up to its mean.

    Raises ``ValueError`` as ``population_within`` does, for a negative uncertainty or alpha, for
    radii above 100 km, and for layers with different cells.
    """
    if not (np.isfinite(alpha) and alpha >= 0):
        raise ValueError(f"alpha must be 0 or more, not {alpha}")
    grid, radii = open_layer(layer), radii_checked(radii_m)
    if (radii > MAX_DISC_RADIUS_M).any():
        raise ValueError("radii must be at most 100 km")
    settled = grid if places_by is None else open_layer(places_by)
    if not same_cells(grid, settled):
        raise ValueError("both layers must have the same cells")
    unique, rows = areas_distinct([area_checked(area) for area in areas])
    spread = np.zeros((5, len(unique), len(radii)))
    known_at = {i: point for i, area in enumerate(unique) if (point := point_of(grid, area))}
    points = list(known_at)
    if points:
        known = np.array(list(known_at.values()))
        people, coverage = discs(grid, known, radii)
        spread[:4, points], spread[4, points] = people, coverage
    vague = [i for i in range(len(unique)) if i not in known_at]

    def work(reader: LayerReader, some: Sequence[int]) -> None:
        with settled.reader() as where:
            for i in some:
                spread[:, i] = _spread(reader, where, unique[i], radii, alpha)

    work_share(grid, work, neighbours(grid, [unique[i] for i in vague], vague), None)
    low, best, high, expected, coverage = spread[:, rows]
    if with_coverage:
        return low, best, high, expected, coverage
    return low, best, high, expected


def same_cells(layer: Layer, other: Layer) -> bool:
    """Tell whether two layers are on one grid, to a thousandth of a cell."""
    size = (layer.columns, layer.rows) == (other.columns, other.rows)
    slack = layer.cell_height / 1000
    return size and bool(np.allclose(layer.bounds, other.bounds, rtol=0, atol=slack))


def weighted_percentiles(
    values: FloatArray, weights: FloatArray, shares: Sequence[float]
) -> FloatArray:
    """Return the smallest value whose cumulated weight reaches each share of the whole weight."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    found = np.searchsorted(cumulated, np.asarray(shares) * cumulated[-1], side="left")
    return values[order][found]


def _spread(
    reader: LayerReader, where: LayerReader, area: Area, radii: FloatArray, alpha: float
) -> FloatArray:
    """Return low, best, high, expected and share with data of one vague place, float64[5, r]."""
    layer = reader.layer
    place = place_cells(layer, area)
    if not place.inside.any():
        people, coverage = discs(layer, np.array([some_point(area)]), radii)
        return np.concatenate([people, people, people, people, coverage])
    inside, lat = place.inside, place.lat
    rows, columns = inside.shape
    cell = {"cell_height": layer.cell_height, "cell_width": layer.cell_width}
    pad = disc_reach(radii.max(initial=0.0), lat, **cell)
    window = reader.counts(
        place.row - pad[0], place.column - pad[1], rows + 2 * pad[0], columns + 2 * pad[1]
    )
    has_data = np.isfinite(window)
    people = np.where(has_data, window, 0.0)
    settled = np.nan_to_num(where.counts(place.row, place.column, rows, columns))
    weights = weights_of(settled[inside], alpha)
    likely = weights > 0
    # The discs of a row of cells are worked on side by side, from the first to the last inside.
    ends = np.where(inside.any(axis=1), columns - inside[:, ::-1].argmax(axis=1), 0)
    spans = np.stack([inside.argmax(axis=1), ends], axis=1)
    result = np.zeros((5, len(radii)))
    around_it = partial(
        disc_sums,
        pad=pad,
        spans=spans,
        cell_height=layer.cell_height,
        cell_width=layer.cell_width,
    )
    for i in np.flatnonzero(radii > 0):
        around = around_it(people, lat, radii[i])[inside]
        result[:3, i] = weighted_percentiles(around[likely], weights[likely], PERCENTILES)
        result[3, i] = np.average(around, weights=weights)
        result[4, i] = 1.0
        if not has_data.all():
            known = around_it(has_data.astype(np.float64), lat, radii[i])
            one_column = np.ones((people.shape[0], 2 * pad[1] + 1))
            whole = disc_sums(
                one_column,
                lat,
                radii[i],
                pad=pad,
                cell_height=layer.cell_height,
                cell_width=layer.cell_width,
            )
            result[4, i] = np.average((known / whole)[inside], weights=weights)
    return result


def fit_alpha(
    layer: LayerLike, lon: npt.ArrayLike, lat: npt.ArrayLike, areas: Iterable[Area]
) -> float:
    """Return the alpha, 0 … 10, under which strikes most likely fell where they did.

    lon, lat: the true points, degrees; areas: for each of them the place as it was known vaguely.
    In its area a strike falls into a cell with probability ∝ (persons of the cell)**alpha, among
    those in which people live: strikes in cells without people say nothing of alpha, nor do areas
    that do not hold their strike, and are left out. Raises ``ValueError`` as
    ``exposure_under_uncertainty`` does, and where no strike is left.
    """
    grid, points = open_layer(layer), points_checked(lon, lat)
    checked = [area_checked(area) for area in areas]
    if len(checked) != len(points):
        raise ValueError(f"{len(points)} points and {len(checked)} areas; each point has one")
    unique, at = areas_distinct(checked)
    observed, choices, times = 0.0, [], []
    with grid.reader() as reader:
        for i, area in enumerate(unique):
            place = place_cells(grid, area)
            people = reader.counts(place.row, place.column, *place.inside.shape)
            settled = place.inside & (people > 0)
            own = _people_at(grid, place, np.where(settled, people, 0.0), points[np.equal(at, i)])
            if len(own):
                observed += float(np.log(own).sum())
                choices.append(np.log(people[settled]))
                times.append(len(own))
    if not choices:
        raise ValueError("no strike fell into a cell in which people live inside its area")
    return _root_of_score(observed, choices, np.array(times))


def _people_at(
    layer: Layer, place: PlaceCells, people: FloatArray, points: FloatArray
) -> FloatArray:
    """Return the persons of the cells that points fall into, of those in which people live."""
    turn = round(360.0 / layer.cell_width)
    column = np.floor((points[:, 0] - layer.west) / layer.cell_width).astype(np.int64)
    column = (column - place.column) % turn
    row = np.floor((layer.north - points[:, 1]) / layer.cell_height).astype(np.int64) - place.row
    rows, columns = people.shape
    inside = (row >= 0) & (row < rows) & (column < columns)
    own = people[row[inside], column[inside]]
    return np.asarray(own[own > 0])


def _root_of_score(
    observed: float, choices: Sequence[FloatArray], times: npt.NDArray[np.int64]
) -> float:
    """Return where Σ log(own) = Σ E[log] under alpha; the score falls with alpha throughout.

    choices: the logarithms that strikes could choose among, times: how many strikes did.
    """
    starts = np.cumsum([0] + [len(choice) for choice in choices[:-1]])
    logs = np.concatenate(choices)
    highest = np.repeat(np.maximum.reduceat(logs, starts), [len(choice) for choice in choices])

    def score(alpha: float) -> float:
        weights = np.exp(alpha * (logs - highest))
        means = np.add.reduceat(weights * logs, starts) / np.add.reduceat(weights, starts)
        return float(observed - (times * means).sum())

    low, high = 0.0, MAX_ALPHA
    if score(low) <= 0:
        return low
    if score(high) >= 0:
        return high
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if score(middle) > 0 else (low, middle)
    return (low + high) / 2
