"""Sheets in the manner of Airwars: an incident a row, with minimum and maximum of civilian harm.

Airwars' own grade is told in the description: here monitors grade. Whose sheet it is, is not known,
so all rights are taken to be reserved.
"""

from collections.abc import Mapping
from typing import Any

from incidents import vocab
from incidents.countries import alpha2_of_name
from incidents.intake.presets.base import RIGHTS_RESERVED, Column, Preset
from incidents.intake.row_reading import RowReading
from incidents.intake.table_types import TableRow
from incidents.types import Submission

_NEVER_BLANK = ("incident_id", "date", "location")
_FIGURES = (("killed", "civilian_deaths"), ("injured", "civilians_injured"))
COLUMNS = (
    Column(
        "incident_id",
        "Airwars' reference code.",
        True,
        example="CS1234",
        synonyms=("unique_reference_code", "code"),
    ),
    Column(
        "date", "The day.", True, example="2017-03-17", synonyms=("incident_date", "date_start")
    ),
    Column("date_end", "The last possible day, where it is a range."),
    Column(
        "location",
        "The place in words.",
        True,
        example="Mosul, al Jadida",
        synonyms=("location_name",),
    ),
    Column("country", "English name of the country.", example="Iraq", hxl="#country+name"),
    Column("latitude", "Degrees, WGS 84.", example="36.3307", hxl="#geo+lat", synonyms=("lat",)),
    Column(
        "longitude", "Degrees, WGS 84.", example="43.1011", hxl="#geo+lon", synonyms=("lon", "long")
    ),
    Column(
        "geolocation_accuracy",
        "How closely the place is known; blank is within 1 km.",
        allowed=tuple(vocab.LocationPrecision.values),
        synonyms=("geolocation_notes", "location_accuracy"),
    ),
    Column(
        "belligerents",
        "Who is said to have done it.",
        synonyms=("belligerent", "suspected_belligerent"),
    ),
    Column(
        "weapon",
        "What was used; blank is an air strike.",
        allowed=tuple(vocab.Weapon.values),
        synonyms=("strike_type", "explosive_weapon_type"),
    ),
    Column("civilian_deaths_min", "Civilians killed, at least.", True, example="105"),
    Column("civilian_deaths_max", "Civilians killed, at most.", True, example="141"),
    Column("civilians_injured_min", "Civilians injured, at least."),
    Column("civilians_injured_max", "Civilians injured, at most."),
    Column("grading", "Airwars' grade; told in the description.", synonyms=("airwars_grading",)),
    Column("notes", "What is reported.", synonyms=("summary", "assessment", "description")),
    Column(
        "sources",
        "Names or addresses, separated by semicolons.",
        several=True,
        synonyms=("source",),
    ),
)


def submission_of_row(row: TableRow, mapping: Mapping[str, str]) -> Submission:
    """Turn one row into a submission; ``InvalidInput`` with all that is wrong with it."""
    read = RowReading(row, mapping)
    for column in _NEVER_BLANK:
        read.required(column)
    grading = read.text("grading")
    notes = read.text("notes", "description", 19_000)
    start = read.day("date", "occurred.start")
    end = read.day("date_end", "occurred.end")
    content = {
        "weapon": read.choice("weapon", vocab.Weapon, "weapon") or vocab.Weapon.AIR_STRIKE,
        "title": read.text("location")[:300],
        "description": f"{notes}\n\nAirwars grading: {grading}".strip() if grading else notes,
        "occurred": {
            "start": start,
            "end": end,
            "precision": "few_days" if end and end != start else "day",
        },
        "location": _place(read),
        "alleged_actor": read.text("belligerents", "alleged_actor"),
        "sources": _sources(read),
        "claims": _claims(read),
        "licence": vocab.Licence.ALL_RIGHTS_RESERVED,
        "may_republish": False,
        "consent": RIGHTS_RESERVED,
    }
    return read.submission(content, key="airwars", id_column="incident_id")


def _place(read: RowReading) -> dict[str, Any]:
    precision = read.choice("geolocation_accuracy", vocab.LocationPrecision, "location.precision")
    country = alpha2_of_name(read.text("country"))
    return {
        **read.point("longitude", "latitude", country),
        "precision": precision or vocab.LocationPrecision.WITHIN_1KM,
        "place_name": read.text("location", "location.place_name"),
        "country": country,
    }


def _claims(read: RowReading) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    for outcome, stem in _FIGURES:
        low, high = read.persons(f"{stem}_min"), read.persons(f"{stem}_max")
        if low is not None or high is not None:
            read.order(f"{stem}_min", low, high)
            claims.append(
                {
                    "source": "airwars",
                    "outcome": outcome,
                    "civilian_status": "civilian",
                    "minimum": low,
                    "maximum": high,
                }
            )
    return claims


def _sources(read: RowReading) -> list[dict[str, Any]]:
    read.origin("sources", "sources")
    relayed = []
    for number, word in enumerate(dict.fromkeys(read.words("sources")), start=1):
        is_link = word.startswith(("http://", "https://"))
        said = {"url": word} if is_link else {"name": word[:300]}
        relayed.append(
            {"ref": f"source-{number}", "kind": "article" if is_link else "other"} | said
        )
    airwars = {
        "ref": "airwars",
        "kind": vocab.SourceKind.DATASET,
        "name": "Airwars",
        "relays": [source["ref"] for source in relayed],
    }
    return [airwars, *relayed]


AIRWARS = Preset("airwars", "Airwars-style sheet", COLUMNS, submission_of_row)
