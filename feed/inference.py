"""Whether adding and subtracting figures of people leads to a group of very few. Persons.

A figure counts the people of one sex and one age group; either may be ``any``. People whose sex or
age nobody stated belong to the total alone, so that what is left of it is a group like the others.
"""

from collections.abc import Collection, Mapping
from itertools import product

Kind = tuple[str, str]

ANY = "any"
_UNSTATED = ""
# With more than this nobody can say in reasonable time what may be worked out.
MOST_GROUPS, MOST_COUNTS = 600, 100


def leads_to_few(figures: Mapping[Kind, Collection[int]], few: frozenset[int]) -> bool:
    """Tell whether a group that can be counted comes to one of the numbers in ``few``.

    ``figures``: by sex and age group the numbers told of it, such as minimum, best and maximum; any
    of them may be subtracted from any other. The total is among them: with it, differences alone
    lead to sums too. With too many figures to tell, the answer is yes.
    """
    new = {_group_of(kind, figures): frozenset(counts) for kind, counts in figures.items()}
    known: dict[int, frozenset[int]] = {}
    while new:
        if any(counts & few or len(counts) > MOST_COUNTS for counts in new.values()):
            return True
        known |= new
        if len(known) > MOST_GROUPS:
            return True
        new = _rests(known, new)
    return False


def _group_of(kind: Kind, figures: Mapping[Kind, Collection[int]]) -> int:
    """Return a group as a set of bits, one for each sex and age group that are told apart."""
    sexes = sorted({sex for sex, _age in figures} - {ANY} | {_UNSTATED})
    ages = sorted({age for _sex, age in figures} - {ANY} | {_UNSTATED})
    return sum(
        1 << bit
        for bit, cell in enumerate(product(sexes, ages))
        if all(one in (ANY, other) for one, other in zip(kind, cell, strict=True))
    )


def _rests(
    known: Mapping[int, frozenset[int]], new: Mapping[int, frozenset[int]]
) -> dict[int, frozenset[int]]:
    """Return the groups not known yet that are left where one is taken from one that holds it."""
    found: dict[int, frozenset[int]] = {}
    pairs = [pair for one, other in product(new, known) for pair in ((one, other), (other, one))]
    for whole, part in pairs:
        rest = whole & ~part
        if whole & part == part and rest and rest not in known and rest not in found:
            left = product(known[whole], known[part])
            found[rest] = frozenset(all_ - some for all_, some in left)
    return found
