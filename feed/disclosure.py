"""Which figures the public may see, and how exactly. Persons."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from feed.inference import ANY, Kind, leads_to_few

Figure = dict[str, Any]
Breakdown = dict[Kind, Figure]  # one outcome and status by sex and age group
TOTAL: Kind = (ANY, ANY)

# Fewer than this many victims, or a part of 1 or 2, and a breakdown describes persons.
SMALLEST_TOTAL = 5
SMALL_PARTS = frozenset({1, 2})
SIGNIFICANT_DIGITS = 2
# Whose breakdown is shown where there are several.
_FIRST = ("civilian",)
_BOUNDS = {"minimum": "min", "best": "best", "maximum": "max"}
_PUBLIC = ("outcome", "civilian_status", "sex", "age_group", *_BOUNDS)
_PARTNER = (*_PUBLIC, "party")


def significant(number: float | None) -> float | None:
    """Return the number rounded to two significant digits."""
    return None if number is None else float(f"{number:.{SIGNIFICANT_DIGITS}g}")


def public_casualties(
    casualties: Sequence[Figure], told: Iterable[Sequence[Figure]] = ()
) -> list[Figure]:
    """Return the figures without names of parties, breakdowns only where they describe nobody.

    ``told``: what the public was shown in earlier versions. Of each outcome one breakdown by sex
    and age stays, of civilians rather than of all: two would tell those apart whom one has more. It
    stays where its total is at least 5, nothing that can be worked out from it is 1 or 2, and
    neither is any difference to a breakdown that was shown before. A figure of a named party is
    left out: the name is free text, and without it the figure would pass for everybody's.
    """
    unnamed = [figure for figure in casualties if not figure["party"]]
    groups: dict[tuple[str, str], Breakdown] = defaultdict(dict)
    for figure in unnamed:
        groups[_group(figure)][_kind(figure)] = figure
    earlier = [breakdowns for figures in told for breakdowns in _breakdowns(figures).items()]
    kept: dict[str, tuple[str, str]] = {}
    for group in sorted(groups, key=lambda group: (group[1] not in _FIRST, group[1])):
        if group[0] not in kept and _describes_nobody(group, groups[group], earlier):
            kept[group[0]] = group
    shown = [f for f in unnamed if _is_total(f) or kept.get(f["outcome"]) == _group(f)]
    return [{name: figure[name] for name in _PUBLIC} for figure in shown]


def partner_casualties(casualties: Sequence[Figure]) -> list[Figure]:
    """Return all figures, without the ids of the claims they come from."""
    return [
        {name: figure[name] for name in _PARTNER}
        # The oldest snapshots lack these.
        | {"independent_sources": figure.get("independent_sources")}
        | {"flags": figure.get("flags", [])}
        for figure in casualties
    ]


def headline_figures(casualties: Sequence[Figure]) -> dict[str, int | None]:
    """Return the totals that can be filtered on: ``killed_min``, ``civilians_killed_best``, …"""
    headlines = {
        "killed": ("killed", "any"),
        "civilians_killed": ("killed", "civilian"),
        "injured": ("injured", "any"),
    }
    totals = {
        (figure["outcome"], figure["civilian_status"]): figure
        for figure in casualties
        if _is_total(figure) and not figure.get("party")
    }
    return {
        f"{name}_{short}": totals.get(key, {}).get(bound)
        for name, key in headlines.items()
        for bound, short in _BOUNDS.items()
    }


def _group(figure: Figure) -> tuple[str, str]:
    return figure["outcome"], figure["civilian_status"]


def _is_total(figure: Figure) -> bool:
    return _kind(figure) == TOTAL


def _kind(figure: Figure) -> Kind:
    return figure["sex"], figure["age_group"]


def _breakdowns(figures: Sequence[Figure]) -> dict[tuple[str, str], Breakdown]:
    """Return by outcome and status what was shown with more than a total."""
    found: dict[tuple[str, str], Breakdown] = defaultdict(dict)
    for figure in figures:
        found[_group(figure)][_kind(figure)] = figure
    return {group: breakdown for group, breakdown in found.items() if len(breakdown) > 1}


def _describes_nobody(
    group: tuple[str, str],
    breakdown: Breakdown,
    earlier: Sequence[tuple[tuple[str, str], Breakdown]],
) -> bool:
    total = breakdown.get(TOTAL)
    if len(breakdown) == 1 or total is None or total["minimum"] < SMALLEST_TOTAL:
        return False
    if leads_to_few(_counts(breakdown), SMALL_PARTS):
        return False
    of_outcome = [(status, before) for (outcome, status), before in earlier if outcome == group[0]]
    return all(_adds_nobody(breakdown, before, status == group[1]) for status, before in of_outcome)


def _adds_nobody(now: Breakdown, before: Breakdown, of_same_people: bool) -> bool:
    """Tell whether nothing is learnt of 1 or 2 people from a breakdown beside an earlier one."""
    if all(now[TOTAL][bound] == before[TOTAL][bound] for bound in _BOUNDS):
        both = {
            kind: _counts(now).get(kind, set()) | _counts(before).get(kind, set())
            for kind in (*now, *before)
        }
        return not leads_to_few(both, SMALL_PARTS)
    if not of_same_people or now.keys() != before.keys():
        return False
    return all(_grew_by_many(now, before, bound) for bound in _BOUNDS)


def _grew_by_many(now: Breakdown, before: Breakdown, bound: str) -> bool:
    """Tell whether those who came or went with one bound are many, and so are their parts."""
    pairs = {kind: (now[kind][bound], before[kind][bound]) for kind in now}
    stated = {kind: pair for kind, pair in pairs.items() if None not in pair}
    if any((pair[0] is None) != (pair[1] is None) for pair in pairs.values()):
        return False
    by = {kind: {one - other} for kind, (one, other) in stated.items()}
    if 0 < abs(next(iter(by.get(TOTAL, {0})))) < SMALLEST_TOTAL:
        return False
    return not leads_to_few(by, SMALL_PARTS | {-part for part in SMALL_PARTS})


def _counts(breakdown: Breakdown) -> dict[Kind, set[int]]:
    return {
        kind: {figure[bound] for bound in _BOUNDS if figure[bound] is not None}
        for kind, figure in breakdown.items()
    }
