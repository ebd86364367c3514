"""How many independent sources stand behind an incident. The rule is in docs/methodology.md.

Who relays whom is a graph. Sources that are the same one are one node, cycles collapse, and what
relays nothing further is a root: the roots are counted, not the voices that repeat them.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as the graph needs it; ``relays`` are the ids of sources it passes on."""

    id: Hashable
    kind: str
    name: str = ""
    description: str = ""
    relays: tuple[Hashable, ...] = ()


def plain(text: str) -> str:
    """Return a name without what makes no difference: case, width, composition, spacing."""
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


class SourceGraph:
    """The sources of an incident, over all its reports. The order they come in never matters.

    Nodes are numbered from 0 by what they say of themselves; a set of nodes is the bits of an int.
    """

    def __init__(self, sources: Iterable[Cited]) -> None:
        same: dict[tuple[str, ...], list[Cited]] = defaultdict(list)
        for source in sources:
            same[_identity(source)].append(source)
        self._keys = sorted(same)
        self._members = [sorted(same[key], key=lambda one: str(one.id)) for key in self._keys]
        self._node_of = {
            source.id: node for node, members in enumerate(self._members) for source in members
        }
        self._relays = [self._direct(node) for node in range(len(self._keys))]
        self._reach = _closure(self._relays)
        self._roots = self._numbered_roots()
        self._within: dict[int, frozenset[int]] = {}

    @property
    def independent_sources(self) -> int:
        """The number of distinct roots."""
        return len(set(self._roots.values()))

    def roots_of(self, source_id: Hashable) -> frozenset[int]:
        """Return the numbers of the roots that a source goes back to; a root's own is its own."""
        reach = self._reach[self._node_of[source_id]]
        return self._roots_within(reach)

    def only_repeats(self, source_id: Hashable, other_id: Hashable) -> bool:
        """Tell whether the first relays the other, directly or not, and the other never it."""
        one, other = self._node_of[source_id], self._node_of[other_id]
        return _has(self._reach[one], other) and not _has(self._reach[other], one)

    @cached_property
    def nodes(self) -> list[dict[str, Any]]:
        """The graph as JSON: each node with its sources' ids, whom it relays, and its roots."""
        return [
            {
                "node": node,
                "kind": members[0].kind,
                "name": members[0].name,
                "description": "" if members[0].name else members[0].description,
                "sources": [str(source.id) for source in members],
                "relays": _positions(self._relays[node]),
                "roots": sorted(self._roots_within(self._reach[node])),
                "is_root": self._reach[node] in self._roots,
            }
            for node, members in enumerate(self._members)
        ]

    def _direct(self, node: int) -> int:
        relayed = 0
        for source in self._members[node]:
            for id_ in source.relays:
                relayed |= 1 << self._node_of[id_]
        return relayed & ~(1 << node)

    def _roots_within(self, reach: int) -> frozenset[int]:
        if reach not in self._within:
            self._within[reach] = frozenset(
                number for component, number in self._roots.items() if component & ~reach == 0
            )
        return self._within[reach]

    def _numbered_roots(self) -> dict[int, int]:
        """Return the components that relay nothing, as bits, each with its root's number.

        Components of unnamed sources alone that describe themselves alike are one root.
        """
        numbers: dict[Hashable, int] = {}
        roots = {}
        for reach in self._reach:
            if reach not in roots and all(self._reach[n] == reach for n in _positions(reach)):
                roots[reach] = numbers.setdefault(self._label(reach), len(numbers))
        return roots

    def _label(self, component: int) -> Hashable:
        keys = [self._keys[node] for node in _positions(component)]
        if any(name for _kind, name, *_rest in keys):
            return component
        return frozenset((kind, description) for kind, _name, description, _id in keys)


def _identity(source: Cited) -> tuple[str, ...]:
    """Return what makes two sources one node: kind and name; an unnamed one is its own."""
    name = plain(source.name)
    if name:
        return source.kind, name, "", ""
    return source.kind, "", plain(source.description), str(source.id)


def _closure(relays: list[int]) -> list[int]:
    """Return for each node, as bits, itself and all that it relays, however far (Warshall)."""
    reach = [direct | 1 << node for node, direct in enumerate(relays)]
    for middle, bit in ((node, 1 << node) for node in range(len(reach))):
        for node, known in enumerate(reach):
            if known & bit:
                reach[node] = known | reach[middle]
    return reach


def _has(nodes: int, node: int) -> bool:
    return bool(nodes >> node & 1)


def _positions(nodes: int) -> list[int]:
    return [node for node in range(nodes.bit_length()) if _has(nodes, node)]
