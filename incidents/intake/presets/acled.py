"""Exports of ACLED. Their terms forbid republication: the publisher refuses these rows.

Violence becomes a strike, whose weapon is unclear where ACLED does not say; ground that changes
hands becomes a context event; what is neither (protests, arrests, agreements) is refused with
words.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from incidents import vocab
from incidents.countries import alpha2_of_name, alpha2_of_number
from incidents.intake.presets.base import RIGHTS_RESERVED, Column, Preset
from incidents.intake.row_reading import RowReading
from incidents.intake.table_types import TableRow
from incidents.types import Submission

GEO_PRECISION = {
    "1": vocab.LocationPrecision.TOWN,
    "2": vocab.LocationPrecision.WITHIN_25KM,
    "3": vocab.LocationPrecision.PROVINCE,
}
TIME_PRECISION = {
    "1": vocab.TimePrecision.DAY,
    "2": vocab.TimePrecision.WEEK,
    "3": vocab.TimePrecision.MONTH,
}
WEAPON = {
    "Air/drone strike": vocab.Weapon.AIR_STRIKE,
    "Shelling/artillery/missile attack": vocab.Weapon.SHELLING,
    "Remote explosive/landmine/IED": vocab.Weapon.IED,
    "Suicide bomb": vocab.Weapon.SUICIDE_BOMB,
    "Grenade": vocab.Weapon.GRENADE,
    "Chemical weapon": vocab.Weapon.OTHER,
    "Armed clash": vocab.Weapon.UNCLEAR,
    "Attack": vocab.Weapon.UNCLEAR,
}
CAPTURES = (
    "Government regains territory",
    "Non-state actor overtakes territory",
    "Non-violent transfer of territory",
)
_ONE_SIDED = ("Explosions/Remote violence", "Violence against civilians")
_UNNAMED = "Undisclosed Source"
_NEVER_BLANK = (
    *("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type"),
    *("latitude", "longitude", "geo_precision", "fatalities"),
)
COLUMNS = (
    Column("event_id_cnty", "ACLED's id of the event.", True, example="IRQ12345"),
    Column("event_date", "The day.", True, example="08 November 2024", hxl="#date+occurred"),
    Column("time_precision", "1 day, 2 week, 3 month.", True, tuple(TIME_PRECISION)),
    Column("event_type", "ACLED's event type.", True, example="Explosions/Remote violence"),
    Column("sub_event_type", "Says the weapon or what changed.", True, (*WEAPON, *CAPTURES)),
    Column("actor1", "The attacker, where the violence is one-sided.", True),
    Column("iso", "ISO 3166 number of the country.", example="368"),
    Column("country", "English name of the country.", True, example="Iraq", hxl="#country+name"),
    Column("location", "Name of the place.", True, example="Mosul", hxl="#loc+name"),
    Column("latitude", "Degrees, WGS 84.", True, example="36.335", hxl="#geo+lat"),
    Column("longitude", "Degrees, WGS 84.", True, example="43.1189", hxl="#geo+lon"),
    Column("geo_precision", "1 town, 2 area, 3 province.", True, tuple(GEO_PRECISION)),
    Column("source", "Who reported it, separated by semicolons.", True, several=True),
    Column("notes", "What happened; becomes the description.", True, hxl="#description"),
    Column("fatalities", "Killed, of any status.", True, example="3", hxl="#affected+killed"),
)


def submission_of_row(row: TableRow, mapping: Mapping[str, str]) -> Submission:
    """Turn one row into a submission; ``InvalidInput`` with all that is wrong with it."""
    read = RowReading(row, mapping)
    for column in _NEVER_BLANK:
        read.required(column)
    sub_type = read.given.get("sub_event_type", "")
    weapon = WEAPON.get(sub_type)
    if weapon is None and sub_type and sub_type not in CAPTURES:
        message = _("“%s” is neither a strike nor a context event that is recorded here.")
        read.refuse("sub_event_type", message % sub_type[:50], "not_recorded")
    is_one_sided = read.given.get("event_type") in _ONE_SIDED
    content = {
        "kind": vocab.IncidentKind.STRIKE if weapon else vocab.IncidentKind.CAPTURE,
        "weapon": weapon,
        "title": f"{sub_type}: {read.text('location')}"[:300],
        "description": read.text("notes", "description", 20_000),
        "occurred": {
            "start": read.day("event_date", "occurred.start"),
            "precision": read.code("time_precision", TIME_PRECISION),
        },
        "location": _place(read),
        "alleged_actor": read.text("actor1", "alleged_actor") if is_one_sided else "",
        "sources": _sources(read),
        "claims": [{"source": "acled", "outcome": "killed", "best": read.persons("fatalities")}],
        "licence": vocab.Licence.ALL_RIGHTS_RESERVED,
        "may_republish": False,
        "consent": RIGHTS_RESERVED,
    }
    read.origin("claims", "fatalities")
    return read.submission(content, key="acled", id_column="event_id_cnty")


def _place(read: RowReading) -> dict[str, Any]:
    precision = read.code("geo_precision", GEO_PRECISION)
    number, name = read.given.get("iso", ""), read.given.get("country", "")
    country = alpha2_of_number(number) or alpha2_of_name(name)
    return {
        **read.point("longitude", "latitude", country),
        "precision": precision,
        "uncertainty_m": vocab.DEFAULT_UNCERTAINTY_M[precision] if precision else None,
        "place_name": read.text("location", "location.place_name"),
        "country": country,
    }


def _sources(read: RowReading) -> list[dict[str, Any]]:
    """Return ACLED, relaying whom it names; one that it does not disclose has no name."""
    relayed = [
        {
            "ref": f"source-{number}",
            "kind": vocab.SourceKind.OTHER,
            "description" if name == _UNNAMED else "name": name[:300],
        }
        for number, name in enumerate(dict.fromkeys(read.words("source")), start=1)
    ]
    read.origin("sources", "source")
    acled = {
        "ref": "acled",
        "kind": vocab.SourceKind.DATASET,
        "name": "ACLED",
        "relays": [source["ref"] for source in relayed],
    }
    return [acled, *relayed]


ACLED = Preset("acled", "ACLED export", COLUMNS, submission_of_row)
