"""The arithmetic of a question, part by part, from frozen inputs alone: always the same.

A part is the residents, or all figures at one radius.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import msgspec
import numpy as np
import shapely

from scoring.engine.exposure import (
    Polygon,
    exposure_under_uncertainty,
    population_in,
    population_within,
    population_within_union,
)
from scoring.engine.geodesy import circles
from scoring.engine.grids import Layer
from scoring.floors import EvidenceFloor
from scoring.models import PopulationLayer
from scoring.services.layer_files import groups_open, layer_open

RESIDENTS = "residents"


class StrikeInput(msgspec.Struct, array_like=True, frozen=True):
    """One incident as it was when asked: degrees, metres, and how many floors it stands on."""

    incident: str
    version: int
    lon: float
    lat: float
    uncertainty_m: float
    floors: int


class Inputs(msgspec.Struct, frozen=True):
    """All that the answer depends on, beside the layer's bytes and the formula."""

    radii_m: list[float]
    wkt: str = ""  # the area: a polygon, or a circle's outline
    circle: tuple[float, float, float] | None = None
    points: list[tuple[float, float]] = []
    strikes: list[StrikeInput] | None = None  # None where no period was given

    def area(self) -> Polygon | None:
        """Return the area in degrees, None for points."""
        return cast(Polygon, shapely.from_wkt(self.wkt)) if self.wkt else None

    def parts(self) -> list[str]:
        """Return the names of the parts."""
        by_radius = [] if self.wkt and self.strikes is None else [f"{r:g}" for r in self.radii_m]
        return ([RESIDENTS] if self.wkt else []) + by_radius


def part_compute(layer: PopulationLayer, inputs: Inputs, name: str) -> Any:
    """Return the answer of one part, as JSON can hold it. Raises as the engine does."""
    grid = layer_open(layer)
    if name == RESIDENTS:
        return _residents(grid, groups_open(layer), inputs)
    radius = float(name)
    if inputs.strikes is None:
        return [_of_points(grid, groups_open(layer), inputs.points, radius)]
    return list(_by_floor(grid, inputs.strikes, inputs.area(), radius))


def _residents(grid: Layer, groups: dict[str, Layer], inputs: Inputs) -> dict[str, Any]:
    area = inputs.area()
    assert area is not None

    def people(layer: Layer) -> float:
        if inputs.circle is None:
            return population_in(layer, area)
        lon, lat, radius = inputs.circle
        return float(population_within(layer, lon, lat, radius)[0, 0])

    return {"people": people(grid), "groups": _labelled(groups, people)}


def _of_points(
    grid: Layer, groups: dict[str, Layer], points: Sequence[tuple[float, float]], radius: float
) -> dict[str, Any]:
    lon, lat = np.array(points).T
    return {
        "radius_m": radius,
        "evidence_floor": None,
        "strikes": len(points),
        "unique_people": population_within_union(grid, lon, lat, radius),
        "person_strikes": float(population_within(grid, lon, lat, radius).sum()),
        "groups": _labelled(groups, lambda layer: population_within_union(layer, lon, lat, radius)),
    }


def _labelled(groups: dict[str, Layer], people: Any) -> list[dict[str, Any]]:
    found = []
    for label, layer in groups.items():
        sex, _, age_group = label.partition("/")
        found.append({"sex": sex, "age_group": age_group, "people": people(layer)})
    return found


def _by_floor(
    grid: Layer, strikes: Sequence[StrikeInput], area: Polygon | None, radius: float
) -> Iterable[dict[str, Any]]:
    assert area is not None
    expected = _expected_inside(grid, strikes, area, radius)
    known: dict[int, float] = {}
    for height, floor in enumerate(EvidenceFloor, start=1):
        chosen = [at for at, strike in enumerate(strikes) if strike.floors >= height]
        # Floors take each other in: as many strikes are the same strikes.
        if len(chosen) not in known:
            known[len(chosen)] = _unique(grid, [strikes[at] for at in chosen], area, radius)
        person_strikes = float(expected[chosen].sum())
        yield {
            "radius_m": radius,
            "evidence_floor": floor.value,
            "strikes": len(chosen),
            # One strike's two sums may differ in the seventh digit.
            "unique_people": min(known[len(chosen)], person_strikes),
            "person_strikes": person_strikes,
            "groups": [],
        }


def _unique(grid: Layer, strikes: Sequence[StrikeInput], area: Polygon, radius: float) -> float:
    if not strikes:
        return 0.0
    lon, lat = [one.lon for one in strikes], [one.lat for one in strikes]
    areas = None
    if any(one.uncertainty_m for one in strikes):
        areas = [(one.lon, one.lat, one.uncertainty_m) for one in strikes]
    return population_within_union(grid, lon, lat, radius, within=area, areas=areas)


def _expected_inside(
    grid: Layer, strikes: Sequence[StrikeInput], area: Polygon, radius: float
) -> Any:
    """Return the people of the area expected within reach of each strike, float64[n]."""
    expected = np.zeros(len(strikes))
    if not strikes:
        return expected
    lon, lat, uncertainty = np.array([(s.lon, s.lat, s.uncertainty_m) for s in strikes]).T
    west, _, east, _ = area.bounds
    # On the turn of the globe that the area is on.
    lon = lon + 360.0 * np.round(((west + east) / 2 - lon) / 360.0)
    reach = circles(lon, lat, np.maximum(uncertainty + radius, 1e-3))
    shapely.prepare(area)
    touched = shapely.intersects(area, reach)
    inside = shapely.contains_properly(area, reach)
    exact = uncertainty == 0
    at = np.flatnonzero(inside & exact)
    expected[at] = population_within(grid, lon[at], lat[at], radius)[:, 0]
    at = np.flatnonzero(inside & ~exact)
    places = [(lon[i], lat[i], uncertainty[i]) for i in at.tolist()]
    expected[at] = exposure_under_uncertainty(grid, places, [radius])[3][:, 0]
    clipped: dict[tuple[float, float, float], float] = {}
    for i in np.flatnonzero(touched & ~inside).tolist():
        place = (float(lon[i]), float(lat[i]), float(uncertainty[i]))
        if place not in clipped:
            areas = None if exact[i] else [place]
            clipped[place] = population_within_union(
                grid, place[0], place[1], radius, within=area, areas=areas
            )
        expected[i] = clipped[place]
    return expected
