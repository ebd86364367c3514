"""What was typed into the form of a report: as forms to show again, and as a report to be judged.

Rows of sources and claims stand in fields ``sources-0-kind``; how many there are is ``sources``
and ``claims``. A row in which nothing was typed is not part of the report.
"""

from collections import defaultdict
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents import vocab
from incidents.intake.dates import digits_plain
from incidents.intake.places import place_parse
from incidents.intake.vague_dates import occurred_parse
from incidents.vocab import IncidentKind, LocationPrecision
from monitor.submit.forms import ClaimForm, ReportForm, SourceForm
from monitor.typed import Asked, asked_by

MOST_ROWS = 40
_FIGURES = ("minimum", "best", "maximum")
_OF_SOURCE = ("name", "description", "url", "published_on", "identity")
# Paths of a report's members, and the fields of the form that say them.
_FIELDS = {
    "occurred": "first",
    "occurred.start": "first",
    "occurred.end": "last",
    "occurred.clock": "clock",
    "occurred.offset": "offset",
    "occurred.precision": "time_precision",
    "location": "where",
    "location.longitude": "where",
    "location.latitude": "where",
    "location.pcode": "where",
    "location.place_name": "place_name",
    "location.precision": "location_precision",
    "location.country": "country",
    "reporter.name": "reporter_name",
    "reporter.contact": "reporter_contact",
    **{f"consent.{name}": name for name in ("basis", "store", "share", "publish", "court")},
}


