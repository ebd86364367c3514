"""The steps that the map's time slider takes: days, weeks, months or years, as the record is long.

A day is a whole number: days since 1970-01-01 (UTC).
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.errors import FieldError, InvalidInput
from monitor.overview.asking import View
from monitor.overview.reading import points_of

MOST_STEPS = 48
# The steps, and the two ends of a period that lie between them.
MOST_EDGES = MOST_STEPS + 3
# The day 0 as an ordinal of the calendar.
EPOCH = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - EPOCH
_LENGTHS_DAYS = (1, 7)
_LENGTHS_MONTHS = (1, 3, 12, 60, 120, 1200, 12_000)


@dataclass(frozen=True, slots=True)
class Timeline:
    """``days``: where each step begins, and the day after the last one; ascending.

    What is shown begins with the step ``start`` and ends before the step ``end``.
    """

    days: list[int]
    start: int
    end: int


def timeline_of(actor: Actor, view: View) -> Timeline | None:
    """Return the steps over all that fits but for its time; None where nothing is on the map."""
    always = replace(view, wanted=replace(view.wanted, bbox=None, time_from=None, time_until=None))
    found = points_of(actor, always).aggregate(first=Min("time_start"), last=Max("time_end"))
    if found["first"] is None:
        return None
    days = steps(day_of(found["first"]), day_of(found["last"]))
    start, end = days[0], days[-1]
    if view.wanted.time_from:
        start = day_of(view.wanted.time_from)
    if view.wanted.time_until:
        end = day_of(view.wanted.time_until) + 1
    days = sorted({*days, start, end})
    return Timeline(days, bisect_left(days, start), bisect_left(days, end))


def day_of(moment: datetime) -> int:
    """Return the day of a moment (UTC)."""
    return moment.astimezone(UTC).toordinal() - EPOCH


def steps(first: int, last: int) -> list[int]:
    """Return where the steps from a day to another begin, and the day after them.

    They are as short as they can be and still be at most ``MOST_STEPS``; weeks begin on Mondays.
    """
    for length in _LENGTHS_DAYS:
        begin = first - (first + EPOCH - 1) % length
        if (last - begin) // length < MOST_STEPS:
            return [
                *range(begin, last + 1, length),
                begin + ((last - begin) // length + 1) * length,
            ]
    for length in _LENGTHS_MONTHS:
        days = list(islice(_months(first, last, length), MOST_STEPS + 2))
        if len(days) <= MOST_STEPS + 1:
            return days
    raise AssertionError("no record is longer than the calendar")


def _months(first: int, last: int, length: int) -> Iterator[int]:
    opening = date.fromordinal(first + EPOCH)
    month = opening.year * 12 + opening.month - 1
    month -= month % length
    while (begin := _begin_of(month)) <= last:
        yield begin
        month += length
    yield begin


def _begin_of(month: int) -> int:
    year, within = divmod(month, 12)
    if year > date.max.year:
        return _LAST_DAY + 1
    return date(max(year, 1), within + 1, 1).toordinal() - EPOCH


def days_parse(text: str) -> list[int]:
    """Read where steps begin; "" is none. ``InvalidInput`` for what is not ascending days."""
    words = text.split(",") if text else []
    message = _("days are at most %(most)d ascending days since 1970, with commas between them.")
    refused = InvalidInput(errors=[FieldError("days", message % {"most": MOST_EDGES}, "days")])
    if len(words) > MOST_EDGES or any(len(word) > 8 for word in words):
        raise refused
    try:
        days = [int(word) for word in words]
    except ValueError:
        raise refused from None
    if days != sorted(set(days)):
        raise refused
    return days
