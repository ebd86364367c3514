"""What strikes are known, and how each is laid on pixels and cells."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.engine.exposure import population_within
from scoring.engine.geodesy import FloatArray
from scoring.engine.grids import LayerLike
from scoring.engine.hazard.cells import KM_PER_LATITUDE, KM_PER_LONGITUDE, Cells, Grid, IntArray
from scoring.engine.hazard.smoothing import linear_shares

MAX_RADIUS_KM = 100.0
# A town's or city's point is where its strikes are coded to, and the middle of a cell where those
# of the public are: it is taken as the place.
TOWN_M = 6_000.0


@dataclass(frozen=True, slots=True)
class Strikes:
    """Strikes as arrays of one length, in any order.

    ``day`` is a proleptic ordinal (``date.toordinal``, UTC), ``lon`` and ``lat`` degrees,
    ``radius_km`` how far off the point may be (0: known to the point), ``weight`` what each counts
    (1, or less for likely duplicates of one another), ``deaths`` persons, nan where unknown, and
    ``scored`` whether it is known well enough to be a target; the others only inform.
    """

    day: IntArray
    lon: FloatArray
    lat: FloatArray
    radius_km: FloatArray
    weight: FloatArray
    deaths: FloatArray
    scored: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.day)

    def take(self, which: npt.NDArray[np.generic]) -> "Strikes":
        """Return those chosen by index or mask."""
        return Strikes(*(getattr(self, name)[which] for name in self.__slots__))


def strikes_of(
    day: npt.ArrayLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    radius_km: npt.ArrayLike = 0.0,
    weight: npt.ArrayLike = 1.0,
    deaths: npt.ArrayLike = np.nan,
    scored: npt.ArrayLike = True,
) -> Strikes:
    """Return strikes, sorted so that the order given makes no difference to any sum.

    Raises ``ValueError`` for figures that are not finite, or a negative radius or weight.
    """
    days = np.asarray(day, np.int64).ravel()
    n = len(days)
    columns = [np.array(np.broadcast_to(c, n), float) for c in (lon, lat, radius_km, weight)]
    if not all(np.isfinite(column).all() for column in columns):
        raise ValueError("coordinates, radii and weights must be finite")
    if n and (columns[2].min() < 0 or columns[3].min() < 0):
        raise ValueError("radii and weights must be 0 or more")
    dead = np.array(np.broadcast_to(deaths, n), float)
    known = np.array(np.broadcast_to(scored, n), bool)
    order = np.lexsort((dead, known, columns[3], columns[2], columns[1], columns[0], days))
    lon_, lat_, radius, counted = (column[order] for column in columns)
    return Strikes(days[order], lon_, lat_, radius, counted, dead[order], known[order])


def radius_taken(uncertainty_m: FloatArray) -> FloatArray:
    """Return how far off places are taken to be, km, by their uncertainty in metres."""
    return np.where(uncertainty_m <= TOWN_M, 0.0, uncertainty_m / 1000)


@dataclass(frozen=True, slots=True)
class Sites:
    """The distinct places of strikes, and what share of each lies in which pixel and cell.

    ``of_strike`` is int64[strikes], -1 where the place is off the box or vaguer than 100 km;
    ``vague`` bool[sites], whether the radius is above half a pixel. The others are entries: site,
    pixel and share (of exact places only, shared linearly); site, cell and share.
    """

    of_strike: IntArray
    count: int
    vague: npt.NDArray[np.bool_]
    pixel_site: IntArray
    pixel: IntArray
    pixel_share: FloatArray
    cell_site: IntArray
    cell: IntArray
    cell_share: FloatArray


def sites_of(strikes: Strikes, cells: Cells, pixel_weight: FloatArray | None = None) -> Sites:
    """Lay strikes on the cells' pixels.

    A vague one is spread over the pixels whose middle lies within its radius, in proportion to
    ``pixel_weight`` (float64[pixels], such as population**alpha; equal where None or all nought).
    """
    places = np.stack([strikes.lon, strikes.lat, strikes.radius_km], 1)
    unique, of_strike = np.unique(places, axis=0, return_inverse=True)
    of_strike = of_strike.ravel()
    lon, lat, radius = unique.T if len(unique) else np.zeros((3, 0))
    home = cells.place(lon, lat)
    off = (home < 0) | (radius > MAX_RADIUS_KM)
    vague = radius > cells.pixels.step * KM_PER_LATITUDE / 2
    exact = np.flatnonzero(~off & ~vague)
    pixel, share = linear_shares(cells.pixels, lon[exact], lat[exact])
    cell_parts: list[tuple[IntArray, IntArray, FloatArray]] = [
        (exact, home[exact], np.ones(len(exact)))
    ]
    middles = cells.pixels.centres()
    for site in np.flatnonzero(~off & vague):
        pixels, shares = _spread(middles, unique[site], pixel_weight)
        if not len(pixels):
            pixels, shares = cells.pixels.place(lon[[site]], lat[[site]]), np.ones(1)
        part = np.bincount(cells.pixel_cell[pixels], shares, cells.count)
        inside = np.flatnonzero(part)
        cell_parts.append((np.full(len(inside), site), inside, part[inside].astype(float)))
    return Sites(
        np.where(off[of_strike], -1, of_strike) if len(unique) else of_strike,
        len(unique),
        vague,
        np.repeat(exact, 4),
        pixel.ravel(),
        share.ravel(),
        *(np.concatenate(column) for column in zip(*cell_parts, strict=True)),
    )


def _spread(
    middles: tuple[FloatArray, FloatArray], place: FloatArray, weight: FloatArray | None
) -> tuple[IntArray, FloatArray]:
    lon, lat, radius_km = place
    east = (middles[0] - lon) * KM_PER_LONGITUDE * np.cos(np.radians(lat))
    north = (middles[1] - lat) * KM_PER_LATITUDE
    inside = np.flatnonzero(east**2 + north**2 <= radius_km**2)
    shares = np.ones(len(inside)) if weight is None else weight[inside]
    if shares.sum() <= 0:
        shares = np.ones(len(inside))
    return inside, np.asarray(shares / max(shares.sum(), 1e-300), float)


def people_weight(layer: LayerLike, pixels: Grid, alpha: float = 1.0) -> FloatArray:
    """Return (people in a disc as wide as the pixel)**alpha for each pixel, float64[pixels]."""
    lon, lat = pixels.centres()
    radius_m = pixels.step * KM_PER_LATITUDE * 500
    people = population_within(layer, lon, lat, [radius_m])
    return np.asarray(people, float).reshape(pixels.size) ** alpha
