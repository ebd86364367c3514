"""How many people live within r metres: of a point, of a polygon, of a place known vaguely."""

from scoring.engine.grids import open_layer
from scoring.engine.inputs import Area, Polygon
from scoring.engine.union import population_within_union
from scoring.engine.vague import PERCENTILES, exposure_under_uncertainty, fit_alpha
from scoring.engine.within import population_within
from scoring.engine.zones import population_in, populations_in

__all__ = [
    "FORMULA_VERSION",
    "PERCENTILES",
    "Area",
    "Polygon",
    "exposure_under_uncertainty",
    "fit_alpha",
    "open_layer",
    "population_in",
    "population_within",
    "population_within_union",
    "populations_in",
]

# Changed whenever the same inputs would give other figures.
FORMULA_VERSION = "exposure-3"
