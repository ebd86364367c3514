"""Which figures the public may see, and how exactly. Persons."""

from collections.abc import Sequence
from typing import Any

Figure = dict[str, Any]

# Fewer than this many victims, or a part of 1 or 2, and a breakdown describes persons.
SMALLEST_TOTAL = 5
SMALL_PARTS = frozenset({1, 2})
SIGNIFICANT_DIGITS = 2
# With more parts than this nobody can say in reasonable time what may be subtracted from what.
MOST_PARTS = 12

_AXES = ("sex", "age_group")
_BOUNDS = {"minimum": "min", "best": "best", "maximum": "max"}
_PUBLIC = ("outcome", "civilian_status", "sex", "age_group", *_BOUNDS)
_PARTNER = (*_PUBLIC, "party")


def significant(number: float | None) -> float | None:
    """Return the number rounded to two significant digits."""
    return None if number is None else float(f"{number:.{SIGNIFICANT_DIGITS}g}")


def public_casualties(casualties: Sequence[Figure]) -> list[Figure]:
    """Return the figures without names of parties, breakdowns only where they describe nobody.

    A breakdown by sex or age stays where its total is at least 5 and neither a part, nor what is
    left of the total or of a part when others are subtracted, is 1 or 2. A figure of a named party
    is left out: the name is free text, and without it the figure would pass for everybody's.
    """
    unnamed = [figure for figure in casualties if not figure["party"]]
    totals = {_group(figure): figure for figure in unnamed if _is_total(figure)}
    groups = {key: [f for f in unnamed if _group(f) == key] for key in map(_group, unnamed)}
    revealing = {
        _group(figure)
        for figure in unnamed
        if not _is_total(figure)
        and _describes_persons(figure, totals.get(_group(figure)), groups[_group(figure)])
    }
    shown = [f for f in unnamed if _is_total(f) or _group(f) not in revealing]
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
    return bool(figure["sex"] == "any" and figure["age_group"] == "any")


def _describes_persons(part: Figure, total: Figure | None, parts: Sequence[Figure]) -> bool:
    """Tell whether a part, or what is left of it without parts of its own, is 1 or 2 people."""
    if total is None or total["minimum"] < SMALLEST_TOTAL:
        return True
    if not SMALL_PARTS.isdisjoint(_known(part)):
        return True
    return any(_leaves_few(whole, parts) for whole in (part, total))


def _leaves_few(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Subtract every set of parts that do not overlap from the whole."""
    inside = [part for part in parts if part is not whole and _is_part_of(part, whole)]
    rests = [(set(_known(whole)), list[Figure]())]
    for part in inside[:MOST_PARTS]:
        for rest, taken in list(rests):
            if all(_are_disjoint(part, other) for other in taken):
                left = {all_ - some for all_ in rest for some in _known(part)}
                if not SMALL_PARTS.isdisjoint(left):
                    return True
                rests.append((left, [*taken, part]))
    return len(inside) > MOST_PARTS


def _known(figure: Figure) -> list[int]:
    return [figure[bound] for bound in _BOUNDS if figure[bound] is not None]


def _is_part_of(part: Figure, whole: Figure) -> bool:
    return all(whole[axis] in ("any", part[axis]) for axis in _AXES)


def _are_disjoint(one: Figure, other: Figure) -> bool:
    return any("any" not in (one[a], other[a]) and one[a] != other[a] for a in _AXES)
