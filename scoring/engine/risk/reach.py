"""Which cells' strikes reach which people: everybody within 5 km of where one falls."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import KM_PER_LATITUDE, KM_PER_LONGITUDE, Cells, Grid, IntArray

REACH_KM = 5.0
# Lines that a pixel is cut into where a disc's rim crosses it.
_LINES = 16
_PLACES = 20_000


@dataclass(frozen=True, slots=True)
class Reach:
    """The places where people live, and the strikes of cells that reach each of them.

    A place is a pixel with people: ``people`` float64[places] persons, ``cell`` int64[places] the
    cell it is in. ``strikes`` is sparse [places, cells]: the share of a cell's strikes that falls
    within 5 km of the place's middle.
    """

    people: FloatArray
    cell: IntArray
    strikes: csr_array
    cells: int

    def people_in_cells(self) -> FloatArray:
        """Return the persons in each cell, float64[cells]."""
        return self.by_cell(np.ones(len(self.people)))

    def by_cell(self, share: FloatArray) -> FloatArray:
        """Return the sums of people × share over each cell's places, float64[cells]."""
        return np.bincount(self.cell, self.people * share, self.cells).astype(float)


def reach_of(cells: Cells, people: FloatArray, alpha: float = 1.0) -> Reach:
    """Return who is reached by what, for persons on the cells' pixels, float64[pixels].

    Within a cell strikes are taken to fall with density ∝ people**alpha, where anybody lives there,
    else evenly: the same assumption as for strikes whose place is known vaguely.
    """
    places = np.flatnonzero(people > 0)
    fallen = _within_cells(cells, people, alpha)
    rows = [
        _near(cells.pixels, places[start : start + _PLACES]) @ fallen
        for start in range(0, len(places), _PLACES)
    ]
    strikes = vstack(rows, format="csr") if rows else csr_array((0, cells.count))
    return Reach(people[places], cells.pixel_cell[places], strikes, cells.count)


def _within_cells(cells: Cells, people: FloatArray, alpha: float) -> csr_array:
    """Return where within a cell its strikes fall, sparse [pixels, cells]; columns sum to 1."""
    cell, count = cells.pixel_cell, cells.count
    density = np.where(people > 0, np.maximum(people, 1e-300) ** alpha, 0.0)
    total = np.bincount(cell, density, count)
    even = 1 / np.maximum(np.bincount(cell, minlength=count), 1)
    some = total[cell] > 0
    share = np.where(some, density / np.where(some, total[cell], 1), even[cell])
    return csr_array((share, (np.arange(len(cell)), cell)), shape=(len(cell), count))


def _near(grid: Grid, places: IntArray) -> csr_array:
    """Return the share of each pixel that lies within reach of a place, [places, pixels]."""
    row, column = np.divmod(places, grid.columns)
    tall = grid.step * KM_PER_LATITUDE
    wide = grid.step * KM_PER_LONGITUDE * np.cos(np.radians(grid.row_latitudes()[row]))
    up = int(np.ceil(REACH_KM / tall + 0.5))
    along = int(np.ceil(REACH_KM / wide.min() + 0.5)) if len(wide) else 0
    offsets = np.arange(-along, along + 1)
    entries: list[tuple[IntArray, IntArray, FloatArray]] = []
    for dy in range(-up, up + 1):
        lines = (dy - 0.5 + (np.arange(_LINES) + 0.5) / _LINES) * tall
        half = np.sqrt(np.maximum(REACH_KM**2 - lines**2, 0)) / wide[:, None]
        left = np.maximum(offsets[:, None] - 0.5, -half[:, None, :])
        right = np.minimum(offsets[:, None] + 0.5, half[:, None, :])
        share = np.maximum(right - left, 0).mean(axis=2)
        at, which = np.nonzero(share > 0)
        y, x = row[at] + dy, column[at] + offsets[which]
        on = (y >= 0) & (y < grid.rows) & (x >= 0) & (x < grid.columns)
        entries.append((at[on], (y * grid.columns + x)[on], share[at, which][on]))
    at, pixel, share = (np.concatenate(part) for part in zip(*entries, strict=True))
    return csr_array((share, (at, pixel)), shape=(len(places), grid.size))
