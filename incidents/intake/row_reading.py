"""Reading one row's cells into the content of a report, gathering all that is wrong with it.

Each cell is judged where it is read, in words for the sender and under the sender's own header;
what only shows in the whole report (a date in the future) is traced back to its cell by the path
that was noted then.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from core.canonical import sha256_hex
from core.errors import FieldError, InvalidInput
from incidents.checks import report_errors
from incidents.intake.coordinates import degrees_parse, looks_swapped
from incidents.intake.dates import day_parse, digits_plain
from incidents.intake.json_reports import draft_convert
from incidents.intake.table_types import TableRow
from incidents.rollup import in_order
from incidents.types import ReportDraft, Submission
from incidents.vocab import ReportFlag

DATE_ORDER = "date_order"  # the entry of a mapping that says how 08/11/2024 is meant
_PERSONS = re.compile(r"[0-9]{1,9}(\.0+)?\Z")
_WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+\Z")  # as some programs write ids
_METRES = re.compile(r"[0-9]{1,7}(\.[0-9]*)?\Z")
_GROUPED = re.compile(r"[0-9]{1,3}([,٬' \u00a0\u202f][0-9]{3})+\Z")
_MOST_PERSONS = 100_000_000
_YES = frozenset({"yes", "y", "true", "1", "نعم"})
_NO = frozenset({"no", "n", "false", "0", "لا"})
_LONGEST_ID = 150
_NOWHERE = "row"
# Of text by ASCII names this is RFC 8785, and quicker than ``core.canonical``.
_CANONICAL = msgspec.json.Encoder(order="sorted")


class RowReading:
    """One row. ``given`` has the texts that are not blank, by the preset's columns."""

    def __init__(self, row: TableRow, mapping: Mapping[str, str]) -> None:
        self._row, self._mapping = row, mapping
        self._origins: dict[str, str] = {}
        self.errors: list[FieldError] = []
        if row.error is not None:
            raise InvalidInput(errors=[row.error])
        cells = row.cells
        self.given: dict[str, str] = {
            column: text
            for column, header in mapping.items()
            if (text := cells.get(header, "").strip())
        }

    def refuse(self, column: str, message: str, code: str = "invalid") -> None:
        """Note what is wrong with a cell."""
        header = self._mapping.get(column, column)
        self.errors.append(FieldError(header, message, code, self._row.number))

    def text(self, column: str, path: str = "", longest: int = 300) -> str:
        """Return a cell's text; empty for a blank one."""
        text = self.given.get(column, "")
        if path:
            self._origins[path] = column
        if len(text) > longest:
            self.refuse(column, _("At most %d characters.") % longest, "too_long")
        return text

    def required(self, column: str) -> bool:
        """Tell whether a cell is given, and refuse a blank one."""
        if column in self.given:
            return True
        self.refuse(column, _("This cell must not be blank."), "required")
        return False

    def day(self, column: str, path: str) -> str | None:
        """Return a date as ISO text."""
        self._origins[path] = column
        text = self.given.get(column)
        if text is None:
            return None
        try:
            return day_parse(text, self._mapping.get(DATE_ORDER, "")).isoformat()
        except ValueError as exc:
            self.refuse(column, str(exc), "date")
            return None

    def choice(self, column: str, options: type[TextChoices], path: str) -> str | None:
        """Return one of a vocabulary's codes, also where it is written with spaces or capitals."""
        self._origins[path] = column
        text = self.given.get(column)
        return None if text is None else self._choice_of(column, text, options)

    def choices(self, column: str, options: type[TextChoices], path: str) -> list[str]:
        """Return several codes that are separated by semicolons."""
        self._origins[path] = column
        found = [self._choice_of(column, word, options) for word in self.words(column)]
        return [code for code in found if code is not None]

    def _choice_of(self, column: str, text: str, options: type[TextChoices]) -> str | None:
        codes = _codes(options)
        code = codes.get(text) or codes.get(_plain_code(text))
        if code is not None:
            return code
        message = _("“%(text)s” is none of: %(codes)s.") % {
            "text": text[:50],
            "codes": ", ".join(dict.fromkeys(codes.values())),
        }
        self.refuse(column, message, "choice")
        return None

    def persons(self, column: str) -> int | None:
        """Return a whole number of persons."""
        text = self.given.get(column)
        if text is None:
            return None
        plain = digits_plain(text)
        if _GROUPED.match(plain):
            plain = re.sub(r"[^0-9]", "", plain)
        if not _PERSONS.match(plain) or int(plain.partition(".")[0]) > _MOST_PERSONS:
            message = _("“%s” is not a whole number of persons, such as 12.") % text[:50]
            self.refuse(column, message, "number")
            return None
        return int(plain.partition(".")[0])

    def order(self, column: str, *figures: int | None) -> None:
        """Refuse minimum, best and maximum that are out of order."""
        if not in_order(*figures):
            message = _("The figures must be in order: minimum, best, maximum.")
            self.refuse(column, message, "order")

    def metres(self, column: str, path: str) -> float | None:
        """Return a length in metres."""
        self._origins[path] = column
        text = self.given.get(column)
        if text is None:
            return None
        plain = digits_plain(text).replace(",", ".")
        if not _METRES.match(plain):
            self.refuse(column, _("“%s” is not a number of metres.") % text[:50], "number")
            return None
        return float(plain)

    def words(self, column: str) -> list[str]:
        """Return what is separated by semicolons."""
        words = (word.strip() for word in self.given.get(column, "").split(";"))
        return [word for word in words if word]

    def code(self, column: str, codes: Mapping[str, Any]) -> Any:
        """Return what one of a data set's own codes stands for."""
        text = self.given.get(column)
        if text is not None and text not in codes:
            message = _("“%(text)s” is none of: %(codes)s.")
            said = {"text": text[:50], "codes": ", ".join(codes)}
            self.refuse(column, message % said, "choice")
        return codes.get(text or "")

    def degrees(self, column: str, hemispheres: str) -> float | None:
        """Return degrees; ``hemispheres`` is ``EW`` or ``NS``."""
        text = self.given.get(column)
        if text is None:
            return None
        try:
            return degrees_parse(text, hemispheres)
        except ValueError as exc:
            self.refuse(column, str(exc), "degrees")
            return None

    def point(
        self, longitude_column: str, latitude_column: str, country: str | None
    ) -> dict[str, float | None]:
        """Return longitude and latitude; refuse them where they look swapped."""
        self._origins["location.longitude"] = longitude_column
        self._origins["location.latitude"] = latitude_column
        longitude = self.degrees(longitude_column, "EW")
        latitude = self.degrees(latitude_column, "NS")
        if longitude is not None and latitude is not None:
            if looks_swapped(longitude, latitude, country):
                message = _("Longitude and latitude look swapped. Please check and exchange them.")
                self.refuse(latitude_column, message, "swapped")
            elif abs(latitude) > 90:
                self.refuse(latitude_column, _("Latitude lies between -90 and 90."), "range")
            elif abs(longitude) > 180:
                self.refuse(longitude_column, _("Longitude lies between -180 and 180."), "range")
        return {"longitude": longitude, "latitude": latitude}

    def yes(self, column: str) -> bool:
        """Return whether a cell says yes; blank is no."""
        text = self.given.get(column, "no").lower()
        if text not in _YES and text not in _NO:
            self.refuse(column, _("Write yes or no."), "choice")
        return text in _YES

    def origin(self, path: str, column: str) -> None:
        """Note which column the content at a path comes from."""
        self._origins[path] = column

    def submission(
        self,
        content: dict[str, Any],
        *,
        key: str,
        id_column: str,
        flags: Sequence[ReportFlag] = (),
    ) -> Submission:
        """Return the row as a submission; ``InvalidInput`` with all that is wrong with it.

        ``key`` begins the idempotency key, which the cell of ``id_column`` or else the row's own
        hash completes.
        """
        draft = self._draft(content)
        digest = sha256_hex(_CANONICAL.encode(self.given))
        own = _WHOLE_NUMBER.sub(r"\1", self.given.get(id_column, f"sha256:{digest}"))
        if len(own) > _LONGEST_ID or not own.isprintable():
            self.refuse(id_column, _("An id is at most 150 printable characters."), "id")
        if self.errors or draft is None:
            raise InvalidInput(errors=self.errors)
        return Submission(
            draft=draft,
            idempotency_key=f"{key}:{own}",
            body_sha256=digest,
            flags=list(flags),
        )

    def _draft(self, content: dict[str, Any]) -> ReportDraft | None:
        try:
            draft = draft_convert(content)
        except InvalidInput as exc:
            self._trace(exc.errors)
            return None
        self._trace(list(report_errors(draft)))
        return draft

    def _trace(self, errors: list[FieldError]) -> None:
        """Put errors of the report under the columns they come from, one for each column."""
        known = {error.field for error in self.errors}
        for error in errors:
            column = self._origin_of(error.field)
            if column == _NOWHERE and self.errors:
                continue  # most likely it follows from the cell that is wrong
            header = self._mapping.get(column, column)
            if header not in known:
                known.add(header)
                self.refuse(column, error.message, error.code)

    def _origin_of(self, path: str) -> str:
        while path:
            if path in self._origins:
                return self._origins[path]
            path = path.rpartition(".")[0]
        return _NOWHERE


@cache
def _codes(options: type[TextChoices]) -> dict[str, str]:
    """Return a vocabulary's codes, by themselves and as people may write them."""
    codes = [str(code) for code in options.values]
    return {code: code for code in codes} | {_plain_code(code): code for code in codes}


def _plain_code(text: str) -> str:
    return text.strip().casefold().replace(" ", "_").replace("-", "_")
