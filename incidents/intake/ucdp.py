"""The UCDP Georeferenced Event Dataset as published on HDX (codebook: ucdp.uu.se/downloads).

Each row becomes a report whose source is UCDP, relaying the articles it cites, which relay whom
they quote. Low, best and high are one total claim; the parts are best figures only. Rows whose low,
best and high disagree are authentic: kept, and flagged.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from core.canonical import canonical_json, sha256_hex
from core.errors import FieldError, InvalidInput
from incidents import vocab
from incidents.checks import figures_disagree
from incidents.countries import alpha2_of_alpha3
from incidents.intake.json_reports import draft_convert
from incidents.types import (
    ClaimDraft,
    Consent,
    Occurred,
    Place,
    ReportDraft,
    SourceDraft,
    Submission,
)

KEY_PREFIX = "ucdp-ged:"
REQUIRED = (
    *("id", "where_prec", "latitude", "longitude", "date_prec", "date_start", "date_end"),
    *("type_of_violence", "dyad_name", "side_a", "side_b", "where_coordinates", "iso3"),
    *("source_article", "source_headline", "source_original"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high"),
)
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
Row = dict[str, str]


def rows_read(path: Path) -> Iterator[Row]:
    """Yield a CSV file's rows without its HXL row; ``InvalidInput`` if columns are missing."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, restval="")
        missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(errors=[FieldError(name, _("Column missing.")) for name in missing])
        for row in reader:
            if not _is_hxl_row(row):
                yield row


def _is_hxl_row(row: Row) -> bool:
    given = [value for value in row.values() if value]
    return bool(given) and all(value.startswith("#") for value in given)


def submission_of_row(row: Row) -> Submission:
    """Turn one row into a submission.

    ``ValueError`` or ``KeyError`` for what cannot be read, ``InvalidInput`` for what no report
    can hold.
    """
    total, *parts = _claims(row)
    draft = ReportDraft(
        title=f"{row['dyad_name']}: {row['where_coordinates']}"[:300],
        description=row["source_headline"],
        occurred=Occurred(
            start=date.fromisoformat(row["date_start"][:10]).isoformat(),
            end=date.fromisoformat(row["date_end"][:10]).isoformat(),
            precision=DATE_PREC[row["date_prec"]],
        ),
        location=_place(row),
        weapon=vocab.Weapon.UNCLEAR,
        alleged_actor=row["side_a"] if row["type_of_violence"] == ONE_SIDED else "",
        sources=_sources(row),
        claims=[total, *parts],
        licence=vocab.Licence.CC_BY,
        may_republish=True,
        consent=Consent(
            basis=vocab.ConsentBasis.PUBLIC_SOURCE, store=True, share=True, publish=True
        ),
    )
    return Submission(
        draft=draft_convert(msgspec.to_builtins(draft)),  # its limits hold for every way in
        idempotency_key=KEY_PREFIX + row["id"],
        body_sha256=sha256_hex(canonical_json(row)),
        flags=[vocab.ReportFlag.FIGURES_DISAGREE] if figures_disagree(total) else [],
    )


def _place(row: Row) -> Place:
    precision = WHERE_PREC[row["where_prec"]]
    return Place(
        longitude=float(row["longitude"]),
        latitude=float(row["latitude"]),
        precision=precision,
        uncertainty_m=vocab.DEFAULT_UNCERTAINTY_M[precision],
        place_name=row["where_coordinates"],
        country=alpha2_of_alpha3(row["iso3"]),
    )


def _claims(row: Row) -> list[ClaimDraft]:
    killed, status = vocab.Outcome.KILLED, vocab.CivilianStatus

    def part(column: str, civilian_status: vocab.CivilianStatus, party: str = "") -> ClaimDraft:
        return ClaimDraft(
            source="ucdp",
            outcome=killed,
            best=int(row[column]),
            civilian_status=civilian_status,
            party=party,
        )

    return [
        ClaimDraft(
            source="ucdp",
            outcome=killed,
            minimum=int(row["low"]),
            best=int(row["best"]),
            maximum=int(row["high"]),
        ),
        part("deaths_civilians", status.CIVILIAN),
        part("deaths_a", status.BELLIGERENT, row["side_a"]),
        part("deaths_b", status.BELLIGERENT, row["side_b"]),
        part("deaths_unknown", status.UNKNOWN),
    ]


def _sources(row: Row) -> list[SourceDraft]:
    articles = _articles(row["source_article"])
    quoted = row["source_original"].strip()
    quoted_refs = ["quoted"] if quoted else []
    ucdp = SourceDraft(
        ref="ucdp",
        kind=vocab.SourceKind.DATASET,
        name="UCDP Georeferenced Event Dataset",
        relays=[f"article-{number}" for number in range(1, len(articles) + 1)] or quoted_refs,
    )
    sources = [ucdp]
    for number, (outlet, day, headline) in enumerate(articles, start=1):
        sources.append(
            SourceDraft(
                ref=f"article-{number}",
                kind=vocab.SourceKind.ARTICLE,
                name=outlet[:300],
                description=headline[:300],
                published_on=day,
                relays=quoted_refs,
            )
        )
    if quoted:
        sources.append(
            SourceDraft(ref="quoted", kind=vocab.SourceKind.OTHER, description=quoted[:300])
        )
    return sources


def _articles(text: str) -> list[tuple[str, date | None, str]]:
    """Read ``"Outlet,2014-01-25,Headline";"…"`` into outlet, day and headline."""
    articles = []
    for item in text.split('";"') if '"' in text else text.split(";"):
        outlet, _comma, rest = item.strip().strip('"').partition(",")
        day, _comma, headline = rest.partition(",")
        if outlet.strip():
            articles.append((outlet.strip(), _day(day), headline.strip()))
    return articles


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
