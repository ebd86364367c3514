"""The UCDP Georeferenced Event Dataset as published on HDX (codebook: ucdp.uu.se/downloads).

Each row becomes a report whose source is UCDP, relaying the articles it cites, which relay whom
they quote. Low, best and high are one total claim; the parts are best figures only. Rows whose low,
best and high disagree are authentic: kept, and flagged.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from incidents import vocab
from incidents.countries import alpha2_of_alpha3
from incidents.intake.presets.base import PUBLIC_SOURCE, Column, Preset
from incidents.intake.row_reading import RowReading
from incidents.intake.table_types import TableRow
from incidents.rollup import in_order
from incidents.types import Submission

WHERE_PREC = {
    "1": vocab.LocationPrecision.WITHIN_1KM,
    "2": vocab.LocationPrecision.WITHIN_25KM,
    "3": vocab.LocationPrecision.DISTRICT,
    "4": vocab.LocationPrecision.PROVINCE,
    "5": vocab.LocationPrecision.AREA,
    "6": vocab.LocationPrecision.COUNTRY,
    "7": vocab.LocationPrecision.UNKNOWN,
}
DATE_PREC = {
    "1": vocab.TimePrecision.DAY,
    "2": vocab.TimePrecision.FEW_DAYS,
    "3": vocab.TimePrecision.WEEK,
    "4": vocab.TimePrecision.MONTH,
    "5": vocab.TimePrecision.YEAR,
}
ONE_SIDED = "3"
# Which part of the deaths a column counts, and whose they are.
_PARTS = (
    ("deaths_civilians", "civilian", ""),
    ("deaths_a", "belligerent", "side_a"),
    ("deaths_b", "belligerent", "side_b"),
    ("deaths_unknown", "unknown", ""),
)
COLUMNS = (
    Column("id", "The event's id, unique in the data set.", True, example="114064"),
    Column("type_of_violence", "1 state-based, 2 non-state, 3 one-sided.", True, ("1", "2", "3")),
    Column("dyad_name", "The two sides.", True, example="Government of Iraq - IS"),
    Column("side_a", "Side A; the attacker in one-sided violence.", True),
    Column("side_b", "Side B.", True),
    Column("source_article", "Outlet, day and headline of each article.", True),
    Column("source_headline", "Headlines; becomes the description.", True),
    Column("source_original", "Whom the articles quote.", True),
    Column("where_prec", "Precision of the place, 1 (exact) to 7.", True, tuple(WHERE_PREC)),
    Column("where_coordinates", "Name of the place.", True, hxl="#loc+name"),
    Column("latitude", "Degrees, WGS 84.", True, example="33.355813", hxl="#geo+lat"),
    Column("longitude", "Degrees, WGS 84.", True, example="43.786124", hxl="#geo+lon"),
    Column("iso3", "ISO 3166 alpha-3 code of the country.", True, hxl="#country+code"),
    Column("date_prec", "Precision of the date, 1 (day) to 5 (year).", True, tuple(DATE_PREC)),
    Column("date_start", "First possible day.", True, example="2014-01-24", hxl="#date+start"),
    Column("date_end", "Last possible day.", True, example="2014-01-25", hxl="#date+end"),
    *(Column(name, "Killed, best estimate of this part.", True) for name, _, _ in _PARTS),
    Column("low", "Killed in all, lowest estimate.", True, example="8"),
    Column("best", "Killed in all, best estimate.", True, example="8", hxl="#affected+killed"),
    Column("high", "Killed in all, highest estimate.", True, example="8"),
)

_NEVER_BLANK = (
    *("id", "where_prec", "latitude", "longitude", "date_prec", "date_start", "date_end"),
    *("low", "best", "high", *(name for name, _, _ in _PARTS)),
)


def submission_of_row(row: TableRow, mapping: Mapping[str, str]) -> Submission:
    """Turn one row into a submission; ``InvalidInput`` with all that is wrong with it."""
    read = RowReading(row, mapping)
    for column in _NEVER_BLANK:
        read.required(column)
    claims = _claims(read)
    total = claims[0]
    content = {
        "title": f"{read.text('dyad_name')}: {read.text('where_coordinates')}"[:300],
        "description": read.text("source_headline", "description", 20_000),
        "occurred": {
            "start": read.day("date_start", "occurred.start"),
            "end": read.day("date_end", "occurred.end"),
            "precision": read.code("date_prec", DATE_PREC),
        },
        "location": _place(read),
        "weapon": vocab.Weapon.UNCLEAR.value,
        "alleged_actor": (
            read.text("side_a") if read.given.get("type_of_violence") == ONE_SIDED else ""
        ),
        "sources": _sources(read),
        "claims": claims,
        "licence": vocab.Licence.CC_BY.value,
        "may_republish": True,
        "consent": PUBLIC_SOURCE,
    }
    agree = in_order(total["minimum"], total["best"], total["maximum"])
    flags = [] if agree else [vocab.ReportFlag.FIGURES_DISAGREE]
    return read.submission(content, key="ucdp-ged", id_column="id", flags=flags)


def _place(read: RowReading) -> dict[str, Any]:
    precision = read.code("where_prec", WHERE_PREC)
    country = alpha2_of_alpha3(read.text("iso3"))
    return {
        **read.point("longitude", "latitude", country),
        "precision": precision,
        "uncertainty_m": vocab.DEFAULT_UNCERTAINTY_M[precision] if precision else None,
        "place_name": read.text("where_coordinates", "location.place_name"),
        "country": country,
    }


def _claims(read: RowReading) -> list[dict[str, Any]]:
    read.origin("claims[0]", "best")
    claims: list[dict[str, Any]] = [
        {
            "source": "ucdp",
            "outcome": "killed",
            "minimum": read.persons("low"),
            "best": read.persons("best"),
            "maximum": read.persons("high"),
        }
    ]
    for number, (column, status, side) in enumerate(_PARTS, start=1):
        read.origin(f"claims[{number}]", column)
        claims.append(
            {
                "source": "ucdp",
                "outcome": "killed",
                "best": read.persons(column),
                "civilian_status": status,
                "party": read.text(side) if side else "",
            }
        )
    return claims


def _sources(read: RowReading) -> list[dict[str, Any]]:
    articles = _articles(read.given.get("source_article", ""))
    quoted = read.given.get("source_original", "")
    quoted_refs = ["quoted"] if quoted else []
    ucdp: dict[str, Any] = {
        "ref": "ucdp",
        "kind": "dataset",
        "name": "UCDP Georeferenced Event Dataset",
        "relays": [f"article-{number}" for number in range(1, len(articles) + 1)] or quoted_refs,
    }
    read.origin("sources", "source_article")
    sources = [ucdp]
    for number, (outlet, day, headline) in enumerate(articles, start=1):
        sources.append(
            {
                "ref": f"article-{number}",
                "kind": "article",
                "name": outlet[:300],
                "description": headline[:300],
                "published_on": day,
                "relays": quoted_refs,
            }
        )
    if quoted:
        sources.append({"ref": "quoted", "kind": "other", "description": quoted[:300]})
    return sources


def _articles(text: str) -> list[tuple[str, str | None, str]]:
    """Read ``"Outlet,2014-01-25,Headline";"…"`` into outlet, ISO day and headline."""
    articles = []
    for item in text.split('";"') if '"' in text else text.split(";"):
        outlet, _comma, rest = item.strip().strip('"').partition(",")
        day, _comma, headline = rest.partition(",")
        if outlet.strip():
            articles.append((outlet.strip(), _day(day), headline.strip()))
    return articles


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


UCDP_GED = Preset("ucdp-ged", "UCDP Georeferenced Event Dataset", COLUMNS, submission_of_row)
