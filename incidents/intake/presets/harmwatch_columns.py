"""The columns of our own template, in order: they are the template and its codebook."""

from itertools import product

from django.db.models import TextChoices

from incidents import vocab
from incidents.intake.presets.base import Column

OUTCOMES = ("killed", "injured", "displaced", "missing")
STATUSES = ("any", "civilian")
ENDS = ("min", "best", "max")
_YES_NO = ("yes", "no")
_FIGURE_EXAMPLES = {"killed_best": "8", "civilian_killed_min": "3", "civilian_killed_max": "5"}
_OUTCOME_TAGS = {name: name for name in OUTCOMES} | {"displaced": "idps"}
_END_TAGS = {"min": "+min", "best": "", "max": "+max"}


def figure_column(outcome: str, status: str, end: str) -> str:
    """Return the column of a figure, such as ``killed_best`` or ``civilian_injured_max``."""
    return f"{outcome}_{end}" if status == "any" else f"{status}_{outcome}_{end}"


SOURCE_COLUMNS: dict[int, dict[str, str]] = {
    number: {
        part: f"source_{number}_{part}" for part in ("kind", "name", "description", "url", "relays")
    }
    for number in (1, 2, 3)
}


def _codes(options: type[TextChoices]) -> tuple[str, ...]:
    return tuple(options.values)


def _figures() -> list[Column]:
    said = {
        "min": "at least; alone, it is open-ended, such as “more than 50,000”",
        "best": "best figure",
        "max": "at most",
    }
    whose = {"any": "Persons", "civilian": "Civilians"}
    columns = []
    for status, outcome, end in product(STATUSES, OUTCOMES, ENDS):
        name = figure_column(outcome, status, end)
        tag = f"#affected+{_OUTCOME_TAGS[outcome]}{_END_TAGS[end]}"
        columns.append(
            Column(
                name,
                f"{whose[status]} {outcome}: {said[end]}. By source 1.",
                example=_FIGURE_EXAMPLES.get(name, ""),
                hxl=tag + ("+civilian" if status == "civilian" else ""),
            )
        )
    return columns


def _sources() -> list[Column]:
    examples = {
        "source_1_kind": "hospital",
        "source_1_name": "Hospital in Tikrit",
        "source_2_kind": "article",
        "source_2_url": "https://example.org/article",
        "source_2_relays": "1",
    }
    columns = []
    for number, names in SOURCE_COLUMNS.items():
        texts = {
            "kind": "What sort of source it is.",
            "name": "Its public name. Never the name of a person who must not be known.",
            "description": "What it is, such as “anonymous soldier”.",
            "url": "Its address on the web, http or https.",
            "relays": "The numbers of the sources that it passes on, separated by semicolons.",
        }
        for part, name in names.items():
            columns.append(
                Column(
                    name,
                    f"Source {number}. {texts[part]}",
                    required=name == "source_1_kind",
                    allowed=_codes(vocab.SourceKind) if part == "kind" else (),
                    example=examples.get(name, ""),
                )
            )
    return columns


COLUMNS: tuple[Column, ...] = (
    Column(
        "id",
        "Your own number of the report. The same number again is the same report.",
        example="EXAMPLE-1",
        hxl="#event+id",
        synonyms=("report_id", "event_id", "رقم", "الرقم"),
    ),
    Column(
        "kind",
        "What happened; blank is a strike. Only a strike has a weapon.",
        allowed=_codes(vocab.IncidentKind),
        example="strike",
        hxl="#event+type",
    ),
    Column(
        "date_start",
        "The day, or the first possible day, as 2014-06-10.",
        required=True,
        example="2014-06-10",
        hxl="#date+start",
        synonyms=("date", "event_date", "incident_date", "التاريخ", "تاريخ"),
    ),
    Column(
        "date_end",
        "The last possible day, where it is a range.",
        hxl="#date+end",
        synonyms=("end_date", "تاريخ الانتهاء"),
    ),
    Column(
        "date_precision",
        "How closely the day is known; blank is day.",
        allowed=_codes(vocab.TimePrecision),
        example="day",
    ),
    Column(
        "place_name",
        "The place in words.",
        example="Tikrit, market quarter",
        hxl="#loc+name",
        synonyms=("location", "place", "town", "المكان", "الموقع"),
    ),
    Column(
        "latitude",
        "Degrees north, WGS 84, such as 34.6071.",
        example="34.6071",
        hxl="#geo+lat",
        synonyms=("lat", "y", "خط العرض"),
    ),
    Column(
        "longitude",
        "Degrees east, WGS 84, such as 43.6782.",
        example="43.6782",
        hxl="#geo+lon",
        synonyms=("lon", "long", "lng", "x", "خط الطول"),
    ),
    Column(
        "location_precision",
        "How closely the place is known.",
        required=True,
        allowed=_codes(vocab.LocationPrecision),
        example="neighbourhood",
    ),
    Column("uncertainty_m", "Metres; blank is the usual value for the precision.", example="800"),
    Column(
        "country",
        "ISO 3166 code of two letters.",
        example="IQ",
        hxl="#country+code",
        synonyms=("country_code", "iso2", "الدولة", "البلد"),
    ),
    Column("pcode", "P-code of the administrative unit.", hxl="#adm+code"),
    Column(
        "weapon",
        "As the source describes it; a strike needs one, or “unclear”.",
        allowed=_codes(vocab.Weapon),
        example="barrel_bomb",
        synonyms=("weapon_type", "السلاح", "نوع السلاح"),
    ),
    Column(
        "alleged_actor",
        "Who is said to have done it.",
        synonyms=("actor", "perpetrator", "belligerent", "الفاعل", "الجهة المنفذة"),
    ),
    Column(
        "targets",
        "What was hit; several are separated by semicolons.",
        allowed=_codes(vocab.Target),
        example="market; residential",
        several=True,
        synonyms=("target", "الهدف"),
    ),
    Column(
        "damage",
        "What became of it; several are separated by semicolons.",
        allowed=_codes(vocab.Damage),
        example="destroyed",
        several=True,
    ),
    Column(
        "title", "A short heading.", example="An example: delete this row", synonyms=("العنوان",)
    ),
    Column(
        "description",
        "What is reported, in full.",
        example="A barrel bomb fell on the market at noon.",
        hxl="#description",
        synonyms=("notes", "summary", "details", "الوصف", "التفاصيل"),
    ),
    Column("language", "ISO 639 code of the description's language; blank is en.", example="en"),
    *_figures(),
    *_sources(),
    Column(
        "licence",
        "Under which terms you give the report.",
        required=True,
        allowed=_codes(vocab.Licence),
        example="CC-BY-4.0",
        synonyms=("license",),
    ),
    Column("may_republish", "Whether we may; blank is no.", allowed=_YES_NO, example="yes"),
    Column(
        "consent_basis",
        "On what grounds the content may be used.",
        required=True,
        allowed=_codes(vocab.ConsentBasis),
        example="informed",
    ),
    Column(
        "consent_store",
        "Whether it may be stored. Without a yes the row is refused.",
        required=True,
        allowed=_YES_NO,
        example="yes",
    ),
    Column("consent_share", "Whether partners may see it.", allowed=_YES_NO, example="yes"),
    Column("consent_publish", "Whether it may be published.", allowed=_YES_NO, example="yes"),
    Column("consent_court", "Whether it may serve in court.", allowed=_YES_NO, example="no"),
)
