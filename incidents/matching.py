"""Whether two incidents are the same strike: a score with its reasons.

Plain arithmetic on two incidents; the model and where its weights come from are in
docs/methodology.md. The score is the logistic function of a sum of weights, each with its reason.
Metres, days, persons. Whatever the order of the two, the answer is the same to the last bit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log, log1p, sqrt, tanh
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from core.geo import distance_m
from incidents.names import (
    Words,
    is_arabic_script,
    name_similarity,
    title_similarity,
    words_of,
)
from incidents.vocab import WEAPON_CLASS, TimePrecision, Verdict, Weapon, WeaponClass

FORMULA = "matching-2"

# At and above these scores; ``LIKELY`` is the first where precision was 0.95 on what was fitted on.
LIKELY, POSSIBLE = 0.93, 0.2

# An uncertainty that is unknown, or larger, counts as this much.
MOST_UNCERTAINTY_M = 100_000.0
# How far apart two reports of one strike lie though both are sure, in metres and in days.
SURE_M, SURE_DAYS = 3_000.0, 0.5
# How long a time of some precision is at least, in days.
LEAST_DAYS: Mapping[str, float] = {
    TimePrecision.MINUTE: 0.0,
    TimePrecision.HOUR: 1 / 24,
    TimePrecision.DAY: 1.0,
    TimePrecision.FEW_DAYS: 6.0,
    TimePrecision.WEEK: 7.0,
    TimePrecision.MONTH: 31.0,
    TimePrecision.YEAR: 366.0,
}

# Log odds for one unit of each term. The first are fitted by scripts/fit_matching.py; the last five
# are stated: the labelled set has one country and no weapons, and no data set lists an event twice.
# Of what one data set lists as two, one in a hundred is taken for a mistake: ln(1 / 100).
BASE = 2.32
WEIGHTS: Mapping[str, float] = {
    "distance": -0.72,
    "vague_place": -0.23,
    "days": -1.18,
    "vague_time": -1.01,
    "place_name": 1.33,
    "title": 0.97,
    "figures_differ": -4.48,
    "figures_agree": 1.65,
    "same_weapon": 0.7,
    "same_weapon_class": 0.3,
    "other_weapon_class": -1.5,
    "other_country": -2.0,
    "same_data_set": -4.6,
}

# Names less alike than this say no more against one another.
_UNLIKE_NAME, _NEUTRAL_NAME, _NEUTRAL_TITLE = 0.3, 0.7, 0.5
# Figures agree within one person and this share of the larger. How far they differ counts up to a
# bound only: two honest counts of one strike may be far apart. How rare what agrees is grows up to
# a bound too: fitted on deaths, the weight would call any two displacements of 50,000 the same.
_TOLERANCE, _MOST_DIFFERENCE, _RAREST = 0.3, 0.8, 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400.0

Reason = dict[str, Any]
DataSet = tuple[UUID, str]  # whose it is, and the preset of its rows
Figures = Mapping[tuple[Any, ...], tuple[int, ...]]


class Described(Protocol):
    """What is read of an incident."""

    location: Any
    uncertainty_m: float | None
    time_start: datetime
    time_end: datetime
    time_precision: str
    weapon: str
    country: str
    place_name: str
    title: str
    alleged_actor: str
    casualties: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Subject:
    """An incident as it is compared; ``middle`` is in days, UTC, ``span`` is how many they are."""

    longitude: float
    latitude: float
    uncertainty_m: float
    middle: float
    span: float
    weapon: str
    country: str
    place_name: Words
    title: Words
    is_arabic_script: bool
    figures: Figures
    data_sets: frozenset[DataSet]


class Evidence(NamedTuple):
    """One reason: its code, the terms that are weighed, and the values that a person reads."""

    code: str
    terms: Mapping[str, float]
    values: Mapping[str, Any]


class Match(NamedTuple):
    """How likely two incidents are one, 0 to 1; ``verdict`` is None below ``POSSIBLE``."""

    score: float
    verdict: Verdict | None
    reasons: list[Reason]


def subject_of(incident: Described, data_sets: frozenset[DataSet] = frozenset()) -> Subject:
    """Return an incident that has a point as it is compared; ``data_sets`` list it under an id."""
    start, end = (_days(moment) for moment in (incident.time_start, incident.time_end))
    title = f"{incident.title} {incident.alleged_actor}"
    uncertainty_m = incident.uncertainty_m
    if uncertainty_m is None:
        uncertainty_m = MOST_UNCERTAINTY_M
    return Subject(
        longitude=incident.location.x,
        latitude=incident.location.y,
        uncertainty_m=min(uncertainty_m, MOST_UNCERTAINTY_M),
        middle=(start + end) / 2,
        span=max(end - start, LEAST_DAYS[incident.time_precision]),
        weapon=incident.weapon,
        country=incident.country,
        place_name=words_of(incident.place_name),
        title=words_of(title),
        is_arabic_script=is_arabic_script(title),
        figures=_figures(incident.casualties),
        data_sets=data_sets,
    )


def match_score(one: Subject, other: Subject) -> Match:
    """Return how likely two incidents are the same strike, and why."""
    odds, reasons = BASE, []
    for code, terms, values in evidence_of(one, other):
        weight = sum(WEIGHTS[name] * value for name, value in terms.items())
        odds += weight
        reasons.append({"code": code, "weight": round(weight, 2), **values})
    score = round((1 + tanh(odds / 2)) / 2, 4)  # the logistic function, which never overflows so
    return Match(score, verdict_of(score), reasons)


def evidence_of(one: Subject, other: Subject) -> list[Evidence]:
    """Return what speaks for and against it, before it is weighed."""
    found = (compare(one, other) for compare in _COMPARISONS)
    return [evidence for evidence in found if evidence is not None]


def verdict_of(score: float) -> Verdict | None:
    """Return what a score is called; None for one that is not worth a monitor's time."""
    if score < POSSIBLE:
        return None
    return Verdict.LIKELY_SAME if score >= LIKELY else Verdict.POSSIBLE


