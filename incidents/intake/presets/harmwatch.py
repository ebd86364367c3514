"""Our own template: one row a report.

Figures come from the first source. Licence, republication and consent are the sender's, row by row.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

from incidents.intake.presets import harmwatch_columns as template
from incidents.intake.presets.base import Preset
from incidents.intake.row_reading import RowReading
from incidents.intake.table_types import TableRow
from incidents.types import Submission
from incidents.vocab import (
    ConsentBasis,
    Damage,
    IncidentKind,
    Licence,
    LocationPrecision,
    SourceKind,
    Target,
    TimePrecision,
    Weapon,
)

_REQUIRED = tuple(column.name for column in template.COLUMNS if column.required)
_FIGURES = tuple(
    (outcome, status, tuple(template.figure_column(outcome, status, end) for end in template.ENDS))
    for status, outcome in product(template.STATUSES, template.OUTCOMES)
)


def submission_of_row(row: TableRow, mapping: Mapping[str, str]) -> Submission:
    """Turn one row into a submission; ``InvalidInput`` with all that is wrong with it."""
    read = RowReading(row, mapping)
    for column in _REQUIRED:
        if column not in read.given:
            read.required(column)
    content = {
        "kind": read.choice("kind", IncidentKind, "kind") or IncidentKind.STRIKE.value,
        "occurred": _occurred(read),
        "location": _place(read),
        "weapon": read.choice("weapon", Weapon, "weapon"),
        "title": read.text("title", "title"),
        "description": read.text("description", "description", 20_000),
        "language": read.text("language", "language").lower() or "en",
        "alleged_actor": read.text("alleged_actor", "alleged_actor"),
        "targets": read.choices("targets", Target, "targets"),
        "damage": read.choices("damage", Damage, "damage"),
        "sources": _sources(read),
        "claims": _claims(read),
        "licence": read.choice("licence", Licence, "licence"),
        "may_republish": read.yes("may_republish"),
        "consent": {
            "basis": read.choice("consent_basis", ConsentBasis, "consent.basis"),
            "store": read.yes("consent_store"),
            "share": read.yes("consent_share"),
            "publish": read.yes("consent_publish"),
            "court": read.yes("consent_court"),
        },
    }
    read.origin("consent.store", "consent_store")
    read.origin("may_republish", "may_republish")
    return read.submission(content, key="harmwatch", id_column="id")


def _occurred(read: RowReading) -> dict[str, Any]:
    return {
        "start": read.day("date_start", "occurred.start"),
        "end": read.day("date_end", "occurred.end"),
        "precision": read.choice("date_precision", TimePrecision, "occurred.precision") or "day",
    }


def _place(read: RowReading) -> dict[str, Any]:
    country = read.text("country", "location.country").upper() or None
    read.origin("location", "place_name")
    return {
        **read.point("longitude", "latitude", country),
        "precision": read.choice("location_precision", LocationPrecision, "location.precision"),
        "uncertainty_m": read.metres("uncertainty_m", "location.uncertainty_m"),
        "place_name": read.text("place_name", "location.place_name"),
        "country": country,
        "pcode": read.text("pcode", "location.pcode"),
    }


def _sources(read: RowReading) -> list[dict[str, Any]]:
    """Return the sources that are given; ``source_2_relays`` names numbers of others."""
    sources: list[dict[str, Any]] = []
    for number, columns in template.SOURCE_COLUMNS.items():
        if read.given.keys().isdisjoint(columns.values()):
            continue
        kind_column = columns["kind"]
        if number > 1 and kind_column not in read.given:
            read.required(kind_column)
        path = f"sources[{len(sources)}]"
        read.origin(path, kind_column)
        read.origin(f"{path}.relays", columns["relays"])
        sources.append(
            {
                "ref": f"s{number}",
                "kind": read.choice(kind_column, SourceKind, f"{path}.kind"),
                "name": read.text(columns["name"], f"{path}.name"),
                "description": read.text(columns["description"], f"{path}.description"),
                "url": read.text(columns["url"], f"{path}.url", 2_000),
                "relays": [f"s{word}" for word in read.words(columns["relays"])],
            }
        )
    read.origin("sources", "source_1_kind")
    return sources


def _claims(read: RowReading) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    for outcome, status, (minimum, best, maximum) in _FIGURES:
        if minimum in read.given or best in read.given or maximum in read.given:
            path = f"claims[{len(claims)}]"
            read.origin(path, best)
            low, likely, high = map(read.persons, (minimum, best, maximum))
            read.order(minimum, low, likely, high)
            claims.append(
                {
                    "source": "s1",
                    "outcome": outcome,
                    "civilian_status": status,
                    "minimum": low,
                    "best": likely,
                    "maximum": high,
                }
            )
    return claims


HARMWATCH = Preset("harmwatch", "Harmwatch template", template.COLUMNS, submission_of_row)
