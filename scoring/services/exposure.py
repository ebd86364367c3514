"""How many people live around incidents and places, by the active population layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scoring.engine.exposure import (
    FORMULA_VERSION,
    PERCENTILES,
    Polygon,
    exposure_under_uncertainty,
    populations_in,
)
from scoring.engine.grids import Layer
from scoring.models import PopulationLayer
from scoring.models.exposure import Unscored
from scoring.selectors import active_layer
from scoring.services.layer_files import layer_open
from scoring.weapon_profiles import ACLED_RADII_M

MAX_UNCERTAINTY_M = 100_000.0
ALPHA = 1.0

# Longitude and latitude in degrees and the uncertainty in metres (infinite where it is unknown);
# None where no place is known.
Place = tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Figure:
    """People within one radius of one place, or why there is no figure (the numbers are None)."""

    radius_m: float
    low: float | None = None
    best: float | None = None
    high: float | None = None
    expected: float | None = None
    data_fraction: float | None = None
    unscored_reason: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of several places, one list of radii for each, and what they were computed by."""

    by_place: list[list[Figure]]
    layer: PopulationLayer | None
    formula_version: str
    parameters: dict[str, Any]

    @property
    def layer_sha256(self) -> str:
        """The checksum of the layer, empty where none was active."""
        return self.layer.sha256 if self.layer else ""

    @property
    def is_demonstration(self) -> bool:
        """Whether the people are modelled for a demonstration and not counted by anyone."""
        return bool(self.layer and self.layer.is_demonstration)


def figures_for_places(
    places: Sequence[Place], radii_m: Sequence[float] = ACLED_RADII_M
) -> Figures:
    """Return the people within each radius (metres) of each place, by the active layer.

    Nothing is stored. Equal places get equal figures to the last bit, whatever else is asked for.
    Raises ``ValueError`` for coordinates that are nan or off the Earth.
    """
    layer = active_layer()
    grid = layer_open(layer) if layer else None
    reasons = [unscored_reason(place, grid) for place in places]
    known = [place for place, reason in zip(places, reasons, strict=True) if place and not reason]
    scored = iter(_figures(grid, known, radii_m) if grid and known else ())
    return Figures(
        by_place=[
            [Figure(radius, unscored_reason=reason) for radius in radii_m]
            if reason
            else next(scored)
            for reason in reasons
        ],
        layer=layer,
        formula_version=FORMULA_VERSION,
        parameters={
            "alpha": ALPHA,
            "percentiles": list(PERCENTILES),
            "max_uncertainty_m": MAX_UNCERTAINTY_M,
        },
    )


def residents_in(polygons: Sequence[Polygon], layer: PopulationLayer | None) -> list[float]:
    """Return the people in each polygon (degrees, running past ±180° and not jumping).

    Without a layer nobody is known to live anywhere. Raises ``ValueError`` for an invalid polygon.
    """
    if layer is None:
        return [0.0] * len(polygons)
    people: list[float] = populations_in(layer_open(layer), polygons).tolist()
    return people


def unscored_reason(place: Place, grid: Layer | None) -> str:
    """Return why there can be no figure for a place, empty where there can."""
    if place is None:
        return Unscored.NO_PLACE.value
    if place[2] > MAX_UNCERTAINTY_M:
        return Unscored.TOO_VAGUE.value
    if grid is None:
        return Unscored.NO_LAYER.value
    return "" if grid.contains(place[0], place[1]) else Unscored.OUTSIDE_LAYER.value


def _figures(
    grid: Layer, places: Sequence[tuple[float, float, float]], radii_m: Sequence[float]
) -> list[list[Figure]]:
    """Return one list of figures for each place; all of them can be scored."""
    by_measure = exposure_under_uncertainty(grid, places, radii_m, ALPHA, with_coverage=True)
    by_place = zip(*(measure.tolist() for measure in by_measure), strict=True)
    return [
        [Figure(radius, *numbers) for radius, *numbers in zip(radii_m, *measures, strict=True)]
        for measures in by_place
    ]