def _distance(one: Subject, other: Subject) -> Evidence:
    """How far apart, in units of how far apart one strike's places may be stated."""
    places = sorted((subject.longitude, subject.latitude) for subject in (one, other))
    metres = distance_m(*places[0], *places[1])
    spread = sqrt(SURE_M**2 + (one.uncertainty_m**2 + other.uncertainty_m**2) / 4)
    terms = {"distance": metres / spread, "vague_place": log(spread / SURE_M)}
    return Evidence("distance", terms, {"metres": round(metres), "spread_m": round(spread)})


def _days_apart(one: Subject, other: Subject) -> Evidence:
    """By how many days one range would have to move to lie within the other, likewise."""
    days = max(abs(one.middle - other.middle) - abs(one.span - other.span) / 2, 0.0)
    spread = sqrt(SURE_DAYS**2 + (one.span**2 + other.span**2) / 16)
    terms = {"days": days / spread, "vague_time": log(spread / SURE_DAYS)}
    return Evidence("time", terms, {"days": round(days, 2), "spread_days": round(spread, 2)})


def _place_names(one: Subject, other: Subject) -> Evidence | None:
    alike = name_similarity(one.place_name, other.place_name)
    if alike is None:
        return None
    terms = {"place_name": max(alike, _UNLIKE_NAME) - _NEUTRAL_NAME}
    return Evidence("place_name", terms, {"similarity": round(alike, 2)})


def _titles(one: Subject, other: Subject) -> Evidence | None:
    """What is said beside the place. In two scripts other words may mean the same."""
    places = {*one.place_name, *other.place_name}
    first, second = (
        tuple(word for word in subject.title if word not in places) for subject in (one, other)
    )
    alike = title_similarity(first, second)
    if alike is None:
        return None
    over = alike - _NEUTRAL_TITLE
    if one.is_arabic_script != other.is_arabic_script:
        over = max(over, 0.0)
    return Evidence("title", {"title": over}, {"similarity": round(alike, 2)})


def _figures_compared(one: Subject, other: Subject) -> Evidence | None:
    """Numbers of the same people on both sides: how far they differ, how rare what agrees is."""
    pairs = [
        pair
        for key in sorted(one.figures.keys() & other.figures.keys())
        for pair in zip(one.figures[key], other.figures[key], strict=True)
    ]
    if not pairs:
        return None
    differences = [abs(a - b) / (1 + _TOLERANCE * max(a, b)) for a, b in pairs]
    agreeing = [pair for pair, by in zip(pairs, differences, strict=True) if by <= 1]
    terms = {
        "figures_differ": min(sum(differences) / len(pairs), _MOST_DIFFERENCE),
        "figures_agree": sum(log1p(min(*pair, _RAREST)) for pair in agreeing) / len(pairs),
    }
    return Evidence("figures", terms, {"compared": len(pairs), "agreeing": len(agreeing)})


def _weapons(one: Subject, other: Subject) -> Evidence | None:
    if not one.weapon or not other.weapon:
        return None
    if one.weapon == other.weapon != Weapon.UNCLEAR:
        return Evidence("same_weapon", {"same_weapon": 1}, {"weapon": one.weapon})
    classes = sorted({str(WEAPON_CLASS[Weapon(subject.weapon)]) for subject in (one, other)})
    if {WeaponClass.UNCLEAR, WeaponClass.MULTIPLE}.intersection(classes):
        return None
    code = "same_weapon_class" if len(classes) == 1 else "other_weapon_class"
    return Evidence(code, {code: 1}, {"weapon_classes": classes})


def _countries(one: Subject, other: Subject) -> Evidence | None:
    if not one.country or not other.country or one.country == other.country:
        return None
    countries = sorted([one.country, other.country])
    return Evidence("other_country", {"other_country": 1}, {"countries": countries})


def _data_sets(one: Subject, other: Subject) -> Evidence | None:
    """Who lists both under different ids says that they are two."""
    names = sorted({name for _owner, name in one.data_sets & other.data_sets})
    if not names:
        return None
    return Evidence("same_data_set", {"same_data_set": 1}, {"data_sets": names})


_COMPARISONS: tuple[Callable[[Subject, Subject], Evidence | None], ...] = (
    _distance,
    _days_apart,
    _place_names,
    _titles,
    _figures_compared,
    _weapons,
    _countries,
    _data_sets,
)


def _figures(casualties: Sequence[Mapping[str, Any]]) -> Figures:
    """Return lowest, best and highest number by the people counted; an open end is its best."""
    figures = {}
    for figure in casualties:
        keys = ("outcome", "civilian_status", "sex", "age_group")
        key = (*(figure[name] for name in keys), words_of(figure["party"]))
        low, best, high = figure["minimum"], figure["best"], figure["maximum"]
        best = low if best is None else best
        figures[key] = (low, best, best if high is None else high)
    return figures


def _days(moment: datetime) -> float:
    return (moment - _EPOCH).total_seconds() / _DAY_S
