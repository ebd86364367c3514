"""What each property of an administrative unit means, as JSON Schema."""

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


UNIT_PROPERTIES: Schema = {
    "level": _said({"type": "integer", "minimum": 0}, "0 for a country, growing downwards."),
    "pcode": _said(_TEXT, "P-code of the unit."),
    "parent_pcode": _said(_TEXT, "P-code of the unit that it is part of; empty for a country."),
    "names": _said(
        {"type": "object", "additionalProperties": _TEXT}, "What it is called, by language."
    ),
    "country": _said(_TEXT, "ISO 3166 alpha-2."),
    "release": _said(_TEXT, "The boundary release."),
    "license": _said(_TEXT, "SPDX identifier of the release's licence."),
    "attribution": _said(_TEXT, "Whom to name."),
}
