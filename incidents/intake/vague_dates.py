"""When, as people know it: a day with or without its hour, a few days, a week, a month, a year."""

import re
from calendar import monthrange
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from incidents.intake.dates import day_parse, digits_plain
from incidents.vocab import TimePrecision

_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})\Z")
_MONTH_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})\Z")
_YEAR = re.compile(r"[0-9]{4}\Z")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])\Z")
_OFFSET = re.compile(r"([+-])([0-9]{1,2})(?::?([0-9]{2}))?\Z")
_OF_THE_CLOCK = (TimePrecision.MINUTE, TimePrecision.HOUR)
_SIX_DAYS = timedelta(days=6)
Days = tuple[date, date]


def occurred_parse(
    *, precision: str, first: str, last: str = "", clock: str = "", offset: str = ""
) -> dict[str, str]:
    """Return ``occurred`` of a report from what was typed; both ends are included.

    ``first`` is a day, for a month or a year also ``2014-06`` or ``2014``. ``clock`` is the local
    time and ``offset`` how far it is ahead of UTC, ``+03:00``. Raises ``InvalidInput`` with the
    fields ``occurred.start``, ``.end``, ``.clock``, ``.offset`` and ``.precision``.
    """
    if precision not in TimePrecision.values:
        raise _wrong("precision", _("Say how closely the time is known."), "required")
    if precision in _OF_THE_CLOCK or clock.strip():
        day = _days("start", first, TimePrecision.DAY)[0]
        return _at(day, clock, offset, TimePrecision(precision))
    start, end = _days("start", first, TimePrecision(precision))
    if last.strip():
        end = _days("end", last, TimePrecision(precision))[1]
    elif precision == TimePrecision.FEW_DAYS:
        raise _wrong("end", _("Say until which day it may have been."), "required")
    elif precision == TimePrecision.WEEK:
        end = min(start, date.max - _SIX_DAYS) + _SIX_DAYS
    occurred = {"start": start.isoformat(), "precision": precision}
    return occurred if end == start else occurred | {"end": end.isoformat()}


def _wrong(field: str, message: str, code: str = "invalid") -> InvalidInput:
    return InvalidInput(errors=[FieldError(f"occurred.{field}", message, code)])


def _days(field: str, text: str, precision: TimePrecision) -> Days:
    text = digits_plain(text.strip())
    if not text:
        raise _wrong(field, _("Say when: a day, or as much of it as is known."), "required")
    try:
        if precision == TimePrecision.YEAR and _YEAR.match(text):
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if precision == TimePrecision.MONTH and (month := _month(text)):
            return month
        day = day_parse(text)
    except ValueError as exc:
        message = str(exc)
        if _YEAR.match(text) or _is_month(text):
            message = _(
                "This is a whole month or year: choose so where you say how closely it is known."
            )
        raise _wrong(field, message, "no_date") from None
    if precision == TimePrecision.MONTH:
        return _whole_month(day.year, day.month)
    if precision == TimePrecision.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


def _month(text: str) -> Days | None:
    """Return the month of 2014-06, 06/2014 or June 2014; None for anything else."""
    if match := _MONTH.match(text):
        return _whole_month(int(match[1]), int(match[2]))
    if match := _MONTH_LAST.match(text):
        return _whole_month(int(match[2]), int(match[1]))
    try:
        named = day_parse(f"1 {text}")
    except ValueError:
        return None
    return _whole_month(named.year, named.month)


def _is_month(text: str) -> bool:
    try:
        return _month(text) is not None
    except ValueError:
        return False


def _whole_month(year: int, month: int) -> Days:
    if not (year >= 1 and 1 <= month <= 12):
        raise ValueError(_("There is no such month."))
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _at(day: date, clock: str, offset: str, precision: TimePrecision) -> dict[str, str]:
    match = _CLOCK.match(digits_plain(clock.strip()))
    if match is None:
        raise _wrong("clock", _("Write the time as 14:30."), "no_time")
    if precision not in _OF_THE_CLOCK:
        message = _("With a time it is known to the minute or the hour: choose one of them.")
        raise _wrong("precision", message)
    moment = f"{day.isoformat()}T{int(match[1]):02d}:{match[2]}:00{_zone(offset)}"
    return {"start": moment, "precision": precision}


def _zone(offset: str) -> str:
    match = _OFFSET.match(digits_plain(offset.strip()))
    if match is None or int(match[2]) > 14 or int(match[3] or 0) >= 60:
        message = _("Write how far local time is ahead of UTC, as +03:00.")
        raise _wrong("offset", message, "no_offset")
    return f"{match[1]}{int(match[2]):02d}:{match[3] or '00'}"