class Typed:
    """One sending of the form."""

    def __init__(self, data: QueryDict) -> None:
        self._data = data
        self.sources = _count(data.get("sources"))
        self.claims = _count(data.get("claims"))
        self._problems: dict[str, list[str]] = defaultdict(list)
        self.general: list[str] = []

    @property
    def key(self) -> str:
        """The idempotency key that was made when the form was opened."""
        return self._data.get("key", "")

    def form(self) -> ReportForm:
        """Return the part that stands once."""
        return ReportForm(data=self._data, problems=self._problems_of("", ReportForm))

    def source_forms(self) -> list[SourceForm]:
        """Return the rows of sources."""
        refs = self._refs()
        return [
            SourceForm(
                data=self._data,
                prefix=f"sources-{index}",
                others=[one for other, one in enumerate(refs) if other != index],
                problems=self._problems_of(f"sources-{index}-", SourceForm),
            )
            for index in range(self.sources)
        ]

    def claim_forms(self) -> list[ClaimForm]:
        """Return the rows of claims."""
        return [
            ClaimForm(
                data=self._data,
                prefix=f"claims-{index}",
                sources=self._refs(),
                problems=self._problems_of(f"claims-{index}-", ClaimForm),
            )
            for index in range(self.claims)
        ]

    def asked(self) -> Asked:
        """Return the label and the field of all that can be typed; a row's label says which."""
        asked = asked_by(self.form().fields)
        for title, rows in (
            (_("Source %(number)s"), self.source_forms()),
            (_("Figure %(number)s"), self.claim_forms()),
        ):
            for number, row in enumerate(rows, start=1):
                heading = title % {"number": number}
                for name, (label, field) in asked_by(row.fields).items():
                    asked[row.add_prefix(name)] = (f"{heading}: {label}", field)
        return asked

    def fold(self) -> None:
        """Take away the rows at the end in which nothing was typed; one is left."""
        self.sources = max(self._rows("sources"), default=0) + 1
        self.claims = max(self._rows("claims"), default=0) + 1

    def refuse(self, errors: list[FieldError]) -> None:
        """Put each error beside the field that it is about; what has none goes to the top."""
        for error in errors:
            field = self._field_of(error.field)
            if field is None:
                self.general.append(str(error.message))
            elif str(error.message) not in self._problems[field]:
                self._problems[field].append(str(error.message))

    def content(self) -> dict[str, Any]:
        """Return the report as the API takes it; ``InvalidInput`` for what cannot be read."""
        errors: list[FieldError] = []
        parts = {}
        for name, read in (
            ("occurred", self._occurred),
            ("location", self._location),
            ("sources", self._sources_content),
            ("claims", self._claims_content),
        ):
            try:
                parts[name] = read()
            except InvalidInput as refused:
                errors += refused.errors
        errors += self._missing()
        if errors:
            raise InvalidInput(errors=errors)
        return parts | self._rest()

    def _problems_of(self, prefix: str, form: Any) -> dict[str, list[str]]:
        return {
            name: self._problems[prefix + name]
            for name in form.base_fields
            if prefix + name in self._problems
        }

    def _refs(self) -> list[tuple[str, str]]:
        return [(f"s{n}", _("Source %d") % n) for n in range(1, self.sources + 1)]

    def _field_of(self, path: str) -> str | None:
        """Return the form's field of a member, ``sources-2-url`` for ``sources[1].url``."""
        table, bracket, rest = path.partition("[")
        if not bracket or table not in ("sources", "claims"):
            name = _FIELDS.get(path, path.partition("[")[0])
            return name if name in ReportForm.base_fields else None
        number, _bracket, member = rest.partition("]")
        rows = self._rows(table)
        row = rows[int(number)] if number.isdigit() and int(number) < len(rows) else 0
        form = SourceForm if table == "sources" else ClaimForm
        name = member.strip(".").partition("[")[0]
        fallback = "kind" if table == "sources" else "minimum"
        return f"{table}-{row}-{name if name in form.base_fields else fallback}"

    def _rows(self, table: str) -> list[int]:
        """Return the numbers of those rows in which something was typed, from 0."""
        names = ("kind", *_OF_SOURCE) if table == "sources" else ("outcome", *_FIGURES)
        count = self.sources if table == "sources" else self.claims
        return [
            row
            for row in range(count)
            if any(self._text(f"{table}-{row}-{name}") for name in names)
        ]

    def _text(self, name: str) -> str:
        return self._data.get(name, "").replace("\r\n", "\n").strip()

    def _given(self, names: tuple[str, ...], prefix: str = "") -> dict[str, str]:
        found = {name: self._text(prefix + name) for name in names}
        return {name: text for name, text in found.items() if text}

    def _occurred(self) -> dict[str, str]:
        return occurred_parse(
            precision=self._text("time_precision"),
            first=self._text("first"),
            last=self._text("last"),
            clock=self._text("clock"),
            offset=self._text("offset"),
        )

    def _location(self) -> dict[str, Any]:
        try:
            place = place_parse(self._text("where"))
        except ValueError as exc:
            raise InvalidInput(errors=[FieldError("location", str(exc))]) from None
        name, precision = self._text("place_name"), self._text("location_precision")
        if place.place_name and name:
            message = _("This is no coordinates and no P-code. A name alone is written here only.")
            raise InvalidInput(errors=[FieldError("location", message)])
        if place.is_near and not precision:
            precision = LocationPrecision.WITHIN_25KM
        if not precision:
            message = _("Say how closely the place is known.")
            raise InvalidInput(errors=[FieldError("location.precision", message, "required")])
        told: dict[str, Any] = {
            "longitude": place.longitude,
            "latitude": place.latitude,
            "pcode": place.pcode,
            "place_name": place.place_name or name,
            "country": self._text("country"),
        }
        filled = {member: value for member, value in told.items() if value not in ("", None)}
        return filled | {"precision": precision}

    def _sources_content(self) -> list[dict[str, Any]]:
        rows = self._rows("sources")
        if not rows:
            message = _("Name at least one source: who saw it, or where it was said.")
            raise InvalidInput(errors=[FieldError("sources[0].kind", message, "required")])
        sources = []
        for row in rows:
            prefix = f"sources-{row}-"
            source: dict[str, Any] = self._given(("kind", *_OF_SOURCE), prefix)
            if relays := self._data.getlist(prefix + "relays"):
                source["relays"] = relays
            sources.append({"ref": f"s{row + 1}", "kind": ""} | source)
        _demand_chosen(sources, "sources", "kind", _("Say what kind of source it is."))
        return sources

    def _claims_content(self) -> list[dict[str, Any]]:
        claims, errors = [], []
        for number, row in enumerate(self._rows("claims")):
            prefix = f"claims-{row}-"
            names = ("source", "outcome", "civilian_status", "sex", "age_group")
            claim: dict[str, Any] = {"outcome": "", "source": "s1"} | self._given(names, prefix)
            for name, text in self._given(_FIGURES, prefix).items():
                digits = digits_plain(text)
                if digits.isascii() and digits.isdigit() and len(digits) <= 9:
                    claim[name] = int(digits)
                else:
                    message = _(
                        "Write one whole number of persons. The ends of a range go into"
                        " “At least” and “At most”."
                    )
                    errors.append(FieldError(f"claims[{number}].{name}", message, "number"))
            claims.append(claim)
        if errors:
            raise InvalidInput(errors=errors)
        _demand_chosen(claims, "claims", "outcome", _("Say what happened to people."))
        return claims

    def _missing(self) -> list[FieldError]:
        """Return what must be chosen and is not."""
        is_strike = self._text("kind") == IncidentKind.STRIKE
        wanted = {
            "licence": (_("Choose a licence."), vocab.Licence.values),
            "basis": (_("Say on what grounds you may pass it on."), vocab.ConsentBasis.values),
        }
        if is_strike:
            message = _("Name the weapon of a strike, or say “unclear”.")
            wanted["weapon"] = (message, vocab.Weapon.values)
        missing = [
            FieldError(name, message, "required")
            for name, (message, known) in wanted.items()
            if self._text(name) not in known
        ]
        if "store" not in self._data:
            message = _("Without consent to store it, a report cannot be taken.")
            missing.append(FieldError("consent.store", message, "no_consent"))
        return missing

    def _rest(self) -> dict[str, Any]:
        reporter = {
            name: text for name in ("name", "contact") if (text := self._text(f"reporter_{name}"))
        }
        purposes = ("store", "share", "publish", "court")
        rest: dict[str, Any] = {
            **self._given(
                ("title", "description", "language", "kind", "weapon", "alleged_actor", "licence")
            ),
            "targets": self._data.getlist("targets"),
            "damage": self._data.getlist("damage"),
            "may_republish": "may_republish" in self._data,
            "consent": {"basis": self._text("basis")}
            | {name: name in self._data for name in purposes},
        }
        return rest | ({"reporter": reporter} if reporter else {})


def _demand_chosen(rows: list[dict[str, Any]], table: str, name: str, message: str) -> None:
    errors = [
        FieldError(f"{table}[{number}].{name}", message, "required")
        for number, row in enumerate(rows)
        if not row[name]
    ]
    if errors:
        raise InvalidInput(errors=errors)


def _count(text: str | None) -> int:
    """Return how many rows there are; what is no such number was not sent by our form."""
    digits = text or ""
    count = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 1
    return min(max(count, 1), MOST_ROWS)
