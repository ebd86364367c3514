"""What each property of published exposure means, as JSON Schema. Persons, metres, UTC."""

from typing import Any

from feed.feature_schema import FEATURE_PROPERTIES
from scoring.models.exposure import Unscored
from scoring.weapon_profiles import ACLED_RADII_M, Reach

Schema = dict[str, Any]

# Those that can be filtered on, by their radius in metres.
HEADLINES = {radius: f"exposure_{radius / 1000:g}km" for radius in ACLED_RADII_M}
# Said of the incident too, in the same words: they are copied from its feature.
COPIED = (
    *("grade", "weapon", "time_start", "time_end", "time_precision"),
    *("country", "units", "place_basis", "place_code", "uncertainty_m", "license"),
)

_TEXT: Schema = {"type": "string"}
_ESTIMATE: Schema = {"type": "number", "minimum": 0, "nullable": True}


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


_FIGURE: Schema = {
    "radius_m": {"type": "number"},
    "reach": _said({"type": "string", "enum": Reach.values}, "What the radius stands for."),
    "low": _said(_ESTIMATE, "10th percentile."),
    "best": _said(_ESTIMATE, "50th percentile."),
    "high": _said(_ESTIMATE, "90th percentile."),
    "expected": _said(_ESTIMATE, "The mean; only this may be added up."),
    "data_fraction": _said(_ESTIMATE, "Share of the disc that has data."),
}
EXPOSURE_PROPERTIES: Schema = {
    "version": _said({"type": "integer", "minimum": 1}, "Grows with every change."),
    "incident_version": _said(
        {"type": "integer", "minimum": 1},
        "The version of the incident, of the same id, that it was computed for.",
    ),
    **{name: FEATURE_PROPERTIES[name] for name in COPIED if name != "license"},
    **{
        name: _said(_ESTIMATE, f"Persons living within {radius / 1000:g} km, best figure.")
        for radius, name in HEADLINES.items()
    },
    "exposure": _said(
        {"type": "array", "items": {"type": "object", "properties": _FIGURE}},
        "Persons within 1, 2 and 5 km and the weapon's own radii, computed from the point and "
        "uncertainty shown; for the public two significant digits.",
    ),
    "unscored_reason": _said(
        {"type": "string", "enum": ["", *Unscored.values]}, "Why there are no figures; else empty."
    ),
    "layer": _said(_TEXT, "The population layer's provider; empty without one."),
    "layer_year": _said({"type": "integer", "nullable": True}, "The year of its population."),
    "layer_sha256": _said(_TEXT, "Its checksum."),
    "layer_license": _said(_TEXT, "Its licence."),
    "is_demonstration": _said(
        {"type": "boolean"}, "Whether the population is modelled for a demonstration."
    ),
    "formula_version": _said(_TEXT, "The formula's version."),
    "profiles_version": _said(_TEXT, "The version of the weapons' radii."),
    "license": FEATURE_PROPERTIES["license"],
    "attribution": FEATURE_PROPERTIES["attribution"],
}
