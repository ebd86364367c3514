"""Why a cell's forecast is what it is: its background, and the strikes that add most to it.

The same parts as ``hazard.model.contributions`` for one cell, for tens of thousands at once. Among
strikes of one cell a newer one adds more through every kernel, so that the newest of the nearest
cells are all that need be looked at.
"""

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import KM_PER_LATITUDE, KM_PER_LONGITUDE, IntArray
from scoring.engine.hazard.kernels import (
    DECAYS_DAYS,
    VAGUE_DECAYS_DAYS,
    WIDTHS_KM,
    History,
    effective_days,
    kernel_names,
    lasting_kernels,
)
from scoring.engine.hazard.model import Forecast

MOST = 5
# Of each cell so many of the newest strikes, in so many of the nearest cells with any.
_NEWEST = 6
_CELLS = 12
_FARTHEST_KM = 120.0

Rows = tuple[IntArray, IntArray, FloatArray]


def backgrounds(history: History, forecast: Forecast) -> FloatArray:
    """Return what kernels that never fade, towns and the uniform one make, float64[cells]."""
    shares = forecast.kernel_shares(history.at(forecast.origin))
    return np.asarray(shares[lasting_kernels()].sum(axis=0), float)


def top_strikes(
    history: History, forecast: Forecast, cells: IntArray, lon: FloatArray, lat: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return the strikes that add most to the given cells' means, and how much each.

    ``lon``, ``lat``: the cells' middles. Indices into ``history.strikes``, int64[cells, 5], -1
    where there are fewer, and expected strikes, float64[cells, 5], the largest first.
    """
    rows = [_exact_rows(history, forecast, cells, lon, lat), _vague_rows(history, forecast, cells)]
    at, strike, part = (np.concatenate(column) for column in zip(*rows, strict=True))
    part = part * forecast.factor[cells[at]]
    order = np.lexsort((strike, -part, at))
    order = order[part[order] > 0]
    at, strike, part = at[order], strike[order], part[order]
    rank = _ranks(at)
    kept = rank < MOST
    found, parts = np.full((len(cells), MOST), -1), np.zeros((len(cells), MOST))
    found[at[kept], rank[kept]] = strike[kept]
    parts[at[kept], rank[kept]] = part[kept]
    return found, parts


def _rates(
    history: History, forecast: Forecast, strikes: IntArray, decays: tuple[float, ...]
) -> FloatArray:
    """Return what each strike's kernels hold before they are spread, [strikes, decays]."""
    age = forecast.origin - history.strikes.day[strikes] - 0.5
    span, days = history.span(forecast.origin), np.array(decays)
    effective = np.array([effective_days(one, span) for one in decays])
    rate = np.exp(-age[:, None] / days) * forecast.horizon_days / effective
    return np.asarray(rate * np.isfinite(days) * history.strikes.weight[strikes][:, None])


def _newest(group: IntArray, day: IntArray, most: int) -> npt.NDArray[np.int64]:
    """Return the indices of the newest of each group, by group."""
    order = np.lexsort((-day, group))
    return np.asarray(order[_ranks(group[order]) < most])


def _ranks(group: IntArray) -> IntArray:
    """Return the place of each within its group, which is sorted."""
    first = np.searchsorted(group, group, side="left")
    return np.arange(len(group)) - first


def _known(history: History, forecast: Forecast, vague: bool) -> IntArray:
    sites = history.sites
    known = (history.strikes.day < forecast.origin) & (sites.of_strike >= 0)
    chosen = np.flatnonzero(known)
    return chosen[sites.vague[sites.of_strike[chosen]] == vague]


def _exact_rows(
    history: History, forecast: Forecast, cells: IntArray, lon: FloatArray, lat: FloatArray
) -> Rows:
    strikes = history.strikes
    chosen = _known(history, forecast, False)
    if not len(chosen) or not len(cells):
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    home = np.full(history.sites.count, -1)
    home[history.sites.cell_site] = history.sites.cell  # an exact site has one cell
    of_cell = home[history.sites.of_strike[chosen]]
    chosen = chosen[_newest(of_cell, strikes.day[chosen], _NEWEST)]
    of_cell = home[history.sites.of_strike[chosen]]
    occupied, first, counts = np.unique(of_cell, return_index=True, return_counts=True)
    weights = forecast.weights[: len(kernel_names())].reshape(len(DECAYS_DAYS), len(WIDTHS_KM))
    spread = _rates(history, forecast, chosen, DECAYS_DAYS) @ weights
    near = _nearest(strikes.lon[chosen[first]], strikes.lat[chosen[first]], lon, lat)
    at, which = np.nonzero(near < len(occupied))
    group = near[at, which]
    at = np.repeat(at, counts[group])
    starts = np.repeat(first[group], counts[group])
    candidate = starts + _ranks(np.repeat(np.arange(len(group)), counts[group]))
    strike = chosen[candidate]
    east = (strikes.lon[strike] - lon[at]) * KM_PER_LONGITUDE * np.cos(np.radians(lat[at]))
    north = (strikes.lat[strike] - lat[at]) * KM_PER_LATITUDE
    far = east**2 + north**2
    part = spread[candidate, 0] * (of_cell[candidate] == cells[at])
    area = history.cells.mean_km2
    for j, km in enumerate(WIDTHS_KM[1:], 1):
        variance = km**2 + area / 12
        share = area / (2 * np.pi * variance) * np.exp(-far / (2 * variance))
        part = part + spread[candidate, j] * share
    return at, strike, part


def _nearest(lon: FloatArray, lat: FloatArray, to_lon: FloatArray, to_lat: FloatArray) -> IntArray:
    """Return the nearest points to each place, int64[places, 12]; len(lon) where there are none."""
    middle = np.cos(np.radians(to_lat.mean())) * KM_PER_LONGITUDE
    tree = cKDTree(np.stack([lon * middle, lat * KM_PER_LATITUDE], 1))
    places = np.stack([to_lon * middle, to_lat * KM_PER_LATITUDE], 1)
    _, near = tree.query(places, k=_CELLS, distance_upper_bound=_FARTHEST_KM)
    return np.asarray(near, np.int64)


def _vague_rows(history: History, forecast: Forecast, cells: IntArray) -> Rows:
    sites, strikes = history.sites, history.strikes
    chosen = _known(history, forecast, True)
    chosen = chosen[_newest(sites.of_strike[chosen], strikes.day[chosen], MOST)]
    n = len(kernel_names())
    weights = forecast.weights[n : n + len(VAGUE_DECAYS_DAYS)]
    rate = _rates(history, forecast, chosen, VAGUE_DECAYS_DAYS) @ weights
    position = np.full(history.cells.count, -1)
    position[cells] = np.arange(len(cells))
    wanted = np.flatnonzero((position[sites.cell] >= 0) & sites.vague[sites.cell_site])
    of_site = sites.of_strike[chosen]  # sorted, since _newest goes by group
    first = np.searchsorted(of_site, sites.cell_site[wanted], side="left")
    last = np.searchsorted(of_site, sites.cell_site[wanted], side="right")
    entry = np.repeat(wanted, last - first)
    candidate = np.repeat(first, last - first) + _ranks(
        np.repeat(np.arange(len(wanted)), last - first)
    )
    part = rate[candidate] * sites.cell_share[entry]
    return position[sites.cell[entry]], chosen[candidate], part
