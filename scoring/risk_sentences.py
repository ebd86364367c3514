"""A cell's risk in one sentence or two, in each language; persons, rounded as they are sure."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.formats import date_format


class Facts(NamedTuple):
    """What a sentence is made of: persons, strikes in the horizon."""

    origin: date
    horizon_days: int
    people: float
    people_low: float
    people_high: float
    residents: float
    risk_class: int | None
    strikes: float
    background: float | None
    incidents: int
    people_before: float | None
    new_incidents: int


# Templates and not a catalogue: these sentences are published, and must be the same wherever the
# catalogues were compiled. A language without its own gets English.
_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "expected": "In the {days} days from {date}, {people} of the {residents} people who live "
        "here are expected to have a strike within 5 km (90 % interval: {low} to {high}).",
        "class": "That is class {risk_class} of 10.",
        "why": "Of the strikes expected in this cell, {background} % are its long-run background; "
        "beyond that, most is added by {incidents}.",
        "only_background": "Nothing that happened lately adds to its long-run background.",
        "same": "Since the last run this has hardly changed.",
        "rose": "Since the last run this rose from {before}, with {new} among its reasons.",
        "rose_alone": "Since the last run this rose from {before}, with no new incident among its "
        "reasons.",
        "fell": "Since the last run this fell from {before}.",
        "new": "In the last run nobody here was expected to be exposed.",
        "about": "about {number}",
        "few": "fewer than one",
    },
    "ar": {
        "expected": "خلال {days} يوماً ابتداءً من {date}، يُتوقَّع أن تقع ضربة ضمن مسافة 5 كم من "
        "{people} من أصل {residents} من السكان هنا (نطاق 90 ٪: من {low} إلى {high}).",
        "class": "وهذه هي الفئة {risk_class} من 10.",
        "why": "من الضربات المتوقعة في هذه الخلية {background} ٪ هي معدّلها الطويل الأمد، وأكثر ما "
        "يُضاف إليه مصدره {incidents}.",
        "only_background": "لم يقع مؤخراً ما يزيد على المعدّل الطويل الأمد.",
        "same": "لم يتغيّر ذلك تقريباً منذ الحساب السابق.",
        "rose": "ارتفع ذلك منذ الحساب السابق من {before}، ومن أسبابه {new}.",
        "rose_alone": "ارتفع ذلك منذ الحساب السابق من {before}، وليس بين أسبابه حادثة جديدة.",
        "fell": "انخفض ذلك منذ الحساب السابق من {before}.",
        "new": "في الحساب السابق لم يُتوقَّع أن يتعرّض أحد هنا.",
        "about": "نحو {number}",
        "few": "أقل من شخص واحد",
    },
}
# "3 incidents" and "3 new incidents" by CLDR's plural categories; Arabic in the nominative.
_COUNTED: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "one": ("one incident", "one new incident"),
        "other": ("{n} incidents", "{n} new incidents"),
    },
    "ar": {
        "zero": ("لا حوادث", "لا حوادث جديدة"),
        "one": ("حادثة واحدة", "حادثة جديدة واحدة"),
        "two": ("حادثتان", "حادثتان جديدتان"),
        "few": ("{n} حوادث", "{n} حوادث جديدة"),
        "many": ("{n} حادثةً", "{n} حادثةً جديدةً"),
        "other": ("{n} حادثة", "{n} حادثة جديدة"),
    },
}
LANGUAGES = tuple(_TEXTS)


def sentences(facts: Facts, *, with_change: bool = True) -> dict[str, str]:
    """Return what the facts say, by language."""
    return {language: _said(language, facts, with_change) for language in LANGUAGES}


def significant(number: float, digits: int = 2) -> float:
    """Return a number at so many significant digits."""
    return float(f"{number:.{digits - 1}e}")


def _said(language: str, facts: Facts, with_change: bool) -> str:
    texts = _TEXTS[language]
    values = _values(language, facts)
    parts = ["expected"]
    if facts.risk_class is not None:
        parts.append("class")
    if facts.background is not None:
        parts.append("why" if facts.incidents else "only_background")
    if with_change:
        parts.append(_change(facts))
    return " ".join(texts[part].format(**values) for part in parts)


def _change(facts: Facts) -> str:
    if facts.people_before is None:
        return "new"
    before, now = significant(facts.people_before), significant(facts.people)
    if before == now:
        return "same"
    if now < before:
        return "fell"
    return "rose" if facts.new_incidents else "rose_alone"


def incidents_counted(language: str, number: int, *, new: bool = False) -> str:
    """Return "3 incidents", or "3 new incidents", as the language counts."""
    forms = _COUNTED[language]
    form = forms.get(_plural(language, number), forms["other"])
    return form[new].format(n=number)


def _plural(language: str, number: int) -> str:
    if language != "ar":
        return "one" if number == 1 else "other"
    if number < 3:
        return ("zero", "one", "two")[number]
    if 3 <= number % 100 <= 10:
        return "few"
    return "many" if number % 100 > 10 else "other"


def _values(language: str, facts: Facts) -> dict[str, Any]:
    share = (facts.background or 0) / facts.strikes if facts.strikes > 0 else 1.0
    return {
        "days": facts.horizon_days,
        "date": _day(language, facts.origin),
        "people": _about(language, facts.people),
        "low": _persons(facts.people_low),
        "high": _persons(facts.people_high),
        "residents": _persons(facts.residents),
        "risk_class": facts.risk_class,
        "background": round(100 * min(share, 1.0)),
        "incidents": incidents_counted(language, facts.incidents),
        "before": _about(language, facts.people_before or 0.0),
        "new": incidents_counted(language, facts.new_incidents, new=True),
    }


@lru_cache(maxsize=64)
def _day(language: str, day: date) -> str:
    with translation.override(language):
        return date_format(day, "j F Y")


def _about(language: str, number: float) -> str:
    texts = _TEXTS[language]
    return texts["about"].format(number=_persons(number)) if number >= 1 else texts["few"]


def _persons(number: float) -> str:
    return f"{significant(number):,.0f}"
