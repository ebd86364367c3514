"""From claims to an incident's casualty figures. The rule is published in docs/methodology.md.

Claims that count the same people (outcome × civilian status × sex × age group, and party where one
is named) make one figure. Within it, claims that go back to the same roots are one voice, however
often they are repeated. ``any`` is a value like the others: a total is never added to its parts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from statistics import median_low
from typing import Any, Protocol

from incidents.independence import SourceGraph
from incidents.vocab import ReportFlag

Roots = frozenset[int]


class Figure(Protocol):
    """What the rule needs of a claim. Persons."""

    outcome: str
    civilian_status: str
    sex: str
    age_group: str
    party: str
    minimum: int | None
    best: int | None
    maximum: int | None

    @property
    def id(self) -> Any:
        """The claim's id."""

    @property
    def source_id(self) -> Any:
        """The id of the source that makes it."""


def in_order(*numbers: int | None) -> bool:
    """Tell whether minimum ≤ best ≤ maximum holds among the numbers that are given."""
    given = [number for number in numbers if number is not None]
    return given == sorted(given)


def casualties_roll_up(claims: Iterable[Figure], graph: SourceGraph) -> list[dict[str, Any]]:
    """Return one figure for each group of people counted, with the claims it comes from.

    The order of arrival never matters.
    """
    groups: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for claim in claims:
        key = (claim.outcome, claim.civilian_status, claim.sex, claim.age_group, claim.party)
        groups[key].append(claim)
    return [_figure(key, groups[key], graph) for key in sorted(groups)]


def _figure(key: tuple[str, ...], claims: Sequence[Figure], graph: SourceGraph) -> dict[str, Any]:
    by_roots: dict[Roots, list[Figure]] = defaultdict(list)
    for claim in claims:
        by_roots[graph.roots_of(claim.source_id)].append(claim)
    voices = [
        _firsthand(voice, graph)
        for roots, voice in by_roots.items()
        if not _is_echo(roots, by_roots)
    ]
    counted = {claim.id for voice in voices for claim in voice}
    relayed = [claim for claim in claims if claim.id not in counted]
    odd = any(not in_order(claim.minimum, claim.best, claim.maximum) for claim in claims)
    return {
        "outcome": key[0],
        "civilian_status": key[1],
        "sex": key[2],
        "age_group": key[3],
        "party": key[4],
        **_numbers(voices),
        "independent_sources": len(frozenset().union(*by_roots)),
        "claims": sorted([str(claim.id) for claim in claims]),
        "relayed": sorted([str(claim.id) for claim in relayed]),
        "flags": [str(ReportFlag.FIGURES_DISAGREE)] if odd else [],
    }


def _is_echo(roots: Roots, heard: Collection[Roots]) -> bool:
    """Tell whether each of a voice's roots is heard in a voice that has some of them only."""
    return (
        len(heard) > 1 and frozenset().union(*(fewer for fewer in heard if fewer < roots)) == roots
    )


def _firsthand(voice: Sequence[Figure], graph: SourceGraph) -> list[Figure]:
    """Return a voice's claims but those that relay another of them."""
    if len(voice) == 1:
        return list(voice)
    speakers = {claim.source_id for claim in voice}
    repeating = {one for one in speakers if any(graph.only_repeats(one, two) for two in speakers)}
    return [claim for claim in voice if claim.source_id not in repeating]


def _numbers(voices: Sequence[Sequence[Figure]]) -> dict[str, int | None]:
    """Return the lowest, the middle and the highest of what the voices say."""
    claims = [claim for voice in voices for claim in voice]
    highs = [_highest(claim) for claim in claims]
    bests = [best for voice in voices if (best := _best(voice)) is not None]
    return {
        "minimum": min(_lowest(claim) for claim in claims),
        "best": _best_of(bests),
        "maximum": None if None in highs else max(high for high in highs if high is not None),
    }


def _best(voice: Iterable[Figure]) -> int | None:
    return _best_of([claim.best for claim in voice if claim.best is not None])


def _best_of(numbers: Sequence[int]) -> int | None:
    return median_low(numbers) if numbers else None


def _lowest(claim: Figure) -> int:
    return min(n for n in (claim.minimum, claim.best, claim.maximum) if n is not None)


def _highest(claim: Figure) -> int | None:
    """Return the upper bound; None for an open end ("more than 50,000")."""
    if claim.maximum is None and claim.best is None:
        return None
    return max(n for n in (claim.minimum, claim.best, claim.maximum) if n is not None)
