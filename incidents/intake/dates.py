"""Dates as people write them in tables. What could mean two days is refused, never guessed."""

import re
from datetime import date

from django.utils.translation import gettext as _

# Arabic-Indic and Persian digits are read as ours.
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO_DAY = re.compile(
    r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})([T ]0{1,2}:00(:00(\.0+)?)?Z?)?\Z"
)
_NUMBERS = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[ -]([^\W\d]+(?: [^\W\d]+)?)\.?,?[ -]([0-9]{4})\Z")
_MONTH_FIRST = re.compile(r"([^\W\d]+(?: [^\W\d]+)?)\.? ([0-9]{1,2}),? ([0-9]{4})\Z")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
# The months' names in Iraq and the Levant, and in Egypt and the Gulf.
_ARABIC_MONTHS = (
    ("كانون الثاني", "يناير"),
    ("شباط", "فبراير"),
    ("آذار", "أذار", "مارس"),
    ("نيسان", "أبريل", "ابريل"),
    ("أيار", "ايار", "مايو"),
    ("حزيران", "يونيو"),
    ("تموز", "يوليو"),
    ("آب", "أغسطس"),
    ("أيلول", "ايلول", "سبتمبر"),
    ("تشرين الأول", "أكتوبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("كانون الأول", "ديسمبر"),
)
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"


def digits_plain(text: str) -> str:
    """Return a text with Arabic-Indic digits as 0 to 9."""
    return text if text.isascii() else text.translate(_DIGITS)


def day_parse(text: str, order: str = "") -> date:
    """Return the day that a text names. ``order`` is of 08/11/2024: ``dmy`` or ``mdy``.

    Raises ``ValueError`` with words for the sender.
    """
    text = digits_plain(text.strip())
    try:
        year, month, day = _parts(text, order)
        return date(year, month, day)
    except _NoDate as exc:
        raise ValueError(str(exc)) from None
    except ValueError:
        raise ValueError(_("There is no such date: “%s”.") % text[:50]) from None


class _NoDate(ValueError):
    """The text names no day, or might name two."""


def _parts(text: str, order: str) -> tuple[int, int, int]:
    if match := _ISO_DAY.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.match(text):
        return _numbers_in_order(text, int(match[1]), int(match[2]), int(match[3]), order)
    if match := _DAY_FIRST.match(text):
        return int(match[3]), _month(match[2]), int(match[1])
    if match := _MONTH_FIRST.match(text):
        return int(match[3]), _month(match[1]), int(match[2])
    raise _NoDate(_("“%s” is not read as a date. Write it as 2024-11-08.") % text[:50])


def _numbers_in_order(text: str, a: int, b: int, year: int, order: str) -> tuple[int, int, int]:
    if order == DAY_FIRST or (not order and a > 12):
        return year, b, a
    if order == MONTH_FIRST or (not order and b > 12) or (not order and a == b):
        return year, a, b
    message = _("“%s” could be two dates. Write it as 2024-11-08, or say which number is the day.")
    raise _NoDate(message % text)


def _month(name: str) -> int:
    name = name.lower()
    for number, english in enumerate(_MONTHS, start=1):
        if name == english or (name in (english[:3], english[:4]) and len(name) >= 3):
            return number
    for number, arabic in enumerate(_ARABIC_MONTHS, start=1):
        if name in arabic:
            return number
    raise _NoDate(_("“%s” is the name of no month that we know.") % name[:50])
