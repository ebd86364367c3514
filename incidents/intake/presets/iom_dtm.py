"""Rounds of IOM's Displacement Tracking Matrix in Iraq, as context events.

DTM counts families at the place they fled to. Persons are families times six, DTM's own convention
for Iraq: the claim is flagged as computed.
"""

from collections.abc import Mapping

from incidents import vocab
from incidents.intake.presets.base import PUBLIC_SOURCE, Column, Preset
from incidents.intake.row_reading import RowReading
from incidents.intake.table_types import TableRow
from incidents.types import Submission

PERSONS_PER_FAMILY = 6
_NEVER_BLANK = ("Location ID", "date", "Latitude", "Longitude", "Families")
COLUMNS = (
    Column("Location ID", "DTM's number of the place.", True, example="1101007"),
    Column("date", "The day of the round.", True, example="Jul 02, 2014"),
    Column("Governorate", "Name of the governorate.", True, example="Dahuk"),
    Column("District", "Name of the district.", True, example="Amedi"),
    Column("Location Name", "Name of the place.", True, example="Deraluk", hxl="#loc+name"),
    Column("Latitude", "Degrees, WGS 84.", True, example="37.0550", hxl="#geo+lat"),
    Column("Longitude", "Degrees, WGS 84.", True, example="43.6522", hxl="#geo+lon"),
    Column("Families", "Displaced families at the place.", True, example="10"),
)


def submission_of_row(row: TableRow, mapping: Mapping[str, str]) -> Submission:
    """Turn one row into a submission; ``InvalidInput`` with all that is wrong with it."""
    read = RowReading(row, mapping)
    for column in _NEVER_BLANK:
        read.required(column)
    day = read.day("date", "occurred.start")
    families = read.persons("Families") or 0
    where = [read.text(name) for name in ("Location Name", "District", "Governorate")]
    name = ", ".join(part for part in where if part)[:300]
    persons = families * PERSONS_PER_FAMILY
    content = {
        "kind": vocab.IncidentKind.DISPLACEMENT,
        "title": f"Displaced people in {name}"[:300],
        "description": f"Displaced families: {families}. Persons, at six a family: {persons}.",
        "occurred": {"start": day},
        "location": {
            **read.point("Longitude", "Latitude", "IQ"),
            "precision": vocab.LocationPrecision.VILLAGE,
            "place_name": name,
            "country": "IQ",
        },
        "sources": [{"ref": "dtm", "kind": "dataset", "name": "IOM Displacement Tracking Matrix"}],
        "claims": [{"source": "dtm", "outcome": "displaced", "best": persons}],
        "licence": vocab.Licence.CC_BY_IGO,
        "may_republish": True,
        "consent": PUBLIC_SOURCE,
    }
    read.origin("claims", "Families")
    flags = [vocab.ReportFlag.FIGURE_COMPUTED]
    # A place is counted in every round: its number alone names no event.
    return read.submission(content, key=f"iom-dtm:{day}", id_column="Location ID", flags=flags)


IOM_DTM = Preset("iom-dtm", "IOM DTM displacement round (Iraq)", COLUMNS, submission_of_row)
