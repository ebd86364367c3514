"""What each property of a published incident or context event means, as JSON Schema.

Persons, metres, UTC.
"""

from typing import Any

from django.db.models import TextChoices

from feed.blur import Basis
from incidents import vocab

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_PERSONS: Schema = {"type": "integer", "minimum": 0, "nullable": True}
_ESTIMATE: Schema = {"type": "number", "minimum": 0, "nullable": True}


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _one_of(vocabulary: type[TextChoices]) -> Schema:
    return {"type": "string", "enum": vocabulary.values}


def _rows(**properties: Schema) -> Schema:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


FEATURE_PROPERTIES: Schema = {
    "version": _said({"type": "integer", "minimum": 1}, "Grows with every change."),
    "grade": _said(_one_of(vocab.Grade), "How sure the monitors are."),
    "kind": _said(_one_of(vocab.IncidentKind), "What happened. Context events only."),
    "weapon": _one_of(vocab.Weapon),
    "weapon_class": _one_of(vocab.WeaponClass),
    "targets": {"type": "array", "items": _one_of(vocab.Target)},
    "damage": {"type": "array", "items": _one_of(vocab.Damage)},
    "report_count": _said({"type": "integer", "minimum": 1}, "Reports that it is made of."),
    "independent_sources": _said(
        {"type": "integer", "minimum": 0, "nullable": True},
        "Distinct sources that what was said goes back to; those that relay them don't count. "
        "Null in versions published before they were counted.",
    ),
    "responses": _said(
        _rows(
            party=_TEXT,
            stance=_one_of(vocab.Stance),
            url=_said(_TEXT, "Where it says so."),
            conceded=_rows(
                outcome=_one_of(vocab.Outcome),
                civilian_status=_one_of(vocab.CivilianStatus),
                minimum=_PERSONS,
                best=_PERSONS,
                maximum=_PERSONS,
            ),
        ),
        "What parties to the conflict answered, and the harm they concede. Conceded figures are "
        "no part of casualties.",
    ),
    "title": _said(_TEXT, "Partners only."),
    "alleged_actor": _said(_TEXT, "Partners only."),
    "place_name": _said(_TEXT, "Partners only."),
    "pcode": _said(_TEXT, "P-code that a report named. Partners only."),
    "location_precision": _said(_one_of(vocab.LocationPrecision), "Partners only."),
    "flags": _said(
        {"type": "array", "items": _one_of(vocab.ReportFlag)},
        "What is odd about a report. Partners only.",
    ),
    "time_start": _said(_TEXT, "First day or, for partners, moment (RFC 3339, UTC)."),
    "time_end": _said(_TEXT, "Last day or, for partners, moment (RFC 3339, UTC)."),
    "time_precision": _one_of(vocab.TimePrecision),
    "country": _said(_TEXT, "ISO 3166 alpha-2; empty where not known or not told."),
    "units": _said(
        _rows(
            level={"type": "integer", "minimum": 0},
            pcode=_TEXT,
            names={"type": "object", "additionalProperties": _TEXT},
            release=_TEXT,
        ),
        "Administrative units; for the public those in which all of the blurred area lies.",
    ),
    "place_basis": _said(_one_of(Basis), "What the point is."),
    "place_code": _said(_TEXT, "H3 cell or P-code of the unit whose centre the point is."),
    "uncertainty_m": _said(_ESTIMATE, "The strike was within so many metres of the point."),
    **{
        f"{name}_{bound}": _said(_PERSONS, f"Persons {words}, {bound} figure.")
        for name, words in (
            ("killed", "killed"),
            ("civilians_killed", "killed who were civilians"),
            ("injured", "injured"),
        )
        for bound in ("min", "best", "max")
    },
    "casualties": _said(
        _rows(
            outcome=_one_of(vocab.Outcome),
            civilian_status=_one_of(vocab.CivilianStatus),
            sex=_one_of(vocab.Sex),
            age_group=_one_of(vocab.AgeGroup),
            party=_said(_TEXT, "Partners only."),
            independent_sources=_said(
                {"type": "integer", "nullable": True},
                "Distinct sources that its claims go back to. Partners only.",
            ),
            flags=_said(
                {"type": "array", "items": _one_of(vocab.ReportFlag)},
                "What is odd about its claims. Partners only.",
            ),
            minimum=_PERSONS,
            best=_PERSONS,
            maximum=_PERSONS,
        ),
        "Every figure. A total is never the sum of its parts; no maximum means an open end.",
    ),
    "license": _said(_TEXT, "SPDX identifiers of the reports' licences, joined by AND."),
    "attribution": _said(_TEXT, "Whom to name."),
}
