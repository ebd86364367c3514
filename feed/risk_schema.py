"""What each property of a published risk cell means, as JSON Schema. Persons, strikes, UTC."""

from typing import Any

from scoring.engine.risk.daily import FLOORS, HORIZONS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number", "minimum": 0}


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _with_interval(name: str, description: str) -> Schema:
    return {
        name: _said(_NUMBER, description),
        f"{name}_low": _said(_NUMBER, "Lower end of its 90 % interval."),
        f"{name}_high": _said(_NUMBER, "Upper end of its 90 % interval."),
    }


RISK_FIGURE: Schema = {
    "horizon_days": {"type": "integer", "enum": [*HORIZONS]},
    "evidence_floor": {"type": "string", "enum": [*FLOORS]},
    "strikes": _said(_NUMBER, "Expected in the cell."),
    **_with_interval("probability", "Of a strike within 5 km, as people-weighted mean."),
    **_with_interval("people", "Persons expected to be exposed, each once."),
    **_with_interval("person_strikes", "Each person as often as exposed."),
}
RISK_PROPERTIES: Schema = {
    "version": _said({"type": "integer", "minimum": 1}, "Grows with every change."),
    "cell": _said(_TEXT, "H3 cell."),
    "origin": _said(_TEXT, "The first day forecast."),
    "residents": _said(_NUMBER, "Persons living in the cell."),
    "risk_class": _said(
        {"type": "object", "additionalProperties": {"type": "integer", "nullable": True}},
        "0 to 10 by evidence floor, of 30 days at resolution 6.",
    ),
    "figures": _said(
        {"type": "array", "items": {"type": "object", "properties": RISK_FIGURE}},
        "Two significant digits.",
    ),
    "explanation": _said(
        {"type": "object"},
        "By evidence floor: strikes in 30 days that are background, and that incidents bring.",
    ),
    "sentences": _said(
        {"type": "object", "additionalProperties": _TEXT}, "The same in words, by language."
    ),
    "at_seq": _said({"type": "integer"}, "The newest entry of the reader's log known to it."),
    "model_version": _TEXT,
    "inputs_sha256": _said(_TEXT, "Of the strikes that it was computed from."),
    "layer": _said(_TEXT, "The population layer."),
    "layer_sha256": _said(_TEXT, "Its checksum."),
    "is_demonstration": _said(
        {"type": "boolean"}, "Whether the population is modelled for a demonstration."
    ),
    "attribution": _said(_TEXT, "Whom to name."),
}
